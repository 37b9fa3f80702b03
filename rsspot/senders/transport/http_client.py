"""A sync sender over `http.client`, without httpx."""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING

from rsspot.senders.headers import Headers
from rsspot.senders.transport.direct import DirectSender
from rsspot.senders.transport.exchange import Exchange
from rsspot.senders.transport.failure import (
    BROKEN,
    LOST,
    READ_TIMEOUT,
    WRITE_TIMEOUT,
    ExchangeFailed,
    refine,
)
from rsspot.senders.transport.http import SyncSender
from rsspot.senders.transport.http_client_connection import Bounds, connect
from rsspot.senders.transport.http_client_pool import Pool
from rsspot.senders.transport.message import header_text

if TYPE_CHECKING:
    from http.client import HTTPResponse

    from rsspot.senders.messages import Request, Response
    from rsspot.senders.transport.direct import Route
    from rsspot.senders.transport.http_client_pool import Lease

__all__ = ["HttpClientSender"]

CHUNK = 64 * 1024
"""Bytes of a body that are read at a time."""


class HttpClientSender(DirectSender[SyncSender]):
    """Sends sync requests with `http.client`, over connections that it keeps.

    Accepts the arguments of `SyncSender` for connections: `verify`, `cert`,
    `trust_env`, `proxy`, `timeout`, `limits` and `headers`. Any other raises `TypeError`. Calls
    that only httpx can make go through httpx: through a SOCKS or HTTPS proxy, to a URL that has to
    be normalized. Nothing is sent twice, no redirect is followed and no cookie kept.
    """

    _otherwise = SyncSender

    @property
    def is_async(self) -> bool:
        return False

    def after_fork(self) -> None:
        """Start with new connections: those of the parent process belong to the parent."""
        super().after_fork()
        self._pool = Pool(*self._options.limits)

    def send(self, request: Request) -> Response:
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
            route = self._route(exchange)
            if route is None:
                return self._through_httpx(request).send(request)
            return self._exchange(exchange, route)
        except Exception as error:  # noqa: BLE001 - it is raised again, as what it means
            exchange.fail(error)

    def _exchange(self, exchange: Exchange, route: Route) -> Response:
        timeouts = exchange.request.options.timeouts or self._options.timeouts
        bounds = Bounds(timeouts, exchange.deadline)
        lease = self._pool.lease(route.key, _pool_timeout(bounds))
        reusable = False
        try:
            if lease.connection is None:
                lease.connection = connect(
                    route.message.target, route.proxy, bounds, self._options.tls
                )
            response = self._receive(exchange, route, lease, bounds)
            reusable = not response.will_close
        finally:
            self._pool.give_back(lease, reusable=reusable)
        fields = Headers.joined(_unfolded(response))
        return exchange.response(route.message.url, fields, response.status)

    def _receive(
        self, exchange: Exchange, route: Route, lease: Lease, bounds: Bounds
    ) -> HTTPResponse:
        """Send the request over the connection of `lease`, and read the whole response."""
        connection, message = lease.connection, route.message
        if connection is None:
            raise RuntimeError("The lease has no connection.")
        wire = connection.wire
        wire.bounds, wire.writing = bounds, False
        try:
            response = connection.exchange(
                message.method, route.request_target, route.headers, message.body or None
            )
            exchange.begin(response.getheader("content-encoding") or "")
            while chunk := response.read1(CHUNK):
                exchange.take(chunk)
            if response.length:
                raise ExchangeFailed(BROKEN)
            exchange.end()
        except TimeoutError:
            raise ExchangeFailed(WRITE_TIMEOUT if wire.writing else READ_TIMEOUT) from None
        except HTTPException:
            raise ExchangeFailed(BROKEN) from None
        except OSError as error:
            raise ExchangeFailed(refine(LOST, error)) from None
        response.close()
        return response

    def close(self) -> None:
        """Close the connections."""
        self._closed = True
        self._pool.close()
        if self._httpx is not None:
            self._httpx.close()


def _pool_timeout(bounds: Bounds) -> float | None:
    try:
        return bounds.left(bounds.timeouts.pool)
    except TimeoutError:
        return 0.0


def _unfolded(response: HTTPResponse) -> list[tuple[str, str]]:
    """Return the header fields, with folded values on one line (RFC 9112, section 5.2)."""
    return [
        (name, value if value.isascii() and "\n" not in value else _one_line(value))
        for name, value in response.getheaders()
    ]


def _one_line(value: str) -> str:
    return " ".join(header_text(value.encode("latin-1")).split())
