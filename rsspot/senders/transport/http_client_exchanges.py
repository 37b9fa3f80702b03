"""Exchanges over `http.client`, on connections that are kept."""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING

from rsspot.senders.headers import Headers
from rsspot.senders.transport.failure import (
    BROKEN,
    LOST,
    READ_TIMEOUT,
    WRITE_TIMEOUT,
    ExchangeFailed,
    refine,
)
from rsspot.senders.transport.http_client_bounds import Bounds
from rsspot.senders.transport.http_client_connection import connect
from rsspot.senders.transport.http_client_pool import ConnectionPool
from rsspot.senders.transport.http_client_response import fields_of

if TYPE_CHECKING:
    from http.client import HTTPResponse

    from rsspot.senders.messages import Response
    from rsspot.senders.transport.engine_options import EngineOptions
    from rsspot.senders.transport.exchange import Exchange
    from rsspot.senders.transport.http_client_pool import Lease
    from rsspot.senders.transport.routes import Route

__all__ = ["Exchanges"]

CHUNK = 64 * 1024
"""Bytes of a body that are read at a time."""


class Exchanges:
    """Carries out exchanges, and keeps the connections for the next ones."""

    def __init__(self, options: EngineOptions) -> None:
        self._options = options
        self._pool = ConnectionPool(*options.limits)

    def carry_out(self, exchange: Exchange, route: Route) -> Response:
        """Send a request, and return its response. Raises `ExchangeFailed`."""
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
            reusable = not response.will_close and lease.connection.is_clean
        finally:
            self._pool.give_back(lease, reusable=reusable)
        fields = Headers.joined(fields_of(response))
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
        self._pool.close()


def _pool_timeout(bounds: Bounds) -> float | None:
    try:
        return bounds.left(bounds.timeouts.pool)
    except TimeoutError:
        return 0.0
