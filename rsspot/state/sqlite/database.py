"""The database interface on sqlite; `rsspot.state.database` documents each method."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from rsspot.state.sqlite.file import MEMORY
from rsspot.state.sqlite.locks import MemoryLocks, try_named
from rsspot.state.sqlite.records import Records
from rsspot.state.sqlite.schema import KEYS
from rsspot.state.sqlite.statements import insert, matching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsspot.state.database import HeldLock, Row
    from rsspot.state.sqlite.lease_clock import LeaseClock

__all__ = ["SQLite"]

DROPS = "SELECT drops FROM cache_size"
CACHED = (
    "SELECT drops, path, meta, body, expires_at FROM cache_size "
    "LEFT JOIN http_cache ON partition = ? AND key = ?"
)
FORGET_OLDEST = "DELETE FROM http_cache WHERE id IN (SELECT id FROM http_cache ORDER BY id LIMIT ?)"
FORGET_EXPIRED = (
    "DELETE FROM http_cache WHERE id IN "
    "(SELECT id FROM http_cache WHERE expires_at < ? ORDER BY expires_at LIMIT ?)"
)
MAX_BYTES = 256 * 1024 * 1024
"""Maximum bytes of all bodies in the file together."""
STEP = 8
"""Maximum rows that one insert deletes, so that no insert takes long."""


class SQLite(Records):
    """One state file, or one in memory."""

    is_shared = False

    def __init__(
        self,
        path: str,
        timeout: float,
        clock: LeaseClock | None = None,
        *,
        allow_foreign_owner: bool = False,
    ) -> None:
        super().__init__(path, timeout, clock, allow_foreign_owner=allow_foreign_owner)
        self._memory_locks = MemoryLocks()

    def _begin(self) -> None:
        super()._begin()
        self._counter: sqlite3.Cursor | None = None
        """A cursor of the reader for `generation`: a new one for each call takes longer."""

    def get(self, table: str, key: tuple[str, ...]) -> Row | None:
        query = f"SELECT * FROM {table} WHERE {matching(KEYS[table])}"  # noqa: S608 - our own names
        found = self.read(lambda it: it.execute(query, key).fetchone(), is_hot=True)
        return None if found is None else dict(found)

    def put(self, table: str, row: Row) -> None:
        statement = insert(table, tuple(row), "OR REPLACE")
        self.write(lambda connection: connection.execute(statement, tuple(row.values())))

    def delete(self, table: str, key: tuple[str, ...]) -> None:
        condition = f" WHERE {matching(KEYS[table][: len(key)])}" if key else ""
        statement = f"DELETE FROM {table}{condition}"  # noqa: S608 - our own names
        self.write(lambda connection: connection.execute(statement, key))

    def rows(self, table: str, *, newest: int | None = None) -> list[Row]:
        order = ", ".join(KEYS[table])
        query = f"SELECT * FROM {table} ORDER BY {order}"  # noqa: S608 - our own names
        values: tuple[int, ...] = ()
        if newest is not None:
            query, values = f"{query} DESC LIMIT ?", (newest,)
        found = self.read(lambda connection: connection.execute(query, values).fetchall())
        rows = [dict(row) for row in found]
        return rows if newest is None else rows[::-1]

    def add(self, table: str, row: Row) -> None:
        statement = insert(table, tuple(row))
        self.write(lambda connection: connection.execute(statement, tuple(row.values())))

    def get_cached(self, partition: str, key: str) -> tuple[tuple[str, Any, Any, Any] | None, int]:
        drops, *columns = self.read(
            lambda it: it.execute(CACHED, (partition, key)).fetchone(), is_hot=True
        )
        path, meta, body, expires_at = columns
        return (None if path is None else (path, meta, body, expires_at)), drops

    def put_cached(
        self, row: Row, most: int, *, generation: int | None = None, now: float | None = None
    ) -> bool:
        def work(connection: sqlite3.Connection) -> bool:
            if generation not in {None, connection.execute(DROPS).fetchone()[0]}:
                return False
            key = (row["partition"], row["key"])
            connection.execute("DELETE FROM http_cache WHERE partition = ? AND key = ?", key)
            connection.execute(insert("http_cache", tuple(row)), tuple(row.values()))
            if now is not None:
                connection.execute(FORGET_EXPIRED, (now, STEP))
            # Triggers maintain the sums, and ids give the order, so the table is never scanned.
            count, size = connection.execute("SELECT count, bytes FROM cache_size").fetchone()
            while count > most or (size > MAX_BYTES and count > 1):
                excess = max(count - most, STEP if size > MAX_BYTES else 1)
                connection.execute(FORGET_OLDEST, (min(excess, count - 1) or 1,))
                count, size = connection.execute("SELECT count, bytes FROM cache_size").fetchone()
            return True

        return self.write(work)

    def drop_cached(self, partition: str, paths: Sequence[str]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            # Other processes must notice the change even if there is no row to delete.
            connection.execute("UPDATE cache_size SET drops = drops + 1")
            for path in paths:
                # "0" sorts after "/", so this range has all paths below this one.
                connection.execute(
                    "DELETE FROM http_cache WHERE partition = ? "
                    "AND (path = ? OR (path > ? AND path < ?))",
                    (partition, path, f"{path}/", f"{path}0"),
                )

        self.write(work)

    def generation(self) -> int:
        # Every response from memory needs this, so it takes the shortest way.
        counter = self._counter
        if counter is not None:
            with self._reading:
                self._files.check_now_and_then()
                try:
                    row = counter.execute(DROPS).fetchone()
                except sqlite3.Error:
                    pass  # for example because it is closed
                else:
                    return int(row[0])
        return self.read(self._open_counter)

    def _open_counter(self, reader: sqlite3.Connection) -> int:
        counter = reader.cursor()
        counter.row_factory = None
        self._counter = counter
        return int(counter.execute(DROPS).fetchone()[0])

    def try_lock(self, name: str, ttl: float) -> HeldLock | None:  # noqa: ARG002 - the kernel notices
        if self.path == MEMORY:
            return self._memory_locks.try_lock(name)
        return try_named(self.path, name)
