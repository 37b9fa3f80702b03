"""Pools of connections: one in each process for its threads, and one for each event loop."""

from __future__ import annotations

import logging
import random
import sys
import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from rsspot.errors import StateClosed, StateUnavailable
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.flow.flow import Effect, run, sleep
from rsspot.flow.forks import reset_in_child
from rsspot.state.postgres.driver import AsyncBounded, Bounded, adrive, arguments, check, drive
from rsspot.state.postgres.failures import (
    NotSent,
    as_state_error,
    busy,
    connection_error,
    outcome_of,
)
from rsspot.state.postgres.migrating import migrate
from rsspot.state.postgres.opening import is_pooler, look
from rsspot.state.postgres.pool import AsyncPool

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import AsyncGenerator, Callable

    from rsspot.config.state_location import ServerLocation
    from rsspot.errors import RSSpotError
    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.state.postgres.driver import Isolation, Steps

__all__ = ["Connections", "Lane"]

T = TypeVar("T")

Lane: TypeAlias = Literal["work", "heartbeat"]
"""Which pool: the one for most things, or the one that is reserved for renewing leases."""

SIZES: dict[Lane, int] = {"work": 8, "heartbeat": 1}
"""The maximum of connections of a process; they are made as they are needed."""
FIRST, LONGEST = 0.01, 0.5
"""Seconds between two attempts."""

_Pools = dict[Lane, "ConnectionPool[Bounded]"]
_AsyncPools = dict[Lane, AsyncPool]


