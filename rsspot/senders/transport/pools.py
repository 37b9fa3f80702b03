"""Several small connection pools in place of a large one.

httpcore looks at every connection of its pool for each request, so fifty requests at once cost
fifty times fifty looks. Ten pools of ten connections serve them in less than half the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

__all__ = ["Pools"]

POOLS = 10


class Pools(httpx.AsyncBaseTransport):
    """A transport that gives each request to the least busy of its pools.

    `limits` are for all of them together; the other options are those of
    `httpx.AsyncHTTPTransport`. Requests one after another stay on the first pool, and so on one
    connection. A pool is busy with a request until the body of its response is closed.
    """

    def __init__(self, *, limits: httpx.Limits, **options: Any) -> None:
        count = max(1, min(POOLS, limits.max_connections or POOLS))
        self.transports = [
            httpx.AsyncHTTPTransport(limits=_share(limits, index, count), **options)
            for index in range(count)
        ]
        self._busy = [0] * count

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        index = self._busy.index(min(self._busy))
        self._busy[index] += 1

        def release() -> None:
            self._busy[index] -= 1

        try:
            response = await self.transports[index].handle_async_request(request)
        except BaseException:
            release()
            raise
        response.stream = _Body(response.stream, release)
        return response

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in self.transports:
            await transport.aclose()


class _Body(httpx.AsyncByteStream):
    """The body of a response, which says when it is closed."""

    def __init__(self, stream: Any, release: Callable[[], None]) -> None:
        self._body = stream
        self._release: Callable[[], None] | None = release

    def __aiter__(self) -> AsyncIterator[bytes]:
        return aiter(self._body)

    async def aclose(self) -> None:
        release, self._release = self._release, None
        try:
            await self._body.aclose()
        finally:
            if release is not None:
                release()


def _share(limits: httpx.Limits, index: int, count: int) -> httpx.Limits:
    """The limits of one of `count` pools."""

    def part(total: int | None) -> int | None:
        return None if total is None else total // count + (index < total % count)

    return httpx.Limits(
        max_connections=part(limits.max_connections),
        max_keepalive_connections=part(limits.max_keepalive_connections),
        keepalive_expiry=limits.keepalive_expiry,
    )
