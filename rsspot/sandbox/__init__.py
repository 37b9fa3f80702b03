"""A local Rackspace Spot: the whole API over HTTP, with a clock that you turn."""

from __future__ import annotations

try:
    from rsspot.sandbox.server import SpotSandbox
except ModuleNotFoundError as error:
    if (error.name or "rsspot").startswith("rsspot"):
        raise
    raise ModuleNotFoundError(
        f"the local Spot is an extra, and its {error.name} is not here: "
        "pip install 'rsspot[sandbox]'",
        name=error.name,
    ) from None

__all__ = ["SpotSandbox"]
