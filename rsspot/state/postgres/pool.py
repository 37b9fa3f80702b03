"""A pool of connections for one event loop."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
from psycopg.pq import TransactionStatus

from rsspot.state.postgres.driver import check
from rsspot.state.postgres.failures import NotSent, busy

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Awaitable, Callable

    from rsspot.state.postgres.driver import AsyncBounded

__all__ = ["AsyncPool"]

REST = 600.0
"""Seconds that a connection may be unused."""


class AsyncPool:
    """Connections of one loop, opened by the callers that need them, without background tasks.

    The driver's pool has background tasks. If they are cancelled while they connect, they treat
    this as a failure to connect and continue, so a loop that is shut down waits for them forever.

    connect: makes a connection.
    size: maximum number of connections.
    patience: maximum seconds that `take` waits for one of them.
    """

    def __init__(
        self, connect: Callable[[], Awaitable[AsyncBounded]], size: int, patience: float
    ) -> None:
        self._connect = connect
        self._patience = patience
        self._free = size
        self._waiting: deque[Future[None]] = deque()
        self._resting: deque[tuple[float, AsyncBounded]] = deque()
        self._is_closed = False

    async def take(self) -> AsyncBounded:
        """Return a connection, which must be returned with `put`. Raises errors of the driver."""
        await self._enter()
        try:
            while self._resting:
                _, connection = self._resting.pop()
                try:
                    check(connection)
                except psycopg.Error:
                    await connection.close()
                else:
                    return connection
            return await self._connect()
        except BaseException:
            self._leave()
            raise

    async def put(self, connection: AsyncBounded) -> None:
        """Take a connection back; it is closed unless it can be used again."""
        try:
            with suppress(psycopg.Error):
                if connection.info.transaction_status in _BEGUN:
                    await connection.rollback()
        finally:
            try:
                await self._return(connection)
            finally:
                self._leave()

    async def _return(self, connection: AsyncBounded) -> None:
        import asyncio

        if self._is_closed or connection.info.transaction_status != TransactionStatus.IDLE:
            await connection.close()
            return
        now = asyncio.get_running_loop().time()
        self._resting.append((now, connection))
        while self._resting[0][0] < now - REST:
            await self._resting.popleft()[1].close()

    async def close(self) -> None:
        """Close idle connections; those in use are closed when they are put back."""
        self._is_closed = True
        while self._resting:
            await self._resting.pop()[1].close()

    async def _enter(self) -> None:
        import asyncio

        if self._free:
            self._free -= 1
            return
        loop = asyncio.get_running_loop()
        turn: Future[None] = loop.create_future()
        self._waiting.append(turn)
        alarm = loop.call_later(self._patience, _give_up, turn)
        try:
            await turn
        except NotSent:
            await (await self._connect()).close()  # which raises what the reason is
            raise
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._leave()
            raise
        finally:
            alarm.cancel()

    def _leave(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


_BEGUN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)


def _give_up(turn: Future[None]) -> None:
    if not turn.done():
        turn.set_exception(busy())
