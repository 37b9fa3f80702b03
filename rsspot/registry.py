"""Clients of a process: one for each profile, organization and region."""

from __future__ import annotations

import os
import threading
from contextlib import AsyncExitStack, ExitStack
from inspect import signature
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.client import AsyncSpotClient, SpotClient
from rsspot.config import files
from rsspot.config.context import current, wrong_name
from rsspot.config.environment import digest
from rsspot.config.resolution import config_of
from rsspot.config.writing import set_active_profile as write_active_profile
from rsspot.errors import ConfigError
from rsspot.flow.forks import reset_in_child
from rsspot.models.names import known_names
from rsspot.redaction.quoting import quoted_name
from rsspot.renamed import argument_hint, explain_arguments
from rsspot.state import StateStore
from rsspot.state.store import OWN_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from rsspot.config.profile import SDKConfig

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

Client = SpotClient | AsyncSpotClient
C = TypeVar("C", SpotClient, AsyncSpotClient)

MEMORY = ":memory:"


class _Clients:
    """The clients of this process, by kind, profile, organization, region and environment."""

    def __init__(self) -> None:
        self.options: dict[str, Any] = {}
        self.memory: StateStore | None = None
        self.after_fork()
        reset_in_child(self)

    def after_fork(self) -> None:
        # A child must neither use its parent's connections nor wait for its parent's threads.
        self.guard = threading.RLock()
        self._known: dict[tuple[Any, ...], Client] = {}
        self._retired: list[Client] = []

    def get(self, kind: type[C], **asked: str | None) -> C:
        named = {name: value for name, value in asked.items() if value is not None}
        given: dict[str, str | None] = {**dict.fromkeys(asked), **current(), **named}
        key = (kind, *given.values(), digest(os.environ))
        with self.guard:
            client = self._known.get(key)
            if not isinstance(client, kind):
                client = self._known[key] = kind(**self._arguments(given))
            return client

    def _arguments(self, given: dict[str, str | None]) -> dict[str, Any]:
        known = {name: value for name, value in given.items() if value is not None}
        arguments = self.options | known
        if given["org"] is not None:
            arguments.pop("org_id", None)  # both name the organization: `org` is used
        return arguments

    def retire(self) -> None:
        """Return new clients from now on. Clients in use continue to work."""
        with self.guard:
            self._retired += self._known.values()
            self._known.clear()

    def take_all(self) -> list[Client]:
        """Return all clients, which the caller must close."""
        with self.guard:
            self.retire()
            clients, self._retired = self._retired, []
            return clients


_clients = _Clients()


@explain_arguments("configure")
def configure(**options: Any) -> None:
    """Set the arguments of `SpotClient` with which the clients of this process are made.

    They take precedence over environment and profiles. Existing clients are closed, and earlier
    settings are forgotten.

    Args:
        **options: Arguments of `SpotClient`, by name (default: none, which forgets all).

    Raises:
        TypeError: If a name is not known.
        ConfigError: If the state cannot be opened.
    """
    unknown = sorted(options.keys() - signature(SpotClient).parameters.keys())
    if unknown:
        options.clear()  # a reporter of errors shows the locals of frames, and it may hold a token
        text = f"configure takes what SpotClient takes, not {', '.join(unknown)}"
        hint = argument_hint("configure", unknown)
        raise TypeError(f"{text}. {hint}" if hint else text)
    with _clients.guard:
        close_all_clients()
        if _clients.memory is not None:
            _clients.memory.close()
            _clients.memory = None
        if options.get("state") == MEMORY:
            # Otherwise each client would have its own memory, and no defaults.
            options["state"] = _clients.memory = StateStore(MEMORY)
        _clients.options = options


def get_client(
    *, profile: str | None = None, org: str | None = None, region: str | None = None
) -> SpotClient:
    """Return the client of this process for these names, or for the enclosing `use_…` blocks.

    It is thread-safe, and returns the same client while environment and stored defaults stay the
    same. A client never changes its identity.

    Args:
        profile: Name of a profile (default: that of the enclosing block, the environment, the
            stored default or the file).
        org: Name of an organization (default: that of the same sources).
        region: Name of a region (default: that of the same sources).

    Raises:
        ConfigError: If a setting cannot be used.
    """
    if wrong := wrong_name(profile=profile, org=org, region=region):
        profile = org = region = None  # it may hold a token
        raise wrong
    return _clients.get(SpotClient, profile=profile, org=org, region=region)


