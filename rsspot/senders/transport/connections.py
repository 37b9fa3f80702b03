"""The connection pools beneath an httpx client, which httpx does not show.

What is done to them has no argument in httpx: sync waits are given a deadline (`deadline.py`), and
connections that httpcore loses when a task is cancelled are closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

__all__ = ["close_failed_tls", "close_lost_connections", "httpcore_pools"]


def httpcore_pools(*transports: Any) -> Iterator[Any]:
    """The pools of httpcore that transports of httpx, or ours over them, send through."""
    for transport in transports:
        pool = getattr(transport, "_pool", None)
        if isinstance(pool, httpcore.ConnectionPool | httpcore.AsyncConnectionPool):
            yield pool
        yield from httpcore_pools(*getattr(transport, "transports", ()))


async def close_lost_connections(client: httpx.AsyncClient) -> None:
    """Close connections that no request holds and that are not free for another one either.

    A task that is cancelled between being given a new connection and using it leaves one behind,
    and so does one that is cancelled during TLS through a proxy: httpcore counts them for ever.
    """
    for pool in httpcore_pools(client._transport, *client._mounts.values()):  # noqa: SLF001 - see above
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
    """Have `transports` close a connection whose TLS is cancelled, which httpcore leaves open."""
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

        # On the stream itself: one more layer would be passed at each read and write.
        setattr(stream, "start_tls", start_tls)  # noqa: B010 - of this stream alone
        return stream
