"""The database interface on sqlite. `rsspot.state.database` says what each method does."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING

from rsspot.state.sqlite.file import MEMORY
from rsspot.state.sqlite.locks import MemoryLocks, try_file
from rsspot.state.sqlite.records import Records
from rsspot.state.sqlite.schema import KEYS
from rsspot.state.sqlite.statements import insert, matching

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsspot.state.database import HeldLock, Row

__all__ = ["SQLite"]

DROPS = "SELECT drops FROM cache_size"
FORGET_OLDEST = "DELETE FROM http_cache WHERE id IN (SELECT id FROM http_cache ORDER BY id LIMIT ?)"
FORGET_EXPIRED = (
    "DELETE FROM http_cache WHERE id IN "
    "(SELECT id FROM http_cache WHERE expires_at < ? ORDER BY expires_at LIMIT ?)"
)
MOST_BYTES = 256 * 1024 * 1024
"""Of all bodies in the file together."""
STEP = 8
"""Rows that one insert forgets at most, so that none takes long."""


class SQLite(Records):
    """One state file, or one in memory."""

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__(path, timeout)
        self._memory_locks = MemoryLocks()

    def get(self, table: str, key: tuple[str, ...]) -> Row | None:
        with self.reading() as connection:
            found = connection.execute(
                f"SELECT * FROM {table} WHERE {matching(KEYS[table])}",  # noqa: S608 - our own names
                key,
            ).fetchone()
        return None if found is None else dict(found)

    def put(self, table: str, row: Row) -> None:
        with self.writing() as connection:
            connection.execute(insert(table, tuple(row), "OR REPLACE"), tuple(row.values()))

    def delete(self, table: str, key: tuple[str, ...]) -> None:
        condition = f" WHERE {matching(KEYS[table][: len(key)])}" if key else ""
        with self.writing() as connection:
            connection.execute(f"DELETE FROM {table}{condition}", key)  # noqa: S608 - our own names

    def rows(self, table: str, *, newest: int | None = None) -> list[Row]:
        order = ", ".join(KEYS[table])
        with self.reading() as connection:
            if newest is None:
                query = f"SELECT * FROM {table} ORDER BY {order}"  # noqa: S608 - our own names
                return [dict(row) for row in connection.execute(query)]
            query = f"SELECT * FROM {table} ORDER BY {order} DESC LIMIT ?"  # noqa: S608 - our own names
            return [dict(row) for row in connection.execute(query, (newest,))][::-1]

    def add(self, table: str, row: Row) -> None:
        with self.writing() as connection:
            connection.execute(insert(table, tuple(row)), tuple(row.values()))

    def put_cached(
        self, row: Row, most: int, *, generation: int | None = None, now: float | None = None
    ) -> bool:
        with self.writing() as connection:
            if generation not in {None, connection.execute(DROPS).fetchone()[0]}:
                return False
            key = (row["partition"], row["key"])
            connection.execute("DELETE FROM http_cache WHERE partition = ? AND key = ?", key)
            connection.execute(insert("http_cache", tuple(row)), tuple(row.values()))
            if now is not None:
                connection.execute(FORGET_EXPIRED, (now, STEP))
            # Triggers keep the sums, and the id the order: the table is never searched.
            count, size = connection.execute("SELECT count, bytes FROM cache_size").fetchone()
            while count > most or (size > MOST_BYTES and count > 1):
                excess = max(count - most, STEP if size > MOST_BYTES else 1)
                connection.execute(FORGET_OLDEST, (min(excess, count - 1) or 1,))
                count, size = connection.execute("SELECT count, bytes FROM cache_size").fetchone()
            return True

    def drop_cached(self, partition: str, paths: Sequence[str]) -> None:
        with self.writing() as connection:
            # Other processes shall notice also where there is no row to delete.
            connection.execute("UPDATE cache_size SET drops = drops + 1")
            for path in paths:
                # "0" comes after "/", so this range is what lies beneath the path.
                connection.execute(
                    "DELETE FROM http_cache WHERE partition = ? "
                    "AND (path = ? OR (path > ? AND path < ?))",
                    (partition, path, f"{path}/", f"{path}0"),
                )

    def generation(self) -> int:
        # This is on the path of every answer from memory, so it goes straight to the reader.
        reader = self._reader
        if reader is not None:
            with self._reading, suppress(sqlite3.Error):
                return int(reader.execute(DROPS).fetchone()[0])
        with self.reading() as connection:
            return int(connection.execute(DROPS).fetchone()[0])

    def try_lock(self, name: str, ttl: float) -> HeldLock | None:  # noqa: ARG002 - the kernel notices
        if self.path == MEMORY:
            return self._memory_locks.try_lock(name)
        return try_file(f"{self.path}.{name}.lock")
