"""Connections whose calls all end in time, and the statements of one operation over them."""

from __future__ import annotations

import os
import select
import time
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import dict_row

from rsspot.state.postgres.adapting import ADAPTERS
from rsspot.state.postgres.failures import NotSent

if TYPE_CHECKING:
    from collections.abc import Generator

    from psycopg.abc import PQGen

    from rsspot.config.state_location import ServerLocation
    from rsspot.state.database import Row

__all__ = [
    "MARK",
    "AsyncBounded",
    "Bounded",
    "Isolation",
    "Statement",
    "Steps",
    "aexecute",
    "arguments",
    "check",
    "execute",
    "session_settings",
]

T = TypeVar("T")
MIN_CONNECT = 2
"""Minimum `connect_timeout` of libpq, in seconds."""
MARK = "IntervalStyle", "iso_8601"
"""A setting that the server reports and that rsspot does not need. If a session does not have it, a
pooler has dropped all settings."""
GRACE = 1.0
"""Seconds that the server has after its own time limit to report that a statement exceeded it."""


class Statement(NamedTuple):
    """Text for the driver, and the values in it."""

    text: str
    values: dict[str, Any]


Steps: TypeAlias = "Generator[Statement, list[Row], T]"
"""One operation: yields statements, is sent their rows, and returns its result."""

Isolation: TypeAlias = Literal["none", "READ COMMITTED", "REPEATABLE READ, READ ONLY"]
"""The isolation level of the transaction; "none" for an operation of one statement."""


def session_settings(seconds: float) -> dict[str, str]:
    """Return the settings of a session, whatever is set for the role or the database.

    seconds: maximum seconds of a statement, of a wait for a lock, and between two statements.
    """
    limit = str(int(seconds * 1000))
    return {
        "statement_timeout": limit,
        "lock_timeout": limit,
        "idle_in_transaction_session_timeout": limit,
        # What the driver relies on: times in a form that it reads, with all their digits, and NULL
        # in arrays.
        "DateStyle": "ISO",
        "extra_float_digits": "1",
        "array_nulls": "on",
    }


def arguments(where: ServerLocation, seconds: float, *, is_pooled: bool) -> dict[str, Any]:
    """Return the arguments of the driver for a connection.

    seconds: maximum seconds of a statement, of a wait for a lock, and of connecting.
    is_pooled: whether a pooler in transaction mode is in between, which accepts no settings.
    """
    limit = int(seconds * 1000)
    settings = {
        **session_settings(seconds),
        "default_transaction_isolation": r"read\ committed",
        MARK[0]: MARK[1],
    }
    found: dict[str, Any] = {
        "conninfo": where.url,
        "autocommit": True,
        "row_factory": dict_row,
        "context": ADAPTERS,
        "client_encoding": "utf8",
        "connect_timeout": max(MIN_CONNECT, int(seconds)),
        # tcp(7): a lost peer is detected, whether data was sent or not.
        "tcp_user_timeout": limit,
        "keepalives_idle": max(1, int(seconds)),
        "keepalives_interval": max(1, int(seconds / 3)),
        "keepalives_count": 3,
    }
    known = conninfo_to_dict(where.url)
    found = {name: value for name, value in found.items() if name not in known}
    # An argument would take precedence over the variables of libpq.
    known = {**_variables(), **known}
    found.setdefault("application_name", known.get("application_name", "rsspot"))
    if is_pooled:
        found["prepare_threshold"] = None
    else:
        own = " ".join(f"-c {name}={value}" for name, value in settings.items())
        found["options"] = f"{own} {known.get('options', '')}".strip()
    return found


def _variables() -> dict[str, Any]:
    names = {"application_name": "PGAPPNAME", "options": "PGOPTIONS"}
    return {name: os.environ[each] for name, each in names.items() if os.environ.get(each)}


class Bounded(psycopg.Connection["Row"]):
    """A connection on which no call waits for longer than `limit` seconds."""

    limit: float = 30.0

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Wait for the server, and give the connection up when that takes too long."""
        return super().wait(_bounded(self, gen), interval, timeout)


class AsyncBounded(psycopg.AsyncConnection["Row"]):
    """The same for an event loop."""

    limit: float = 30.0

    async def wait(
        self,
        gen: PQGen[T],
        interval: float = 0.1,
        timeout: float | None = None,  # noqa: ASYNC109 - as it is there
    ) -> T:
        """Wait for the server, and give the connection up when that takes too long."""
        return await super().wait(_bounded(self, gen), interval, timeout)


def _bounded(connection: Bounded | AsyncBounded, gen: PQGen[T]) -> PQGen[T]:
    # A server that is cut off never responds. The driver stops waiting every `interval`, and sends
    # a 0 if nothing came.
    ends = time.monotonic() + connection.limit + GRACE
    try:
        state = next(gen)
        while True:
            ready = yield state
            if not ready and time.monotonic() > ends:
                connection.pgconn.finish()
                raise psycopg.OperationalError("The server did not respond in time")
            state = gen.send(ready)
    except StopIteration as stop:
        result: T = stop.value
        return result


def check(connection: Bounded | AsyncBounded) -> None:
    """Check that an idle connection is still open, without a round trip to the server.

    If the server has closed it, its socket can be read. Raises an error of the driver.
    """
    descriptor = connection.pgconn.socket
    poll = select.poll() if hasattr(select, "poll") else None
    if poll is None:
        readable = bool(select.select([descriptor], [], [], 0)[0])
    else:
        poll.register(descriptor, select.POLLIN)
        readable = bool(poll.poll(0))
    if readable:
        connection.pgconn.consume_input()  # raises where it was closed
        if connection.pgconn.status != psycopg.pq.ConnStatus.OK:
            raise NotSent("The connection was closed")


def execute(connection: Bounded, steps: Steps[T], isolation: Isolation, prefix: str) -> T:
    """Carry out an operation over a connection.

    prefix: a statement that goes first in the same transaction; may be empty.
    """
    cursor = connection.cursor()
    whole = _in_transaction(steps, isolation, prefix)
    try:
        text, values = next(whole)
        while True:
            cursor.execute(text.encode(), values)
            text, values = whole.send(cursor.fetchall() if cursor.rownumber is not None else [])
    except StopIteration as stop:
        result: T = stop.value
        return result


async def aexecute(
    connection: AsyncBounded, steps: Steps[T], isolation: Isolation, prefix: str
) -> T:
    """Carry out an operation over a connection of an event loop, like `execute`."""
    cursor = connection.cursor()
    whole = _in_transaction(steps, isolation, prefix)
    try:
        text, values = next(whole)
        while True:
            await cursor.execute(text.encode(), values)
            has_rows = cursor.rownumber is not None
            text, values = whole.send(await cursor.fetchall() if has_rows else [])
    except StopIteration as stop:
        result: T = stop.value
        return result


def _in_transaction(steps: Steps[T], isolation: Isolation, prefix: str) -> Steps[T]:
    """Yield the statements of an operation, in a transaction where it needs one."""
    if isolation == "none" and not prefix:
        return (yield from steps)
    level = "READ COMMITTED" if isolation == "none" else isolation
    yield Statement(f"BEGIN ISOLATION LEVEL {level}", {})
    if prefix:
        yield Statement(prefix, {})
    result = yield from steps
    yield Statement("COMMIT", {})
    return result
