"""Pools of connections: one in each process for its threads, and one for each event loop."""

from __future__ import annotations

import logging
import re
import threading
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import psycopg
from psycopg_pool import ConnectionPool

from rsspot.errors import StateClosed
from rsspot.flow.forks import reset_in_child
from rsspot.state.postgres.driver import (
    MARK,
    AsyncBounded,
    Bounded,
    arguments,
    check,
    session_settings,
)
from rsspot.state.postgres.failures import NotSent
from rsspot.state.postgres.pool import AsyncPool

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import AsyncGenerator

    from rsspot.config.state_location import ServerLocation

__all__ = ["Connections", "Lane"]

Lane: TypeAlias = Literal["work", "heartbeat"]
"""Which pool: the one for most things, or the one that is reserved for renewing leases."""

SIZES: dict[Lane, int] = {"work": 8, "heartbeat": 1}
"""The maximum of connections of a process; they are made as they are needed."""

_Pools = dict[Lane, "ConnectionPool[Bounded]"]
_AsyncPools = dict[Lane, AsyncPool]


class Connections:
    """Connections to one schema, made when they are needed. Safe from threads, loops and forks.

    where: the server, the database and the schema.
    patience: maximum seconds of a statement, of a wait for a lock, and of connecting.
    """

    def __init__(self, where: ServerLocation, patience: float) -> None:
        self.where = where
        self.patience: float = max(0.1, patience)
        self._closed = False
        self.is_ready: bool = False
        """Whether server and schema have been checked."""
        self.is_pooled: bool = False
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

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of connections. Raises `StateClosed`."""
        self.refuse_closed()
        return arguments(self.where, self.patience, is_pooled=self.is_pooled)

    @property
    def prefix(self) -> str:
        """The settings at the start of each transaction, if the connection cannot keep them."""
        if not self.is_pooled:
            return ""
        settings = session_settings(self.patience).items()
        calls = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings)
        return f"SELECT {calls}"

    def refuse_closed(self) -> None:
        """Raise `StateClosed` after `close`."""
        if self._closed:
            raise StateClosed("This state store is closed", path=self.where.shown)

    def connect(self) -> Bounded:
        """Return a connection beside the pools. Raises errors of the driver."""
        try:
            connection = Bounded.connect(**self.arguments())
        except psycopg.Error as error:
            raise _refused(error) from None
        connection.limit = self.patience
        return connection

    def connect_first(self) -> Bounded:
        """Return a connection beside the pools, and detect a pooler in transaction mode.

        It accepts no settings, or drops them, as a session may get another connection for each
        transaction. Raises errors of the driver.
        """
        if not self.is_pooled:
            try:
                connection = self.connect()
            except NotSent as error:
                if not _REFUSED_SETTINGS.search(str(error)):
                    raise
            else:
                if connection.info.parameter_status(MARK[0]) in {MARK[1], None}:
                    return connection
                connection.close()
            self.is_pooled = True
        return self.connect()

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


_REFUSED_SETTINGS = re.compile(r"unsupported startup parameter|command-line options")
"""What PgBouncer and Amazon RDS Proxy say."""


# Where nobody listens to the log, it does not write to stderr what is tried again here anyway.
logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())

_parents: list[Any] = []
"""Pools of a parent process: nothing in them is touched, nor collected."""
