"""The transport of the extra `fast`: aiohttp under httpx, without what aiohttp does on its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
from httpx_aiohttp import AiohttpTransport

if TYPE_CHECKING:
    import httpx

__all__ = ["FastTransport", "can_use"]


def can_use(proxy: httpx.Proxy | None) -> bool:
    """Whether aiohttp goes through `proxy` as httpx does: one without a user, trusted as usual."""
    return proxy is None or (
        proxy.url.scheme in {"http", "https"} and proxy.auth is None and proxy.ssl_context is None
    )


class FastTransport(AiohttpTransport):
    """A transport over aiohttp that neither keeps cookies nor sends anything again."""

    def get_client(self) -> aiohttp.ClientSession:
        """The session of aiohttp, made at the first request."""
        connector = aiohttp.TCPConnector(
            limit=self.limits.max_connections or 0,
            keepalive_timeout=self.limits.keepalive_expiry,
            ssl=self.ssl_context,
        )
        session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        # aiohttp sends an idempotent request again when a kept connection is lost, and does not
        # tell. Whoever sent a DELETE or PUT twice has to know it, to read the second response.
        session._retry_connection = False  # noqa: SLF001 - aiohttp's own test client does the same
        return session
