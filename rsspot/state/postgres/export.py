"""All records with their histories, as they were at one moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import psycopg

from rsspot.state.postgres.driver import execute
from rsspot.state.postgres.failures import as_state_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsspot.state.database import AuditEntry, Row
    from rsspot.state.postgres.connections import Connections
    from rsspot.state.postgres.driver import Bounded, Steps
    from rsspot.state.postgres.operations import Operations
    from rsspot.state.postgres.records import Records

__all__ = ["pages"]

T = TypeVar("T")
BEGIN = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    # Whoever takes the pages may be a person who reads them.
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


def pages(
    operations: Operations, connections: Connections, records: Records, where: Row, page: int
) -> Iterator[list[tuple[Row, list[AuditEntry]]]]:
    """Return the records with these values in pages of `page`, all of one snapshot.

    Positions are not in the order of commits, so that pages of several snapshots could miss one.
    The connection is one of its own, for as long as pages are taken. Raises `StateError`.
    """
    operations.make_ready()
    try:
        with connections.connect() as connection:
            for text in BEGIN:
                connection.execute(text)
            after = 0
            while rows := _ask(connection, records.page(where, after, page)):
                after = rows[-1]["position"]
                histories = _ask(connection, records.histories([row["key"] for row in rows]))
                yield [(row, histories[row["key"]]) for row in rows]
            connection.execute("COMMIT")
    except psycopg.Error as error:
        raise as_state_error(error, connections.where) from None


def _ask(connection: Bounded, steps: Callable[[bool], Steps[T]]) -> T:
    return execute(connection, steps(False), "none", "")  # noqa: FBT003 - one flag
