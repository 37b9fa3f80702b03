"""The transport of the extra `fast`: aiohttp under httpx, without what aiohttp does on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from httpx_aiohttp import AiohttpTransport, HttpxAiohttpClient

if TYPE_CHECKING:
    import httpx
    from aiohttp import ClientSession

__all__ = ["FastClient"]


class _Transport(AiohttpTransport):
    def get_client(self) -> ClientSession:
        session = super().get_client()
        # aiohttp sends an idempotent request again when a kept connection is lost, and does not
        # tell. Whoever sent a DELETE or PUT twice has to know it, to read the second answer.
        session._retry_connection = False  # noqa: SLF001 - aiohttp's own test client does the same
        return session


class FastClient(HttpxAiohttpClient):
    """An `httpx.AsyncClient` over aiohttp."""

    def _init_transport(self, *args: Any, **arguments: Any) -> httpx.AsyncBaseTransport:
        given: httpx.AsyncBaseTransport | None = arguments.pop("transport", None)
        return given or _Transport(*args, **arguments)

    def _init_proxy_transport(
        self, proxy: httpx.Proxy, *args: Any, **arguments: Any
    ) -> httpx.AsyncBaseTransport:
        arguments["proxy"] = proxy
        return _Transport(*args, **arguments)
