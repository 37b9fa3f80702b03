"""The senders of one client: one chain for sync and one for async, with shared parts."""

from __future__ import annotations

import re
import threading
import warnings
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from rsspot.errors import ConfigError, InvalidInput
from rsspot.flow.flow import arun, run
from rsspot.flow.forks import reset_in_child
from rsspot.senders.auth.provided import ProvidedToken
from rsspot.senders.auth.refresh import RefreshToken
from rsspot.senders.auth.sender import AuthenticatingSender
from rsspot.senders.auth.sources import StaticToken
from rsspot.senders.cache.keys import parent
from rsspot.senders.cache.memory import MemoryCache
from rsspot.senders.cache.sender import CachingSender
from rsspot.senders.extending import ExtendingSender, SenderConflictWarning
from rsspot.senders.retry.sender import RetryingSender
from rsspot.senders.transport.arguments import check_arguments
from rsspot.shapes import type_name
from rsspot.wire.engine import engine_of, log_engine, own_sender
from rsspot.wire.lifetime import Lifetime
from rsspot.wire.organization import KnownOrganizations, OrganizationConnection
from rsspot.wire.responses import is_success

if TYPE_CHECKING:
    from typing import NoReturn

    from rsspot.config.settings import Settings
    from rsspot.senders.auth.sources import TokenSource
    from rsspot.senders.options import CacheConfig
    from rsspot.senders.sender import Sender
    from rsspot.wire.dependencies import Dependencies
    from rsspot.wire.dry_run import DryRun

__all__ = ["Chain", "refuse_without_token", "token_source"]

CATALOGUE = re.compile(
    r"/(organizations|(regions|serverclasses|history)(/[^/]+)?|percentiles\.json"
    r"|comparable_prices\.json)$"
)
NAMESPACE = re.compile(r".*/namespaces/[^/]+")


def token_source(settings: Settings, dependencies: Dependencies) -> TokenSource:
    """Return the source of access tokens: a provider, a refresh token, or a fixed token."""
    if dependencies.token_provider is not None:
        return ProvidedToken(dependencies.token_provider, clock=dependencies.clock)
    if settings.refresh_token is not None:
        return RefreshToken(
            settings.refresh_token,
            url=f"{settings.oauth_url}/oauth/token",
            client_id=settings.client_id,
            access_token=settings.access_token,
            audience=settings.base_url,
            store=None if dependencies.state is None else dependencies.state.tokens,
            clock=dependencies.clock,
            user_agent=dependencies.user_agent,
            hint="Check the refresh token, or get a new one at "
            "https://spot.rackspace.com/ui/api-access/terraform",
        )
    if settings.access_token is not None:
        return StaticToken(settings.access_token)
    return refuse_without_token()


def refuse_without_token() -> NoReturn:
    """Raise the `ConfigError` that says how to sign in."""
    raise ConfigError(
        "There is no refresh token and no access token",
        key="refresh_token",
        hint="Pass refresh_token=, set RSSPOT_REFRESH_TOKEN, or put it into a profile; "
        "get one at https://spot.rackspace.com/ui/api-access/terraform",
    )


