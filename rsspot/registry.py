"""Clients for a process: one for each profile, organization and region."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.client import AsyncSpotClient, SpotClient
from rsspot.config.context import current
from rsspot.config.files import find, load
from rsspot.config.writing import set_active_profile as write_active_profile
from rsspot.errors import ConfigError
from rsspot.state import StateStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = [
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
]

C = TypeVar("C", SpotClient, AsyncSpotClient)
Key = tuple[str | None, str | None, str | None]

_guard = threading.RLock()
_options: dict[str, Any] = {}
_sync: dict[Key, SpotClient] = {}
_async: dict[Key, AsyncSpotClient] = {}


def configure(**options: Any) -> None:
    """Say what the clients of this process are made with (arguments of `SpotClient`).

    Clients that exist are closed and forgotten.
    """
    with _guard:
        close_all_clients()
        _options.clear()
        _options.update(options)


def get_client(
    *, profile: str | None = None, org: str | None = None, region: str | None = None
) -> SpotClient:
    """The client of this process for these, or for what `use_…` says here. Thread-safe."""
    return _get(SpotClient, _sync, profile, org, region)


def get_async_client(
    *, profile: str | None = None, org: str | None = None, region: str | None = None
) -> AsyncSpotClient:
    """The async client of this process for these, or for what `use_…` says here. Thread-safe."""
    return _get(AsyncSpotClient, _async, profile, org, region)


def _get(
    kind: Callable[..., C],
    known: dict[Key, C],
    profile: str | None,
    org: str | None,
    region: str | None,
) -> C:
    used = current()
    key = (
        profile or used.get("profile"),
        org or used.get("org"),
        region or used.get("region"),
    )
    with _guard:
        if key not in known:
            chosen = dict(zip(("profile", "org", "region"), key, strict=True))
            given = {name: value for name, value in chosen.items() if value is not None}
            known[key] = kind(**{**_options, **given})
        return known[key]


def close_all_clients() -> None:
    """Close all clients of this process; async ones as far as that needs no event loop."""
    with _guard:
        for client in (*_sync.values(), *_async.values()):
            client.chain.close()
            client.close_state()
        _sync.clear()
        _async.clear()


async def aclose_all_clients() -> None:
    """Close all clients of this process."""
    with _guard:
        clients: list[SpotClient | AsyncSpotClient] = [*_sync.values(), *_async.values()]
        _sync.clear()
        _async.clear()
    for client in clients:
        await client.aclose()


def set_default_profile(name: str | None) -> None:
    """Store the profile to be used where nothing else says; None forgets it."""
    if name is not None and name not in list_profiles():
        raise ConfigError(
            f"There is no profile {name!r}", hint=f"There are: {', '.join(list_profiles())}"
        )
    _store("profile", name)


def set_default_org(name: str | None) -> None:
    """Store the organization to be used where nothing else says; None forgets it."""
    _store("org", name)


def set_default_region(name: str | None) -> None:
    """Store the region to be used where nothing else says; None forgets it."""
    _store("region", name)


def list_profiles() -> list[str]:
    """The names of the profiles in the configuration file."""
    path = _config_path()
    return [] if path is None else sorted(load(path).profiles)


def set_active_profile(name: str) -> None:
    """Make `name` the active profile in the configuration file. Raises `ConfigError`."""
    path = _config_path()
    if path is None:
        raise ConfigError(
            "There is no configuration file", hint="Create one, or use set_default_profile"
        )
    write_active_profile(path, name)
    with _guard:
        close_all_clients()


def _config_path() -> Path | None:
    return find(os.environ, _options.get("config_path"))


def _store(name: str, value: str | None) -> None:
    state = _options.get("state")
    store = state if isinstance(state, StateStore) else StateStore(state or _state_path())
    try:
        store.preferences.set_default(name, value)
    finally:
        if store is not state:
            store.close()
    with _guard:
        close_all_clients()


def _state_path() -> str | None:
    path = _config_path()
    named = os.environ.get("RSSPOT_STATE_PATH")
    return named or (load(path).state_path if path else None)


def _forget() -> None:
    # A child process must not use the parent's connections, nor close them.
    global _guard  # noqa: PLW0603
    _guard = threading.RLock()
    _sync.clear()
    _async.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
