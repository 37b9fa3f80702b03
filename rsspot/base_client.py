"""What both clients share: settings, a state store, and a chain of senders for each mode."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from rsspot.config.context import current
from rsspot.config.files import is_foreign_owner_allowed
from rsspot.config.options import ARGUMENTS, TOKENS
from rsspot.config.resolution import override, resolve
from rsspot.config.secrets import hidden
from rsspot.errors import ConfigError, InvalidInput, StateError
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.shapes import type_name
from rsspot.state import StateStore
from rsspot.state.store import OWN_FILE
from rsspot.wire.chain import Chain, refuse_without_token, token_source
from rsspot.wire.dependencies import Dependencies, check_dependencies
from rsspot.wire.engine import with_engine
from rsspot.wire.signatures import named

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from typing import Self

    from rsspot.config.profile import SDKConfig
    from rsspot.config.settings import Settings
    from rsspot.flow.clock import Clock
    from rsspot.senders.auth.provided import ProviderResult
    from rsspot.senders.options import CacheConfig, RetryConfig, Timeouts
    from rsspot.senders.sender import Sender
    from rsspot.wire.dry_run import DryRunRequest
    from rsspot.wire.events import CallEvent

__all__ = ["BaseClient"]


class BaseClient:
    """How clients are made, copied and closed."""

    @named
    def __init__(
        self,
        *,
        profile: str | None = None,
        config: SDKConfig | Mapping[str, Any] | None = None,
        config_path: str | os.PathLike[str] | None = None,
        org: str | None = None,
        org_id: str | None = None,
        region: str | None = None,
        refresh_token: str | Callable[[], str] | None = None,
        access_token: str | None = None,
        token_provider: Callable[[], ProviderResult] | None = None,
        client_id: str | None = None,
        base_url: str | None = None,
        oauth_url: str | None = None,
        public_data_url: str | None = None,
        timeout: float | Timeouts | Mapping[str, Any] | None = None,
        verify_ssl: bool | str | None = None,
        proxy: str | None = None,
        read_only: bool | None = None,
        allow_http: bool | None = None,
        allow_foreign_owner: bool | None = None,
        retry: RetryConfig | Mapping[str, Any] | None = None,
        cache: CacheConfig | Mapping[str, Any] | None = None,
        state: StateStore | str | os.PathLike[str] | None = None,
        sender: Sender | None = None,
        httpx_options: Mapping[str, Any] | None = None,
        on_event: Callable[[CallEvent], object] | None = None,
        user_agent_suffix: str | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        """Make a client.

        An argument that is not passed is taken from the environment, the profile or a stored
        default (docs/configuration.md). The defaults below apply where none of them sets it.

        Args:
            profile: Name of a profile of the configuration file (default: the active one).
            config: Configuration to use in place of a file (default: the file).
            config_path: Path of the configuration file (default: the first that exists of those in
                docs/configuration.md).
            org: Name of the organization (default: the one that the token belongs to).
            org_id: Id of the organization, in place of its name (default: by name).
            region: Name of the region in which objects are created when a call names none (default:
                none).
            refresh_token: Refresh token to sign in with, or a function that returns it (default:
                from environment or profile).
            access_token: Access token that is sent as it is (default: from environment or profile).
                Without a refresh token, a refused one is final; with one, it is used until it
                expires or is refused.
            token_provider: Function, sync or async, that returns an access token, in place of
                signing in (default: none).
            client_id: OAuth client that the refresh token was issued to (default: that of the web
                console).
            base_url: URL of the API (default: ``https://spot.rackspace.com``).
            oauth_url: URL of the login host (default: ``https://login.spot.rackspace.com``).
            public_data_url: URL of the public price files (default: that of the vendor).
            timeout: Maximum seconds for a call with all its attempts, at most 1,000,000, or a
                `Timeouts` or a mapping of its attributes (default: 60).
            verify_ssl: Path of a CA bundle, or False to accept any certificate (default: the
                certificates of the system).
            proxy: URL of a proxy (default: that of the environment).
            read_only: Whether to refuse every write before it is sent (default: False).
            allow_http: Whether to send tokens unencrypted to other machines than this one (default:
                False).
            allow_foreign_owner: Whether to use a state file of another user, as on a shared volume
                (default: False).
            retry: When requests are sent again, also as a mapping (default: as in `RetryConfig`).
            cache: What is cached, also as a mapping (default: as in `CacheConfig`).
            state: State store, path of a state file, URL of a PostgreSQL schema, or ``":memory:"``
                (default: the state file of the user).
            sender: Transport of requests (default: the fastest engine that is installed and
                supports the settings). It is not closed with the client.
            httpx_options: Arguments of `httpx.Client` and `httpx.AsyncClient` (default: none).
            on_event: Function that is called with a `CallEvent` after each call (default: none).
            user_agent_suffix: Name and version of your program, for the User-Agent field (default:
                none).
            clock: Source of time and sleep, for tests (default: that of the system).

        Raises:
            ConfigError: If a setting cannot be used, or a required one is missing.
            TypeError: If an argument has a name that the client does not know.
        """
        check_dependencies(
            type(self).__init__,
            state=state,
            config_path=config_path,
            sender=sender,
            token_provider=token_provider,
            httpx_options=httpx_options,
            on_event=on_event,
            user_agent_suffix=user_agent_suffix,
            clock=clock,
        )
        # Error reporters show the local variables of frames.
        arguments = {
            name: hidden(value) if name in TOKENS else value
            for name, value in locals().items()
            if name in ARGUMENTS
        }
        del refresh_token, access_token
        self._owns_state = not isinstance(state, StateStore)
        self._given_state = state
        self._given_config = config_path
        self._allows_foreign_owner = (
            is_foreign_owner_allowed()
            if allow_foreign_owner is None
            else allow_foreign_owner is True
        )
        self.settings: Settings = resolve(
            arguments,
            context=current(),
            stored=self._stored_defaults,
            config=config,
            config_path=config_path,
        )
        if self.settings.allow_foreign_owner and not self._allows_foreign_owner:
            # Set by a profile, which a stored default may name.
            self.close_state()
            path = self.settings.state_path
            self.state: StateStore = self._own_state(path, allow_foreign_owner=True)
        dependencies = Dependencies(
            state=self.state,
            sender=sender,
            clock=clock,
            httpx_options=httpx_options or {},
            on_event=on_event,
            user_agent_suffix=user_agent_suffix,
            token_provider=token_provider,
        )
        self.chain: Chain = Chain(
            self.settings, dependencies, token_source(self.settings, dependencies)
        )
        self.settings = with_engine(self.settings, dependencies)

    @classmethod
    def public(cls, **options: Any) -> Self:
        """Return a client for what needs no token: the public prices.

        A call that needs a token raises the `ConfigError` that says how to sign in.

        Args:
            **options: Arguments of the client, except those of its credential.

        Raises:
            ConfigError: If a setting cannot be used.
            TypeError: If an argument has a name that the client does not know.
        """
        return cls(token_provider=refuse_without_token, **options)

    @named
    def with_options(
        self,
        *,
        timeout: float | Timeouts | Mapping[str, Any] | None = None,
        retry: RetryConfig | Mapping[str, Any] | None = None,
        cache: CacheConfig | Mapping[str, Any] | None = None,
    ) -> Self:
        """Return a copy of this client with other options, over the same connections and sign-in.

        Closing this client closes the copy too; closing the copy leaves this one open.

        Args:
            timeout: Maximum seconds for a call, or a `Timeouts`, also as a mapping (default:
                unchanged).
            retry: When requests are sent again, also as a mapping (default: unchanged).
            cache: What is cached, also as a mapping (default: unchanged).

        Raises:
            ConfigError: If an option cannot be used.
        """
        copy = object.__new__(type(self))
        copy.settings = override(
            self.settings, {"timeout": timeout, "retry": retry, "cache": cache}
        )
        copy.state = self.state
        copy._owns_state = False
        copy.chain = self.chain.derive(copy.settings)
        return copy

    def dry_run(self, on_request: Callable[[DryRunRequest], object] | None = None) -> Self:
        """Return this client for dry runs: it reads as usual, and its writes change nothing.

        A write is sent as a dry run of the server, so that the server checks it and returns what it
        would return. Where the server does not support that, nothing is sent, and `InvalidInput` is
        raised. In a dry run, `wait` and the waiting of `cascade` end at once.

        Args:
            on_request: Function that is called with each write, after the server accepted it, or
                where it was not sent (default: none). An exception that it raises ends the call.

        Raises:
            InvalidInput: If this is not a function.
        """
        from rsspot.wire.dry_run import DryRun

        if on_request is not None and not callable(on_request):
            raise InvalidInput(
                f"on_request must be a function, not {type_name(on_request)}",
                argument="on_request",
            )
        copy = object.__new__(type(self))
        copy.settings = self.settings
        copy.state = self.state
        copy._owns_state = False
        copy.chain = self.chain.derive(copy.settings, dry_run=DryRun(on_request))
        return copy

    def _own_state(self, path: str | None, *, allow_foreign_owner: bool) -> StateStore:
        state = self._given_state
        if isinstance(state, StateStore):
            return state
        try:
            made = StateStore(state or path or OWN_FILE, allow_foreign_owner=allow_foreign_owner)
        except StateError as error:
            raise ConfigError(error.message, key="state", hint=error.hint) from None
        made.config_path = self._given_config
        return made

    def _stored_defaults(self, path: str | None) -> Mapping[str, Any]:
        """Return the stored defaults. If they cannot be read, warn and do without."""
        self.state = self._own_state(path, allow_foreign_owner=self._allows_foreign_owner)
        try:
            return self.state.preferences.defaults() if self.state.exists else {}
        except StateError as error:
            warnings.warn(f"Stored defaults are not used: {error}", RuntimeWarning, stacklevel=4)
            return {}

    def close_state(self) -> None:
        """Close the state store, unless it was passed in."""
        if self._owns_state:
            self.state.close()

    if not TYPE_CHECKING:  # a type checker would accept any name

        def __getattr__(self, name: str) -> object:
            from rsspot.renamed import missing_attribute

            raise missing_attribute(self, name, ("a client",))

    def __repr__(self) -> str:
        if "settings" not in self.__dict__:
            return f"<{type(self).__name__} that could not be made>"  # in a report of the error
        where = self.settings.org or self.settings.org_id or self.settings.profile or "default"
        return f"<{type(self).__name__} {where} at {self.settings.base_url}>"
