"""The clients: settings, an identity, and a chain of senders of each colour."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from rsspot.config.context import current
from rsspot.config.files import is_foreign_owner_allowed
from rsspot.config.resolution import override, resolve
from rsspot.config.secrets import hidden
from rsspot.errors import ConfigError, StateError
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.state import StateStore
from rsspot.state.store import OWN_FILE
from rsspot.wire.bind import Group
from rsspot.wire.chain import Chain, Parts, token_source
from rsspot.wire.signatures import named

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping
    from types import TracebackType
    from typing import Self

    from rsspot.config.profile import SDKConfig
    from rsspot.config.settings import Settings
    from rsspot.flow.clock import Clock
    from rsspot.resources.autopilot_nodepools import AutopilotNodePools
    from rsspot.resources.cloudspaces import Cloudspaces
    from rsspot.resources.inventory import Inventory
    from rsspot.resources.oauth import OAuth
    from rsspot.resources.ondemand_nodepools import OnDemandNodePools
    from rsspot.resources.organizations import Organizations
    from rsspot.resources.pricing import Pricing
    from rsspot.resources.raw import Raw
    from rsspot.resources.regions import Regions
    from rsspot.resources.server_classes import ServerClasses
    from rsspot.resources.spot_nodepools import SpotNodePools
    from rsspot.resources.vm_cloudspaces import VMCloudspaces
    from rsspot.resources.vm_pools import VMPools
    from rsspot.resources.vm_ssh_keys import VMSSHKeys
    from rsspot.senders.auth.provided import ProviderResult
    from rsspot.senders.messages import Response
    from rsspot.senders.options import CacheConfig, RetryConfig, Timeouts
    from rsspot.senders.sender import Sender
    from rsspot.wire.bind import Async, Sync
    from rsspot.wire.events import CallEvent
    from rsspot.wire.organization import OrganizationConnection

__all__ = ["AsyncSpotClient", "SpotClient"]

G = TypeVar("G", bound=Group[Any])


class _Bound(Generic[G]):
    """A group of operations as an attribute of a client, imported when it is first used.

    It is the first name that its module under `resources` exports; the module is called as the
    attribute is, or as said.
    """

    is_async = False

    def __init__(self, module: str | None = None) -> None:
        self.module = module

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.module = self.module or name

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: _Client, owner: type) -> G: ...
    def __get__(self, client: _Client | None, owner: type) -> Self | G:
        if client is None:
            return self
        connection = client.chain.connection(is_async=self.is_async)
        module = import_module(f"rsspot.resources.{self.module}")
        kind: Callable[[OrganizationConnection], G] = getattr(module, module.__all__[0])
        group = client.__dict__[self.name] = kind(connection)
        return group


class _Awaited(_Bound[G]):
    is_async = True


class _Client:
    """What both clients share: how they are made, and what they are made of."""

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
        timeout: float | Timeouts | None = None,
        verify_ssl: bool | str | None = None,
        proxy: str | None = None,
        read_only: bool | None = None,
        allow_http: bool | None = None,
        allow_foreign_owner: bool | None = None,
        retry: RetryConfig | None = None,
        cache: CacheConfig | None = None,
        state: StateStore | str | os.PathLike[str] | None = None,
        sender: Sender | None = None,
        httpx_options: Mapping[str, Any] | None = None,
        on_event: Callable[[CallEvent], object] | None = None,
        user_agent_suffix: str | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        # A reporter of errors shows the locals of frames.
        tokens = {"refresh_token": hidden(refresh_token), "access_token": hidden(access_token)}
        del refresh_token, access_token
        self._owns_state = not isinstance(state, StateStore)
        self._given_state = state
        self._allows_foreign_owner = (
            is_foreign_owner_allowed()
            if allow_foreign_owner is None
            else allow_foreign_owner is True
        )
        self.settings: Settings = resolve(
            {
                "profile": profile,
                "org": org,
                "org_id": org_id,
                "region": region,
                **tokens,
                "client_id": client_id,
                "base_url": base_url,
                "oauth_url": oauth_url,
                "public_data_url": public_data_url,
                "timeout": timeout,
                "verify_ssl": verify_ssl,
                "proxy": proxy,
                "read_only": read_only,
                "allow_http": allow_http,
                "allow_foreign_owner": allow_foreign_owner,
                "retry": retry,
                "cache": cache,
            },
            context=current(),
            stored=self._stored_defaults,
            config=config,
            config_path=config_path,
        )
        if self.settings.allow_foreign_owner and not self._allows_foreign_owner:
            # A profile says so, which may be one that the stored defaults name.
            self.close_state()
            path = self.settings.state_path
            self.state: StateStore = self._own_state(path, allow_foreign_owner=True)
        parts = Parts(
            state=self.state,
            sender=sender,
            clock=clock,
            httpx_options=httpx_options or {},
            on_event=on_event,
            user_agent_suffix=user_agent_suffix,
            token_provider=token_provider,
        )
        self.chain: Chain = Chain(self.settings, parts, token_source(self.settings, parts))

    @named
    def with_options(
        self,
        *,
        timeout: float | Timeouts | None = None,
        retry: RetryConfig | None = None,
        cache: CacheConfig | None = None,
    ) -> Self:
        """This client with other options, over the same connections, sign-in and state.

        Closing this client closes the copy too; closing the copy leaves this one open.
        Raises `ConfigError`.
        """
        copy = object.__new__(type(self))
        copy.settings = override(
            self.settings, {"timeout": timeout, "retry": retry, "cache": cache}
        )
        copy.state = self.state
        copy._owns_state = False
        copy.chain = self.chain.derive(copy.settings)
        return copy

    def _own_state(self, path: str | None, *, allow_foreign_owner: bool) -> StateStore:
        state = self._given_state
        if isinstance(state, StateStore):
            return state
        try:
            return StateStore(state or path or OWN_FILE, allow_foreign_owner=allow_foreign_owner)
        except StateError as error:
            raise ConfigError(error.message, key="state", hint=error.hint) from None

    def _stored_defaults(self, path: str | None) -> Mapping[str, Any]:
        """What `set_default_…` stored; where that cannot be read, it is said, and does without."""
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

    def __repr__(self) -> str:
        if "settings" not in self.__dict__:
            return f"<{type(self).__name__} that could not be made>"  # in a report of why
        where = self.settings.org or self.settings.org_id or self.settings.profile or "default"
        return f"<{type(self).__name__} {where} at {self.settings.base_url}>"


class SpotClient(_Client):
    """Rackspace Spot, with sync groups, and the same ones with an `a` prefix for async calls.

    Settings come from arguments, environment, profile and built-in values
    (`client.settings.explain()` shows which). Nothing is sent before the first call.
    Raises `ConfigError`.
    """

    organizations: _Bound[Organizations[Sync]] = _Bound()
    regions: _Bound[Regions[Sync]] = _Bound()
    server_classes: _Bound[ServerClasses[Sync]] = _Bound()
    pricing: _Bound[Pricing[Sync]] = _Bound()
    cloudspaces: _Bound[Cloudspaces[Sync]] = _Bound()
    spot_nodepools: _Bound[SpotNodePools[Sync]] = _Bound()
    ondemand_nodepools: _Bound[OnDemandNodePools[Sync]] = _Bound()
    autopilot_nodepools: _Bound[AutopilotNodePools[Sync]] = _Bound()
    inventory: _Bound[Inventory[Sync]] = _Bound()
    vm_cloudspaces: _Bound[VMCloudspaces[Sync]] = _Bound()
    vm_pools: _Bound[VMPools[Sync]] = _Bound()
    vm_ssh_keys: _Bound[VMSSHKeys[Sync]] = _Bound()
    oauth: _Bound[OAuth[Sync]] = _Bound()

    aorganizations: _Awaited[Organizations[Async]] = _Awaited("organizations")
    aregions: _Awaited[Regions[Async]] = _Awaited("regions")
    aserver_classes: _Awaited[ServerClasses[Async]] = _Awaited("server_classes")
    apricing: _Awaited[Pricing[Async]] = _Awaited("pricing")
    acloudspaces: _Awaited[Cloudspaces[Async]] = _Awaited("cloudspaces")
    aspot_nodepools: _Awaited[SpotNodePools[Async]] = _Awaited("spot_nodepools")
    aondemand_nodepools: _Awaited[OnDemandNodePools[Async]] = _Awaited("ondemand_nodepools")
    aautopilot_nodepools: _Awaited[AutopilotNodePools[Async]] = _Awaited("autopilot_nodepools")
    ainventory: _Awaited[Inventory[Async]] = _Awaited("inventory")
    avm_cloudspaces: _Awaited[VMCloudspaces[Async]] = _Awaited("vm_cloudspaces")
    avm_pools: _Awaited[VMPools[Async]] = _Awaited("vm_pools")
    avm_ssh_keys: _Awaited[VMSSHKeys[Async]] = _Awaited("vm_ssh_keys")
    aoauth: _Awaited[OAuth[Async]] = _Awaited("oauth")

    _raw: _Bound[Raw[Sync]] = _Bound("raw")
    _araw: _Awaited[Raw[Async]] = _Awaited("raw")

    def authenticate(self, *, force_refresh: bool = False) -> str:
        """The bearer that calls are signed with. Raises `AuthError`."""
        return self._raw.bearer(force=force_refresh)

    async def aauthenticate(self, *, force_refresh: bool = False) -> str:
        """The bearer that calls are signed with. Raises `AuthError`."""
        return await self._araw.bearer(force=force_refresh)

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Call anything of the API, through the same senders. Raises as all calls do."""
        return self._raw.request(method, path, params=params, json=json, headers=headers)

    async def arequest(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Call anything of the API, through the same senders. Raises as all calls do."""
        return await self._araw.request(method, path, params=params, json=json, headers=headers)

    def close(self) -> None:
        """Close what this client made for sync calls; what was passed in stays open."""
        self.chain.close()
        self.close_state()

    async def aclose(self) -> None:
        """Close what this client made; what was passed in stays open."""
        await self.chain.aclose()
        self.close_state()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()


class AsyncSpotClient(_Client):
    """Rackspace Spot, with async groups only; made as `SpotClient` is."""

    organizations: _Awaited[Organizations[Async]] = _Awaited()
    regions: _Awaited[Regions[Async]] = _Awaited()
    server_classes: _Awaited[ServerClasses[Async]] = _Awaited()
    pricing: _Awaited[Pricing[Async]] = _Awaited()
    cloudspaces: _Awaited[Cloudspaces[Async]] = _Awaited()
    spot_nodepools: _Awaited[SpotNodePools[Async]] = _Awaited()
    ondemand_nodepools: _Awaited[OnDemandNodePools[Async]] = _Awaited()
    autopilot_nodepools: _Awaited[AutopilotNodePools[Async]] = _Awaited()
    inventory: _Awaited[Inventory[Async]] = _Awaited()
    vm_cloudspaces: _Awaited[VMCloudspaces[Async]] = _Awaited()
    vm_pools: _Awaited[VMPools[Async]] = _Awaited()
    vm_ssh_keys: _Awaited[VMSSHKeys[Async]] = _Awaited()
    oauth: _Awaited[OAuth[Async]] = _Awaited()

    _raw: _Awaited[Raw[Async]] = _Awaited("raw")

    async def authenticate(self, *, force_refresh: bool = False) -> str:
        """The bearer that calls are signed with. Raises `AuthError`."""
        return await self._raw.bearer(force=force_refresh)

    async def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Call anything of the API, through the same senders. Raises as all calls do."""
        return await self._raw.request(method, path, params=params, json=json, headers=headers)

    async def aclose(self) -> None:
        """Close what this client made; what was passed in stays open."""
        await self.chain.aclose()
        self.close_state()

    close = aclose

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