def get_async_client(
    *, profile: str | None = None, org: str | None = None, region: str | None = None
) -> AsyncSpotClient:
    """Return the async client of this process, as `get_client` does.

    Args:
        profile: Name of a profile (default: that of the enclosing block, the environment, the
            stored default or the file).
        org: Name of an organization (default: that of the same sources).
        region: Name of a region (default: that of the same sources).

    Raises:
        ConfigError: If a setting cannot be used.
    """
    if wrong := wrong_name(profile=profile, org=org, region=region):
        profile = org = region = None  # it may hold a token
        raise wrong
    return _clients.get(AsyncSpotClient, profile=profile, org=org, region=region)


def close_all_clients() -> None:
    """Close all clients of this process; async ones as far as possible without an event loop."""
    with ExitStack() as stack:  # an error in one does not keep the others open
        for client in _clients.take_all():
            stack.callback(client.close_state)
            stack.callback(client.chain.close)


async def aclose_all_clients() -> None:
    """Close all clients of this process."""
    async with AsyncExitStack() as stack:
        for client in _clients.take_all():
            stack.push_async_callback(client.aclose)


def set_default_profile(name: str | None) -> None:
    """Store a default profile, for clients that are fetched later.

    Args:
        name: Name of a profile of the configuration file. None deletes the default.

    Raises:
        ConfigError: If there is no such profile.
        StateError: If the state cannot be written.
    """
    known = list_profiles()
    if isinstance(name, str) and name not in known:
        raise ConfigError(
            f"There is no profile {quoted_name(name)}",
            key="profile",
            hint=known_names(name, known),
        )
    _store("profile", name)


def set_default_org(name: str | None) -> None:
    """Store a default organization, for clients that are fetched later.

    Args:
        name: Name of an organization. None deletes the default.

    Raises:
        ConfigError: If the name is empty.
        StateError: If the state cannot be written.
    """
    _store("org", name)


def set_default_region(name: str | None) -> None:
    """Store a default region, for clients that are fetched later.

    Args:
        name: Name of a region. None deletes the default.

    Raises:
        ConfigError: If the name is empty.
        StateError: If the state cannot be written.
    """
    _store("region", name)


@explain_arguments("list_profiles")
def list_profiles() -> list[str]:
    """Return the names of the profiles in the configuration file.

    Raises:
        ConfigError: If the file cannot be read.
    """
    config = _config()
    return [] if config is None else sorted(config.profiles)


@explain_arguments("set_active_profile")
def set_active_profile(name: str) -> None:
    """Make a profile the active one in the configuration file.

    It applies to clients that are fetched later.

    Args:
        name: Name of a profile of the file.

    Raises:
        ConfigError: If there is no file, no such profile, or the file cannot be written.
    """
    path = None if "config" in _clients.options else _config_path()
    if path is None:
        raise ConfigError(
            "There is no configuration file", hint="Create one, or use set_default_profile"
        )
    write_active_profile(path, name)
    _clients.retire()


def _config_path() -> Path | None:
    return files.find(os.environ, _clients.options.get("config_path"))


def _config() -> SDKConfig | None:
    options = _clients.options
    return config_of(
        os.environ,
        options.get("config"),
        options.get("config_path"),
        allow_foreign_owner=options.get("allow_foreign_owner"),
    )


def _store(name: str, value: str | None) -> None:
    if wrong := wrong_name(name=value):
        raise wrong
    if value is not None and not value.strip():
        raise ConfigError(f"The default {name} is empty", key=name, hint="None deletes it")
    state = _clients.options.get("state")
    store = state
    if not isinstance(store, StateStore):
        allowed = _clients.options.get("allow_foreign_owner")
        if allowed is None:
            allowed = files.is_foreign_owner_allowed()
        config = _config()
        named = os.environ.get("RSSPOT_STATE_PATH") or (config.state_path if config else None)
        store = StateStore(state or named or OWN_FILE, allow_foreign_owner=allowed)
    try:
        store.preferences.set_default(name, value)
    finally:
        if store is not state:
            store.close()
    _clients.retire()
