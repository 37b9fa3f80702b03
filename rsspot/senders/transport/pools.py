"""The connection pools of an httpx client: several small ones instead of a large one.

httpcore looks at every connection of its pool for each request, so fifty requests at once cost
fifty times fifty looks. Ten pools of ten connections serve them in less than half the time.

Other changes to the pools of httpcore have no option in httpx: sync waits get a deadline
(`deadline.py`), connections are closed that httpcore loses when a task is cancelled, or on which
more came than one response, and TLS is prepared on the first https request.
"""

from __future__ import annotations

import ssl
import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import httpcore
import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

__all__ = [
    "AsyncPools",
    "SyncPools",
    "close_failed_tls",
    "close_lost_connections",
    "httpcore_pools",
    "transports_of",
]

POOLS = 10


T = TypeVar("T", httpx.AsyncHTTPTransport, httpx.HTTPTransport)


class _Pools(Generic[T]):
    """Several pools; the least busy one gets the next request.

    `limits` apply to all of them together; the other options are those of `make`. Consecutive
    requests stay on the first pool, and so on one connection. A pool is busy with a request until
    the body of its response is closed.

    `tls` makes their TLS context on the first https request: reading its certificates takes a fifth
    of the time of importing httpx.
    """

    def __init__(
        self,
        make: Callable[..., T],
        limits: httpx.Limits,
        tls: Callable[[], ssl.SSLContext],
        options: Any,
    ) -> None:
        count = max(1, min(POOLS, limits.max_connections or POOLS))
        untrusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.transports: list[T] = [
            make(limits=_share(limits, index, count), verify=untrusting, **options)
            for index in range(count)
        ]
        self._busy = [0] * count
        self._tls: Callable[[], ssl.SSLContext] | None = tls
        self._guard = threading.Lock()

    def _acquire(self, url: httpx.URL) -> tuple[T, Callable[[], None]]:
        """Return the least busy pool, and a function to call when the request is done."""
        with self._guard:
            if self._tls is not None and url.scheme == "https":
                self._set_context(self._tls())
                self._tls = None
            index = self._busy.index(min(self._busy))
            self._busy[index] += 1

        def release() -> None:
            with self._guard:
                self._busy[index] -= 1

        return self.transports[index], release

    def _set_context(self, context: ssl.SSLContext) -> None:
        for pool in httpcore_pools(*self.transports):
            pool._ssl_context = context  # noqa: SLF001 - there is no option for it


class AsyncPools(_Pools[httpx.AsyncHTTPTransport], httpx.AsyncBaseTransport):
    """A transport of several pools, for async requests."""

    def __init__(
        self, *, limits: httpx.Limits, tls: Callable[[], ssl.SSLContext], **options: Any
    ) -> None:
        super().__init__(httpx.AsyncHTTPTransport, limits, tls, options)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        transport, release = self._acquire(request.url)
        try:
            response = await transport.handle_async_request(request)
        except BaseException:
            release()
            raise
        response.stream = _AsyncBody(response.stream, release)
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in self.transports:
            await transport.aclose()


class SyncPools(_Pools[httpx.HTTPTransport], httpx.BaseTransport):
    """A transport of several pools, for sync requests."""

    def __init__(
        self, *, limits: httpx.Limits, tls: Callable[[], ssl.SSLContext], **options: Any
    ) -> None:
        super().__init__(httpx.HTTPTransport, limits, tls, options)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        transport, release = self._acquire(request.url)
        try:
            response = transport.handle_request(request)
        except BaseException:
            release()
            raise
        response.stream = _SyncBody(response.stream, release)
        return response

    def close(self) -> None:
        """Close all connections."""
        for transport in self.transports:
            transport.close()


class _Body:
    """The body of a response, which calls `release` once when it is closed."""

    def __init__(self, stream: Any, release: Callable[[], None]) -> None:
        self._body = stream
        self._release: Callable[[], None] | None = release

    def _done(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            release()


class _AsyncBody(_Body, httpx.AsyncByteStream):
    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._body)

    async def aclose(self) -> None:
        _keep_nothing_more(self._body)
        try:
            await self._body.aclose()
        finally:
            self._done()


