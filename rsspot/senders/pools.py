"""Several small connection pools in place of a large one.

httpcore looks at every connection of its pool for each request, so fifty requests at once cost
fifty times fifty looks. Ten pools of ten connections serve them in less than half the time.
"""

from __future__ import annotations

import httpx

__all__ = ["Pools"]

POOLS = 10


class Pools(httpx.AsyncBaseTransport):
    """A transport that gives each request to the least busy of its pools.

    `limits` are for all of them together. Requests one after another stay on the first pool, and
    so on one connection.
    """

    def __init__(self, *, limits: httpx.Limits, verify: object) -> None:
        share = httpx.Limits(
            max_connections=_share(limits.max_connections),
            max_keepalive_connections=_share(limits.max_keepalive_connections),
            keepalive_expiry=limits.keepalive_expiry,
        )
        self._pools = [
            httpx.AsyncHTTPTransport(verify=verify, limits=share)  # type: ignore[arg-type]  # as httpx.AsyncClient takes them
            for _ in range(POOLS)
        ]
        self._busy = [0] * POOLS

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        index = self._busy.index(min(self._busy))
        self._busy[index] += 1
        try:
            return await self._pools[index].handle_async_request(request)
        finally:
            self._busy[index] -= 1

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._pools:
            await pool.aclose()


def _share(total: int | None) -> int | None:
    return None if total is None else max(1, -(-total // POOLS))
