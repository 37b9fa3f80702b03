"""The transports of our clients: direct, or through one proxy."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpx

from rsspot.senders.transport.deadline import bound_waits
from rsspot.senders.transport.pools import AsyncPools, SyncPools, close_failed_tls
from rsspot.senders.transport.proxies import environment, proxy_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.senders.transport.proxies import Bypass

__all__ = [
    "AsyncProxyTransport",
    "ProxyTransport",
    "async_transport",
    "environment_mounts",
    "sync_transport",
]


def sync_transport(proxy: httpx.Proxy | None, options: dict[str, Any]) -> httpx.BaseTransport:
    """Return a transport of several small pools; one for HTTP/2, which shares connections."""
    transport: httpx.BaseTransport
    if options.get("http2"):
        transport = httpx.HTTPTransport(proxy=proxy, **_at_once(options))
    else:
        transport = SyncPools(proxy=proxy, **options)
    bound_waits(transport)
    return transport


def async_transport(proxy: httpx.Proxy | None, options: dict[str, Any]) -> httpx.AsyncBaseTransport:
    """Return a transport of several small pools; one for HTTP/2, which shares connections."""
    transport: httpx.AsyncBaseTransport
    if options.get("http2"):
        transport = httpx.AsyncHTTPTransport(proxy=proxy, **_at_once(options))
    else:
        transport = AsyncPools(proxy=proxy, **options)
    close_failed_tls(transport)
    return transport


def _at_once(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a transport of httpx, with the TLS context itself."""
    rest = {**options}
    return {"verify": rest.pop("tls")(), **rest}


T = TypeVar("T", bound=httpx.BaseTransport | httpx.AsyncBaseTransport)


class _ProxyTransport(Generic[T]):
    """Sends through a proxy, which is checked on first use, or directly for bypassed hosts."""

    def __init__(self, direct: T, proxied: Callable[[], T], bypass: Bypass) -> None:
        self._direct = direct
        self._make = proxied
        self._bypass = bypass
        self._guard = threading.Lock()
        self.transports: list[T] = []
        """The transport through the proxy, once created; the client closes the direct one."""

    def _transport_for(self, url: httpx.URL) -> T:
        if self._bypass and self._bypass.covers(url):
            return self._direct
        with self._guard:
            if not self.transports:
                self.transports.append(self._make())
            return self.transports[0]


class ProxyTransport(_ProxyTransport[httpx.BaseTransport], httpx.BaseTransport):
    """A proxy of the environment, for sync requests."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises `ConfigError` for a proxy that cannot be used."""
        return self._transport_for(request.url).handle_request(request)

    def close(self) -> None:
        """Close the connections to the proxy."""
        for transport in self.transports:
            transport.close()


class AsyncProxyTransport(_ProxyTransport[httpx.AsyncBaseTransport], httpx.AsyncBaseTransport):
    """A proxy of the environment, for async requests."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request. Raises `ConfigError` for a proxy that cannot be used."""
        return await self._transport_for(request.url).handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections to the proxy."""
        for transport in self.transports:
            await transport.aclose()


def environment_mounts(direct: Any, make: Callable[[httpx.Proxy | None], Any]) -> dict[str, Any]:
    """Return mounts for the proxies of the environment, as in httpx, with our transports."""
    proxies, bypass = environment()
    route: Any = (
        AsyncProxyTransport if isinstance(direct, httpx.AsyncBaseTransport) else ProxyTransport
    )

    def proxied(scheme: str, value: str) -> Any:
        return make(proxy_of(value, scheme))

    return {
        f"{scheme}://": route(direct, partial(proxied, scheme, value), bypass)
        for scheme, value in proxies.items()
    }
