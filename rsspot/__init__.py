"""The Python SDK for Rackspace Spot, managed Kubernetes on servers bought in an auction.

Importing this imports nothing else: each public name is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsspot._version import __version__
    from rsspot.client import AsyncSpotClient, SpotClient
    from rsspot.config.options import CacheConfig, RetryConfig, Timeouts
    from rsspot.resources.changes import CLEAR
    from rsspot.state import StateStore

__all__ = [
    "CLEAR",
    "AsyncSpotClient",
    "CacheConfig",
    "RetryConfig",
    "SpotClient",
    "StateStore",
    "Timeouts",
    "__version__",
]

_HOMES = {
    "rsspot._version": ("__version__",),
    "rsspot.client": ("AsyncSpotClient", "SpotClient"),
    "rsspot.config.options": ("CacheConfig", "RetryConfig", "Timeouts"),
    "rsspot.resources.changes": ("CLEAR",),
    "rsspot.state": ("StateStore",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # a checker would take any name for defined

    def __getattr__(name: str) -> object:
        home = _HOME_OF.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = globals()[name] = getattr(import_module(home), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
