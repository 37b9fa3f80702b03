"""One connection of `http.client`, each of whose waits ends with the deadline of the exchange.

`http.client` reads and writes HTTP; this opens, bounds and closes what it reads from.
"""

from __future__ import annotations

import select
import socket
from http.client import HTTPConnection, HTTPException
from typing import TYPE_CHECKING, Any

from rsspot.senders.transport.failure import (
    CONNECT_FAILED,
    CONNECT_TIMEOUT,
    PROXY_FAILED,
    ExchangeFailed,
    refine,
)
from rsspot.senders.transport.http_client_response import SUCCESS, FinalResponse, Incoming

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from http.client import HTTPResponse

    from rsspot.senders.transport.http_client_bounds import Bounds
    from rsspot.senders.transport.message import Target
    from rsspot.senders.transport.routes import ProxyServer

__all__ = ["HostConnection", "connect"]

PART = 16 * 1024
"""Bytes that are written between two checks of the time."""


class Wire:
    """A socket as `http.client` uses one; it is closed by its `HostConnection` alone."""

    def __init__(self, connected: socket.socket, bounds: Bounds) -> None:
        self.socket = connected
        self.bounds = bounds
        self.writing: bool = False
        """Whether the peer is being written to, and so may not have all of the request."""
        self.incoming: Incoming | None = None
        """What the last response is read from."""

    def makefile(self, _mode: str) -> Incoming:
        """Return a file to read one response from."""
        self.incoming = Incoming(self.socket, self.bounds)
        return self.incoming

    def sendall(self, data: Any) -> None:
        """Send all of `data`, part by part."""
        self.writing = True
        for start in range(0, len(data), PART):
            self.socket.settimeout(self.bounds.left(self.bounds.timeouts.write))
            self.socket.sendall(data[start : start + PART])
        self.writing = False

    def close(self) -> None:
        """Do nothing: the response may still be read from the socket."""


class HostConnection:
    """A connection to a host, or to a proxy on the way there."""

    def __init__(self, wire: Wire, host: str, port: int) -> None:
        self.wire = wire
        self.idle_since: float = 0.0
        self._http = HTTPConnection(host, port)
        self._http.response_class = FinalResponse
        self._http.sock = wire

    def exchange(
        self, method: str, target: str, headers: dict[str, str], body: bytes | None
    ) -> HTTPResponse:
        """Send a request, and return its response when its head has come."""
        http = self._http
        http.sock = self.wire
        http.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            http.putheader(name, value)
        http.endheaders(body)
        return http.getresponse()

    @property
    def is_open(self) -> bool:
        """Return whether the peer has neither closed the connection nor sent unrequested data."""
        poll = select.poll() if hasattr(select, "poll") else None
        if poll is None:
            return not select.select([self.wire.socket], [], [], 0)[0]
        poll.register(self.wire.socket, select.POLLIN)
        return not poll.poll(0)

    @property
    def is_clean(self) -> bool:
        """Return whether the peer has sent one response, and nothing beyond it."""
        incoming = self.wire.incoming
        return incoming is not None and not incoming.has_more()

    def close(self) -> None:
        """Close the socket."""
        self._http.close()
        self.wire.socket.close()


def connect(
    target: Target, proxy: ProxyServer | None, bounds: Bounds, tls: Callable[[], ssl.SSLContext]
) -> HostConnection:
    """Open a connection for `target`. Raises `ExchangeFailed`; no part of a request is sent."""
    to = (target.host, target.port) if proxy is None else (proxy.host, proxy.port)
    context = tls() if target.scheme == "https" else None
    opened = _open(*to, bounds)
    try:
        if context is not None:
            if proxy is not None:
                _open_tunnel(opened, target, proxy, bounds)
            opened = _secured(opened, context, target.host, bounds)
    except TimeoutError:
        opened.close()
        raise ExchangeFailed(CONNECT_TIMEOUT) from None
    except OSError as error:
        opened.close()
        raise ExchangeFailed(refine(CONNECT_FAILED, error)) from None
    except BaseException:
        opened.close()
        raise
    return HostConnection(Wire(opened, bounds), *to)


def _open(host: str, port: int, bounds: Bounds) -> socket.socket:
    """Return a socket connected to one of the addresses of a host, each of which may take long."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        for number, address in enumerate(addresses, 1):
            left = bounds.left(bounds.timeouts.connect)
            try:
                opened = socket.create_connection((address, port), left)
            except OSError:
                if number == len(addresses):
                    raise
                continue
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return opened
    except TimeoutError:
        raise ExchangeFailed(CONNECT_TIMEOUT) from None
    except (OSError, UnicodeError) as error:
        raise ExchangeFailed(refine(CONNECT_FAILED, error)) from None
    raise ExchangeFailed(CONNECT_FAILED)


def _secured(
    opened: socket.socket, context: ssl.SSLContext, host: str, bounds: Bounds
) -> ssl.SSLSocket:
    opened.settimeout(bounds.left(bounds.timeouts.connect))
    secured = context.wrap_socket(opened, server_hostname=host, do_handshake_on_connect=False)
    try:
        secured.do_handshake()
    except BaseException:
        secured.close()
        raise
    return secured


def _open_tunnel(opened: socket.socket, target: Target, proxy: ProxyServer, bounds: Bounds) -> None:
    """Have a proxy connect to `target` (RFC 9110, section 9.3.6)."""
    headers = {"host": f"{target.host}:{target.port}", "accept": "*/*"}
    if proxy.authorization is not None:
        headers["proxy-authorization"] = proxy.authorization
    wire = Wire(opened, bounds)
    try:
        asked = HostConnection(wire, proxy.host, proxy.port)
        status = asked.exchange("CONNECT", headers["host"], headers, None).status
    except HTTPException:
        raise ExchangeFailed(PROXY_FAILED) from None
    if status // 100 != SUCCESS // 100:
        text = f"{PROXY_FAILED.text} (status {status})"
        raise ExchangeFailed(PROXY_FAILED._replace(text=text))
