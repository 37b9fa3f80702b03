"""The Python SDK for Rackspace Spot, managed Kubernetes on servers bought in an auction.

Importing this imports nothing else: each public name is loaded when it is first used.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsspot._version import __version__
    from rsspot.client import AsyncSpotClient, SpotClient
    from rsspot.config.context import use_org, use_profile, use_region
    from rsspot.config.profile import Preferences, ProfileConfig, SDKConfig
    from rsspot.registration import (
        RegistrationCandidate,
        RegistrationRecord,
        RegistrationStatus,
        RegistrationWorkflow,
    )
    from rsspot.registry import (
        aclose_all_clients,
        close_all_clients,
        configure,
        get_async_client,
        get_client,
        list_profiles,
        set_active_profile,
        set_default_org,
        set_default_profile,
        set_default_region,
    )
    from rsspot.resources.changes import CLEAR
    from rsspot.resources.waiting import Wait
    from rsspot.senders.options import CacheConfig, RetryConfig, Timeouts
    from rsspot.state import StateStore

__all__ = [
    "CLEAR",
    "AsyncSpotClient",
    "CacheConfig",
    "Preferences",
    "ProfileConfig",
    "RegistrationCandidate",
    "RegistrationRecord",
    "RegistrationStatus",
    "RegistrationWorkflow",
    "RetryConfig",
    "SDKConfig",
    "SpotClient",
    "StateStore",
    "Timeouts",
    "Wait",
    "__version__",
    "aclose_all_clients",
    "close_all_clients",
    "configure",
    "get_async_client",
    "get_client",
    "list_profiles",
    "set_active_profile",
    "set_default_org",
    "set_default_profile",
    "set_default_region",
    "use_org",
    "use_profile",
    "use_region",
]

_HOMES = {
    "rsspot._version": ("__version__",),
    "rsspot.client": ("AsyncSpotClient", "SpotClient"),
    "rsspot.config.context": ("use_org", "use_profile", "use_region"),
    "rsspot.config.profile": ("Preferences", "ProfileConfig", "SDKConfig"),
    "rsspot.registration": (
        "RegistrationCandidate",
        "RegistrationRecord",
        "RegistrationStatus",
        "RegistrationWorkflow",
    ),
    "rsspot.registry": (
        "aclose_all_clients",
        "close_all_clients",
        "configure",
        "get_async_client",
        "get_client",
        "list_profiles",
        "set_active_profile",
        "set_default_org",
        "set_default_profile",
        "set_default_region",
    ),
    "rsspot.senders.options": ("CacheConfig", "RetryConfig", "Timeouts"),
    "rsspot.resources.changes": ("CLEAR",),
    "rsspot.resources.waiting": ("Wait",),
    "rsspot.state": ("StateStore",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> object:
        home = _HOME_OF.get(name)
        if home is None:
            from rsspot.renamed import missing_name

            raise missing_name(__name__, name)
        from importlib import import_module

        from rsspot.collector import keep_all

        value = globals()[name] = getattr(keep_all(lambda: import_module(home)), name)
        return value


class _Renamed:
    """Name the new way when a module of rsspot 0.3.0 is imported, or a name from one.

    `from rsspot import name` looks for a module of that name last. Import machinery asks for
    modules here after all others, so that this costs nothing where a module exists.
    """

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        if name.startswith("rsspot."):
            from rsspot.renamed import name_hint

            hint = name_hint(name)
            if hint is not None:
                raise ImportError(hint, name=name)


sys.meta_path.append(_Renamed)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
