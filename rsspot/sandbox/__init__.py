"""A local Rackspace Spot: the whole API over HTTP, with a clock that you control.

Packages that it imports: `files`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rsspot.sandbox.server import SpotSandbox

__all__ = ["SpotSandbox"]


def __getattr__(name: str) -> Any:
    # Imported on first use, because pytest loads the plugin, and so this package, in every run.
    if name != "SpotSandbox":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from rsspot.sandbox.server import SpotSandbox
    except ModuleNotFoundError as error:
        if (error.name or "rsspot").startswith("rsspot"):
            raise
        raise ModuleNotFoundError(
            f"The sandbox needs {(error.name or '').partition('.')[0]}, which is not installed. "
            "Run: pip install 'rsspot[sandbox]'",
            name=error.name,
        ) from None
    return SpotSandbox


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
