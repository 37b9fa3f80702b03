"""An async sender over aiohttp, without httpx."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import aiohttp
from yarl import URL

from rsspot.senders.headers import Headers
from rsspot.senders.transport.aiohttp_session import failure_of, new_session
from rsspot.senders.transport.direct import DirectSender
from rsspot.senders.transport.exchange import Exchange
from rsspot.senders.transport.failure import READ_TIMEOUT, ExchangeFailed, OnlyHttpx
from rsspot.senders.transport.http import AsyncSender
from rsspot.senders.transport.loop_client import LoopClient, LoopClients
from rsspot.senders.transport.message import header_text

if TYPE_CHECKING:
    from aiohttp import ClientSession

    from rsspot.senders.messages import Request, Response
    from rsspot.senders.transport.routes import Route

__all__ = ["AiohttpSender"]

WRITTEN_AT_ONCE = 64 * 1024
"""Bytes that aiohttp writes without waiting. It has no write timeout, so larger bodies go through
httpx."""


class AiohttpSender(DirectSender[AsyncSender]):
    """Sends async requests with aiohttp, over connections that it keeps for each event loop.

    Accepts the arguments of `AsyncSender` for connections: `verify`, `cert`,
    `trust_env`, `proxy`, `timeout`, `limits` and `headers`. Any other raises `TypeError`. Calls
    that only httpx can make go through httpx: through a SOCKS or HTTPS proxy, to a URL that has to
    be normalized, with a body beyond 64 KiB. Nothing is sent twice, no redirect is followed and no
    cookie kept.
    """

    _otherwise = AsyncSender
    _max_request = WRITTEN_AT_ONCE

    @property
    def is_async(self) -> bool:
        return True

    def after_fork(self) -> None:
        """Start with new sessions: those of the parent process belong to the parent."""
        super().after_fork()
        if hasattr(self, "_by_loop"):
            _parent_by_loop.extend(self._by_loop.all())
        self._by_loop: LoopClients[ClientSession] = LoopClients(lambda session: session.closed)

    async def send(self, request: Request) -> Response:
        """Send one request.

        Args:
            request: The request.

        Returns:
            The response, whatever its status.

        Raises:
            RequestError: If there is no response.
            ConfigError: If a TLS or proxy setting cannot be used.
        """
        self._check_open()
        exchange = Exchange(request, self._max_body)
        try:
            try:
                route = self._route(exchange)
            except OnlyHttpx as why:
                httpx = self._through_httpx(request, why)
            else:
                held = self._by_loop.current(self._session)
                if not held.watched:
                    await held.watch()
                async with asyncio.timeout(exchange.left):
                    return await self._exchange(held.client, exchange, route)
            return await httpx.send(request)
        except TimeoutError:
            exchange.fail(ExchangeFailed(READ_TIMEOUT))
        except Exception as error:  # noqa: BLE001 - it is raised again, as what it means
            if isinstance(error, RuntimeError):  # so aiohttp says that it was closed meanwhile
                self._check_open()
            exchange.fail(error)

    async def _exchange(self, session: ClientSession, exchange: Exchange, route: Route) -> Response:
        options, message, proxy = self._options, route.message, route.proxy
        timeouts = exchange.request.options.timeouts or options.timeouts
        more: dict[str, Any] = {}
        if proxy is not None:
            more["proxy"] = URL.build(scheme="http", host=proxy.host, port=proxy.port)
            if proxy.authorization is not None and not route.is_forwarded:
                more["proxy_headers"] = {"Proxy-Authorization": proxy.authorization}
        if message.target.scheme == "https":
            more["ssl"] = options.tls()
        response = await session.request(
            message.method,
            _url(message.url),
            headers=route.headers,
            data=message.body or None,
            allow_redirects=False,
            timeout=_timeout(timeouts.connect, timeouts.read, timeouts.pool),
            **more,
        )
        try:
            exchange.begin(", ".join(response.headers.getall("content-encoding", ())))
            read = response.content.readany
            while chunk := await read():
                exchange.take(chunk)
            exchange.end()
        except (aiohttp.ClientError, OSError) as error:
            response.close()
            raise ExchangeFailed(failure_of(error)) from None
        except BaseException:
            response.close()
            raise
        fields = Headers.joined((name, _text(value)) for name, value in response.headers.items())
        return exchange.response(message.url, fields, response.status)

    def _session(self) -> LoopClient[ClientSession]:
        session = new_session(self._options.limits)
        return LoopClient(session, session.close)

    async def close(self) -> None:
        """Close the session of the running loop; other loops close theirs when they end."""
        self._closed = True
        held = self._by_loop.pop()
        if held is not None:
            await held.client.close()
        if self._httpx is not None:
            await self._httpx.close()


def _text(value: str) -> str:
    return value if value.isascii() else header_text(value.encode(errors="surrogateescape"))


@lru_cache(64)
def _timeout(
    connect: float | None, read: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    waits = (connect, pool)
    return aiohttp.ClientTimeout(
        total=None,
        connect=None if None in waits else sum(filter(None, waits)),
        sock_connect=connect,
        sock_read=read,
        ceil_threshold=float("inf"),
    )


@lru_cache(256)
def _url(url: str) -> URL:
    return URL(url, encoded=True)


_parent_by_loop: list[LoopClient[ClientSession]] = []
"""Sessions of the parent process, kept alive in a child: collecting them would remove their
connections from the poll that both processes share, and the parent would get no responses."""