class Chain:
    """Cache, sign-in, retry and transport, in this order, once for each mode.

    A chain with a `base` shares its transport, sign-in and memory cache, and they are closed with
    it. Raises `TypeError` for an option that httpx does not know.
    """

    def __init__(
        self,
        settings: Settings,
        dependencies: Dependencies,
        tokens: TokenSource,
        *,
        base: Chain | None = None,
    ) -> None:
        options: Any = dependencies.httpx_options
        if not isinstance(options, Mapping):
            raise InvalidInput(
                f"httpx_options must be a mapping of names to values, not {type_name(options)}",
                argument="httpx_options",
            )
        check_arguments("httpx_options", {**dependencies.httpx_options})
        self.settings = settings
        self.dependencies = dependencies
        self.tokens = tokens
        self.organizations: KnownOrganizations = (
            base.organizations if base else KnownOrganizations()
        )
        self.lifetime: Lifetime = Lifetime(base.lifetime if base else None)
        self.memory: MemoryCache = base.memory if base else MemoryCache(settings.cache.max_entries)
        self._base = base
        self.after_fork()
        reset_in_child(self)
        self._made: dict[bool, OrganizationConnection] = {}
        self._own_ends: dict[bool, Sender] = {}

    def after_fork(self) -> None:
        """Make new locks: no thread of this process holds the old ones."""
        self._guard = threading.Lock()
        self._ends_guard = threading.Lock()

    def derive(self, settings: Settings, *, dry_run: DryRun | None = None) -> Chain:
        """Return a chain with other options that shares transport, sign-in and memory cache."""
        dependencies = self.dependencies
        if dry_run is not None:
            dependencies = dependencies._replace(dry_run=dry_run)
        return Chain(settings, dependencies, self.tokens, base=self)

    def connection(self, *, is_async: bool) -> OrganizationConnection:
        """Return the connection of one mode, which is made on first use."""
        with self._guard:
            if is_async not in self._made:
                self._made[is_async] = self._connect(is_async=is_async)
            return self._made[is_async]

    def end(self, *, is_async: bool) -> Sender:
        """Return the transport of one mode: the sender that was passed, or our own."""
        if self._base is not None:
            return self._base.end(is_async=is_async)
        with self._ends_guard:
            return self._given_or_own(is_async=is_async)

    def close(self) -> None:
        """Close what this client opened for sync calls, after a sign-in under way has finished."""
        self.lifetime.closed = True
        try:
            if self._base is None:
                run(self.tokens.finish())
        finally:
            end = self._own_ends.pop(False, None)
            if end is not None:
                end.close()

    async def aclose(self) -> None:
        """Close what this client opened, for both modes, after a sign-in under way has finished."""
        self.lifetime.closed = True
        if self._base is None:
            await arun(self.tokens.finish())
        self.close()
        end = self._own_ends.pop(True, None)
        closing = None if end is None else end.close()
        if closing is not None:
            await closing

    def _connect(self, *, is_async: bool) -> OrganizationConnection:
        end = self.end(is_async=is_async)
        if self._base is None and end is self.dependencies.sender:
            log_engine(engine_of(end), is_async=is_async)
        settings, clock = self.settings, self.dependencies.clock
        sender = end
        if not _holds(end, RetryingSender):
            sender = RetryingSender(sender=sender, config=settings.retry, clock=clock)
        caches = not _holds(end, CachingSender)
        # If each call may have another user, the cache must see the token.
        if caches and self.tokens.per_call:
            sender = self._cached(sender)
        signer = AuthenticatingSender(self.tokens, sender, origin=settings.base_url, clock=clock)
        top: Sender = signer
        if caches and not self.tokens.per_call:
            top = self._cached(signer)
        return OrganizationConnection(
            settings,
            top,
            signer,
            known=self.organizations,
            clock=clock,
            user_agent=self.dependencies.user_agent,
            on_event=self.dependencies.on_event,
            lifetime=self.lifetime,
            dry_run=self.dependencies.dry_run,
        )

    def _cached(self, sender: Sender) -> Sender:
        config, state = self.settings.cache, self.dependencies.state
        return CachingSender(
            sender=sender,
            shared=False,
            store=None if state is None else state.http_cache,
            partition=self.tokens.identify,
            config=config,
            ttl=partial(_ttl, config),
            scope=_scope,
            is_cacheable=is_success,
            memory=self.memory,
            clock=self.dependencies.clock,
        )

    def _given_or_own(self, *, is_async: bool) -> Sender:
        given = self.dependencies.sender
        if given is not None and given.is_async is is_async:
            return given
        if is_async in self._own_ends:
            return self._own_ends[is_async]
        end = own_sender(self.settings, self.dependencies, is_async=is_async)
        if given is not None:
            warnings.warn(
                f"{given!r} cannot serve {'async' if is_async else 'sync'} calls; "
                f"a new {type(end).__name__} does",
                SenderConflictWarning,
                stacklevel=2,
            )
        self._own_ends[is_async] = end
        return end


def _ttl(config: CacheConfig, path: str) -> float | None:
    """Return the default seconds for a path: the catalogue changes slowly."""
    return config.default_ttl or None if CATALOGUE.search(path) else None


def _scope(path: str) -> str:
    """Return the path below which a write can change something: pools show in their cloudspace."""
    match = NAMESPACE.match(path)
    return match[0] if match else parent(path)


def _holds(sender: Sender, kind: type[Sender]) -> bool:
    while not isinstance(sender, kind):
        if not isinstance(sender, ExtendingSender):
            return False
        sender = sender.sender
    return True
