"""A sync sender over `http.client`, without httpx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.collector import keep_all
from rsspot.senders.transport.direct import DirectSender
from rsspot.senders.transport.failure import OnlyHttpx
from rsspot.senders.transport.http import SyncSender

if TYPE_CHECKING:
    from rsspot.senders.messages import Request, Response
    from rsspot.senders.transport.http_client_exchanges import Exchanges

__all__ = ["HttpClientSender"]


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
        self._exchanges: Exchanges | None = None

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
        from rsspot.senders.transport.exchange import Exchange

        exchange = Exchange(request, self._max_body)
        try:
            try:
                route = self._route(exchange)
            except OnlyHttpx as why:
                httpx = self._through_httpx(request, why)
            else:
                return (self._exchanges or self._open()).carry_out(exchange, route)
            return httpx.send(request)
        except Exception as error:  # noqa: BLE001 - it is raised again, as what it means
            exchange.fail(error)

    def _open(self) -> Exchanges:
        kind = keep_all(_exchanges)
        with self._guard:
            self._check_open()
            if self._exchanges is None:
                self._exchanges = kind(self._options)
            return self._exchanges

    def close(self) -> None:
        """Close the connections."""
        with self._guard:
            self._closed = True
        for each in (self._exchanges, self._httpx):
            if each is not None:
                each.close()


def _exchanges() -> type[Exchanges]:
    # Imported here, since a response from the cache needs neither http.client nor ssl.
    from rsspot.senders.transport.http_client_exchanges import Exchanges

    return Exchanges