class _SyncBody(_Body, httpx.SyncByteStream):
    def __iter__(self) -> Iterator[bytes]:
        return iter(self._body)

    def close(self) -> None:
        _keep_nothing_more(self._body)
        try:
            self._body.close()
        finally:
            self._done()


def _keep_nothing_more(body: Any) -> None:
    """Make httpcore close the connection of `body` if more than one response came over it.

    It would be taken for the response to the next request, which may be of another tenant.
    """
    try:
        state = body._httpcore_stream._stream._connection._h11_state  # noqa: SLF001 - see above
    except AttributeError:  # a version of httpcore that looks different inside
        return
    if state.trailing_data[0]:
        state.send_failed()


def _share(limits: httpx.Limits, index: int, count: int) -> httpx.Limits:
    """Return the limits of one of `count` pools."""

    def part(total: int | None) -> int | None:
        return None if total is None else total // count + (index < total % count)

    return httpx.Limits(
        max_connections=part(limits.max_connections),
        max_keepalive_connections=part(limits.max_keepalive_connections),
        keepalive_expiry=limits.keepalive_expiry,
    )


def transports_of(client: Any) -> list[Any]:
    """Return the transports of an httpx client, which httpx does not show."""
    return [client._transport, *client._mounts.values()]  # noqa: SLF001 - see above


def httpcore_pools(*transports: Any) -> Iterator[Any]:
    """Yield the pools of httpcore below transports of httpx, or below ours."""
    for transport in transports:
        pool = getattr(transport, "_pool", None)
        if isinstance(pool, httpcore.ConnectionPool | httpcore.AsyncConnectionPool):
            yield pool
        yield from httpcore_pools(*getattr(transport, "transports", ()))


async def close_lost_connections(client: httpx.AsyncClient) -> None:
    """Close connections that no request uses but that are not available either.

    A task that is cancelled between receiving a new connection and using it leaves one behind, and
    so does one that is cancelled during TLS through a proxy: httpcore counts them forever.
    """
    for pool in httpcore_pools(*transports_of(client)):
        held = {id(request.connection) for request in pool._requests}  # noqa: SLF001 - see above
        lost = [
            connection
            for connection in pool.connections
            if id(connection) not in held
            and not (connection.is_idle() or connection.is_available() or connection.is_closed())
        ]
        for connection in lost:
            pool._connections.remove(connection)  # noqa: SLF001 - see above
        closing = pool._assign_requests_to_connections()  # noqa: SLF001 - see above
        await pool._close_connections([*lost, *closing])  # noqa: SLF001 - see above


def close_failed_tls(*transports: httpx.AsyncBaseTransport | None) -> None:
    """Make `transports` close a connection whose TLS handshake is cancelled; httpcore does not."""
    for pool in httpcore_pools(*transports):
        if not isinstance(pool._network_backend, _Backend):  # noqa: SLF001 - see above
            pool._network_backend = _Backend(pool._network_backend)  # noqa: SLF001 - see above


class _Backend(httpcore.AsyncNetworkBackend):
    def __init__(self, backend: httpcore.AsyncNetworkBackend) -> None:
        self._backend = backend

    async def connect_unix_socket(self, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        return await self._backend.connect_unix_socket(*args, **options)

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)

    async def connect_tcp(self, *args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
        stream = await self._backend.connect_tcp(*args, **options)
        begin = stream.start_tls

        async def start_tls(*args: Any, **options: Any) -> httpcore.AsyncNetworkStream:
            try:
                return await begin(*args, **options)
            except BaseException:
                await stream.aclose()
                raise

        # Patch the stream itself: a wrapper would slow down each read and write.
        setattr(stream, "start_tls", start_tls)  # noqa: B010 - of this stream alone
        return stream
