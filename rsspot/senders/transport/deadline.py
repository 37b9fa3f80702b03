"""Enforce the total time of a sync request, however slowly its response arrives.

httpx limits each wait for the network, but not their sum: a server that sends one byte now and then
could keep a request waiting forever. (An async task is simply cancelled when its time is over.)
Name resolution cannot be limited here: it is one call of the C library, which could only be
abandoned in another thread.
"""

from __future__ import annotations

import socket
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

import httpcore

from rsspot.senders.transport.pools import httpcore_pools, transports_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    import httpx

__all__ = ["bound_waits", "within"]


PART = 16 * 1024
"""Bytes that are written between two checks of the time."""


class _Current(threading.local):
    """Refers to the innermost `within` weakly: Ctrl-C before `__exit__` ends the deadline, too."""

    within: weakref.ref[within] | None = None

    @property
    def deadline(self) -> float | None:
        innermost = self.within and self.within()
        return innermost.deadline if innermost else None


_current = _Current()
_bounded: weakref.WeakSet[httpx.Client] = weakref.WeakSet()
"""Clients whose connections already observe the deadline."""


class within:  # noqa: N801 - it is called like a function
    """End every wait of this thread for `client` at `deadline` (by `time.monotonic`)."""

    __slots__ = ("__weakref__", "_outer", "deadline")

    def __init__(self, deadline: float | None, client: httpx.Client) -> None:
        self.deadline: float | None = deadline
        if deadline is not None and client not in _bounded:
            bound_waits(*transports_of(client))
            _bounded.add(client)

    def __enter__(self) -> None:
        self._outer = _current.within
        _current.within = weakref.ref(self)

    def __exit__(self, *_: object) -> None:
        _current.within = self._outer


def bound_waits(*transports: httpx.BaseTransport | None) -> None:
    """Make connections that `transports` open from now on observe the deadline."""
    for pool in httpcore_pools(*transports):
        if not isinstance(pool._network_backend, _Backend):  # noqa: SLF001 - httpx takes no backend
            pool._network_backend = _Backend(pool._network_backend)  # noqa: SLF001 - the same


def _left(
    timeout: float | None, late: type[httpcore.TimeoutException] = httpcore.ReadTimeout
) -> float | None:
    deadline = _current.deadline
    if deadline is None:
        return timeout
    left = deadline - time.monotonic()
    if left <= 0:
        raise late("the total time is over")
    return left if timeout is None else min(timeout, left)


def _addresses(host: str, port: int) -> list[str]:
    """Return the addresses of a host if it has several, each of which may take long to try."""
    if _current.deadline is None:
        return [host]
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise httpcore.ConnectError(str(error)) from error
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    return addresses if len(addresses) > 1 else [host]


class _Backend(httpcore.NetworkBackend):
    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = _addresses(host, port)
        for number, address in enumerate(addresses, 1):
            left = _left(timeout, httpcore.ConnectTimeout)
            try:
                return _Stream(
                    self._backend.connect_tcp(address, port, left, local_address, socket_options)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise httpcore.ConnectError("the host has no address")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._backend.connect_unix_socket(path, timeout, socket_options))

    def sleep(self, seconds: float) -> None:
        self._backend.sleep(seconds)


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # The underlying stream restarts its timeout for each part that the peer accepts.
        for start in range(0, len(buffer), PART):
            self._stream.write(buffer[start : start + PART], _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        timeout = _left(timeout, httpcore.ConnectTimeout)
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
