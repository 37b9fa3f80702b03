"""Operations on a schema: attempted again while that may help, in threads and in event loops."""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING, TypeVar

import psycopg
from psycopg_pool import PoolTimeout

from rsspot.errors import StateUnavailable
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.flow.flow import Effect, run, sleep
from rsspot.state.postgres.driver import aexecute, execute
from rsspot.state.postgres.failures import (
    NotSent,
    as_state_error,
    busy,
    connection_error,
    outcome_of,
)
from rsspot.state.postgres.migrating import migrate
from rsspot.state.postgres.opening import look

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.errors import RSSpotError
    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.state.postgres.connections import Connections, Lane
    from rsspot.state.postgres.driver import Isolation, Steps

__all__ = ["Operations"]

T = TypeVar("T")
FIRST, LONGEST = 0.01, 0.5
"""Seconds between two attempts."""


class Operations:
    """Carries out operations over connections.

    connections: the connections to use; an operation is attempted for the seconds of their
    `patience`.
    clock: the clock that measures those seconds.
    """

    def __init__(self, connections: Connections, clock: Clock = SYSTEM_CLOCK) -> None:
        self._connections = connections
        self._clock = clock

    def run(
        self,
        steps: Callable[[bool], Steps[T]],
        isolation: Isolation = "none",
        lane: Lane = "work",
    ) -> T:
        """Carry out an operation in this thread, as `flow` does."""
        return run(self.flow(steps, isolation, lane))

    def flow(
        self,
        steps: Callable[[bool], Steps[T]],
        isolation: Isolation = "none",
        lane: Lane = "work",
    ) -> Flow[T]:
        """Carry out an operation, and attempt it again while that may help.

        steps: makes the statements; its argument is whether an earlier attempt may have succeeded.
        isolation: the kind of transaction around them.
        lane: the pool to take the connection from.

        Raises `StateError`, `StateUnavailable` and `InvalidInput`, and no error of the driver.
        """
        ends = self._clock.monotonic() + self._connections.patience
        again, pause = False, FIRST
        while True:
            try:
                yield _Open(self._connections)
                result: T = yield _Attempt(self._connections, steps, again, isolation, lane)
            except psycopg.Error as error:
                again = again or outcome_of(error) == "unknown"
                failure = self._error(error)
                if (
                    not isinstance(failure, StateUnavailable)
                    or not self._connections.is_ready  # a wrong URL is reported at once
                    or self._clock.monotonic() + pause >= ends
                ):
                    raise failure from None
            else:
                return result
            yield from sleep(self._clock, pause * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
            pause = min(2 * pause, LONGEST)

    def make_ready(self) -> None:
        """Check the server and the schema, unless that has been done. Raises `StateError`."""
        try:
            _Open(self._connections).run()
        except psycopg.Error as error:
            raise self._error(error) from None

    def _error(self, error: psycopg.Error) -> RSSpotError:
        convert = connection_error if isinstance(error, NotSent) else as_state_error
        return convert(error, self._connections.where)


class _Open(Effect[None]):
    """Check the server and the schema once, before the first operation."""

    __slots__ = ("_connections",)

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def run(self) -> None:
        if self._connections.is_ready:
            return
        connection = self._connections.connect_first()
        try:
            where, prefix = self._connections.where, self._connections.prefix
            if execute(connection, look(where, connection.info), "none", prefix):
                steps = migrate(where, connection.info, after=False)
                execute(connection, steps, "READ COMMITTED", prefix)
        finally:
            connection.close()
        self._connections.is_ready = True

    async def arun(self) -> None:
        if self._connections.is_ready:
            return
        # Once in a process, and a migration has many statements.
        await _in_thread(self.run)


class _Attempt(Effect[T]):
    """One attempt at an operation, over a connection of a pool."""

    __slots__ = ("_again", "_connections", "_isolation", "_lane", "_steps")

    def __init__(
        self,
        connections: Connections,
        steps: Callable[[bool], Steps[T]],
        again: bool,  # noqa: FBT001 - private
        isolation: Isolation,
        lane: Lane,
    ) -> None:
        self._connections = connections
        self._steps = steps
        self._again = again
        self._isolation: Isolation = isolation
        self._lane: Lane = lane

    def run(self) -> T:
        pool = self._connections.pool(self._lane)
        try:
            connection = pool.getconn(self._connections.patience)
        except PoolTimeout:
            self._connections.connect().close()  # which raises the reason
            raise busy() from None
        try:
            steps = self._steps(self._again)
            return execute(connection, steps, self._isolation, self._connections.prefix)
        finally:
            pool.putconn(connection)

    async def arun(self) -> T:
        if sys.platform == "win32":
            # The default event loop of Windows cannot wait for a socket as the driver needs it.
            return await _in_thread(self.run)
        pool = await self._connections.apool(self._lane)
        connection = await pool.take()
        try:
            steps = self._steps(self._again)
            return await aexecute(connection, steps, self._isolation, self._connections.prefix)
        finally:
            await pool.put(connection)


async def _in_thread(call: Callable[[], T]) -> T:
    from rsspot.flow.executors import in_thread

    return await in_thread("store", call)