class Connections:
    """Connections to one schema, made when they are needed. Safe from threads, loops and forks.

    where: the server, the database and the schema.
    patience: for how many seconds an operation is tried again where the server cannot be used;
    also what a statement, a lock and a connection may take.
    clock: by which that is measured.
    """

    def __init__(self, where: ServerLocation, patience: float, clock: Clock = SYSTEM_CLOCK) -> None:
        self.where = where
        self.patience: float = max(0.1, patience)
        self._clock = clock
        self._closed = False
        self.is_ready = False
        """Whether server and schema have been checked."""
        self.is_pooled = False
        """Whether a pooler in transaction mode is in between."""
        self._begin()
        reset_in_child(self)

    def _begin(self) -> None:
        self._guard = threading.Lock()
        self._pools: _Pools = {}
        self._loops: weakref.WeakKeyDictionary[
            AbstractEventLoop, tuple[_AsyncPools, AsyncGenerator[None]]
        ] = weakref.WeakKeyDictionary()

    def after_fork(self) -> None:
        """Start over in a child process, which must not end the connections of the parent."""
        _parents.append((self._pools, self._loops))
        self._begin()

    def run(
        self,
        steps: Callable[[bool], Steps[T]],
        isolation: Isolation = "none",
        lane: Lane = "work",
    ) -> T:
        """Carry out an operation; `flow` says how."""
        return run(self.flow(steps, isolation, lane))

    def flow(
        self,
        steps: Callable[[bool], Steps[T]],
        isolation: Isolation = "none",
        lane: Lane = "work",
    ) -> Flow[T]:
        """Carry out an operation, and try again while that may help, within the patience.

        steps: makes the statements; it is passed whether an attempt before may have succeeded.

        Raises `StateError`, `StateUnavailable` and `InvalidInput`, and nothing of the driver's.
        """
        ends = self._clock.monotonic() + self.patience
        again, pause = False, FIRST
        while True:
            try:
                yield _Open(self)
                result: T = yield _Attempt(self, steps, again, isolation, lane)
            except psycopg.Error as error:
                again = again or outcome_of(error) == "unknown"
                failure = self._error(error)
                if (
                    not isinstance(failure, StateUnavailable)
                    or not self.is_ready  # a URL that is wrong is wrong at once
                    or self._clock.monotonic() + pause >= ends
                ):
                    raise failure from None
            else:
                return result
            yield from sleep(self._clock, pause * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
            pause = min(2 * pause, LONGEST)

    def _error(self, error: psycopg.Error) -> RSSpotError:
        if isinstance(error, NotSent):
            return connection_error(error, self.where)
        return as_state_error(error, self.where)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of connections. Raises `StateClosed`."""
        self.refuse_closed()
        return arguments(self.where, self.patience, is_pooled=self.is_pooled)

    @property
    def prefix(self) -> str:
        """The settings at the start of each transaction, if the connection cannot keep them."""
        if not self.is_pooled:
            return ""
        limit = int(self.patience * 1000)
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        settings = ", ".join(f"set_config('{name}', '{limit}', true)" for name in names)
        return f"SELECT {settings}"

    def refuse_closed(self) -> None:
        """Raise `StateClosed` after `close`."""
        if self._closed:
            raise StateClosed("This state store is closed", path=self.where.shown)

    def make_ready(self) -> None:
        """Check the server and the schema, unless that has been done. Raises `StateError`."""
        try:
            run(_opened(self))
        except psycopg.Error as error:
            raise self._error(error) from None

    def connect(self) -> Bounded:
        """Return a connection beside the pools. Raises errors of the driver."""
        try:
            connection = Bounded.connect(**self.arguments())
        except psycopg.Error as error:
            raise _refused(error) from None
        connection.limit = self.patience
        return connection

    async def aconnect(self) -> AsyncBounded:
        """Return a connection beside the pools, in an event loop."""
        try:
            connection = await AsyncBounded.connect(**self.arguments())
        except psycopg.Error as error:
            raise _refused(error) from None
        connection.limit = self.patience
        return connection

    def pool(self, lane: Lane) -> ConnectionPool[Bounded]:
        """Return the pool for threads."""
        known = self._pools.get(lane)
        if known is not None:
            return known
        given = self.arguments()
        with self._guard:
            if lane not in self._pools:

                def configure(connection: Bounded) -> None:
                    connection.limit = self.patience

                made = ConnectionPool(
                    given.pop("conninfo"), connection_class=Bounded, kwargs=given,
                    min_size=0, max_size=SIZES[lane], open=False, check=check,
                    configure=configure, num_workers=1, reconnect_timeout=self.patience,
                    name=f"rsspot-{lane}",
                )  # fmt: skip
                made.open()
                self._pools[lane] = made
            return self._pools[lane]

    async def apool(self, lane: Lane) -> AsyncPool:
        """Return the pool for the running loop, which is closed when the loop is shut down."""
        import asyncio

        self.refuse_closed()
        loop = asyncio.get_running_loop()
        with self._guard:
            known = self._loops.get(loop)
            if known is None:
                pools: _AsyncPools = {
                    each: AsyncPool(self.aconnect, size, self.patience)
                    for each, size in SIZES.items()
                }
                known = self._loops[loop] = pools, self._lifetime(pools)
                is_new = True
            else:
                is_new = False
        if is_new:
            await anext(known[1])
        return known[0][lane]

    async def _lifetime(self, pools: _AsyncPools) -> AsyncGenerator[None]:
        # A loop that is shut down closes its async generators, and with this one the pools.
        import asyncio

        try:
            yield
        finally:
            with self._guard:
                self._loops.pop(asyncio.get_running_loop(), None)
            for pool in pools.values():
                await pool.close()

    def close(self) -> None:
        """Close everything permanently; the pools of another loop end with that loop."""
        import asyncio

        self._closed = True
        with self._guard:
            pools, self._pools = self._pools, {}
            loops = [*self._loops.items()]
        for pool in pools.values():
            pool.close(timeout=self.patience)
        for loop, (_, lifetime) in loops:
            with suppress(RuntimeError):  # it is closed
                asyncio.run_coroutine_threadsafe(lifetime.aclose(), loop)


def _refused(error: psycopg.Error) -> NotSent:
    if isinstance(error, NotSent):
        return error
    return NotSent(str(error))


class _Open(Effect[None]):
    """Look at the server and the schema once, before the first operation."""

    __slots__ = ("_all",)

    def __init__(self, connections: Connections) -> None:
        self._all = connections

    def run(self) -> None:
        if self._all.is_ready:
            return
        try:
            connection = self._all.connect()
        except NotSent as error:
            if not self._detected(error):
                raise
            connection = self._all.connect()
        try:
            where, prefix = self._all.where, self._all.prefix
            if drive(connection, look(where, connection.info), "none", prefix):
                steps = migrate(where, connection.info, after=False)
                drive(connection, steps, "READ COMMITTED", prefix)
        finally:
            connection.close()
        self._all.is_ready = True

    async def arun(self) -> None:
        if self._all.is_ready:
            return None
        if sys.platform == "win32":
            return await _in_thread(self.run)
        try:
            connection = await self._all.aconnect()
        except NotSent as error:
            if not self._detected(error):
                raise
            connection = await self._all.aconnect()
        try:
            where, prefix = self._all.where, self._all.prefix
            if await adrive(connection, look(where, connection.info), "none", prefix):
                steps = migrate(where, connection.info, after=False)
                await adrive(connection, steps, "READ COMMITTED", prefix)
        finally:
            await connection.close()
        self._all.is_ready = True
        return None

    def _detected(self, error: NotSent) -> bool:
        if self._all.is_pooled or not is_pooler(error):
            return False
        self._all.is_pooled = True
        return True


class _Attempt(Effect[T]):
    """One attempt at an operation, over a connection of a pool."""

    __slots__ = ("_again", "_all", "_isolation", "_lane", "_steps")

    def __init__(
        self,
        connections: Connections,
        steps: Callable[[bool], Steps[T]],
        again: bool,  # noqa: FBT001 - private
        isolation: Isolation,
        lane: Lane,
    ) -> None:
        self._all = connections
        self._steps = steps
        self._again = again
        self._isolation: Isolation = isolation
        self._lane: Lane = lane

    def run(self) -> T:
        pool = self._all.pool(self._lane)
        try:
            connection = pool.getconn(self._all.patience)
        except PoolTimeout:
            self._all.connect().close()  # which raises what the reason is
            raise busy() from None
        try:
            steps = self._steps(self._again)
            return drive(connection, steps, self._isolation, self._all.prefix)
        finally:
            pool.putconn(connection)

    async def arun(self) -> T:
        if sys.platform == "win32":
            return await _in_thread(self.run)
        pool = await self._all.apool(self._lane)
        connection = await pool.take()
        try:
            steps = self._steps(self._again)
            return await adrive(connection, steps, self._isolation, self._all.prefix)
        finally:
            await pool.put(connection)


def _opened(connections: Connections) -> Flow[None]:
    yield _Open(connections)


async def _in_thread(call: Callable[[], T]) -> T:
    # The usual loop of Windows cannot wait for a socket as the driver has it.
    from rsspot.flow.executors import in_thread

    return await in_thread("store", call)


# Where nobody listens to the log, it does not write to stderr what is tried again here anyway.
logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())

_parents: list[Any] = []
"""Pools of a parent process: nothing in them is touched, nor collected."""
