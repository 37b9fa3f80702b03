"""The database interface on sqlite: a reader and a writer, so that reads never wait for commits."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from rsspot.errors import StateError
from rsspot.files import file_lock
from rsspot.state.database import AuditEntry
from rsspot.state.sqlite.file import MEMORY, connect, translated
from rsspot.state.sqlite.schema import KEYS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence
    from contextlib import AbstractContextManager

    from rsspot.state.database import LedgerRow, Row

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


class SQLite:
    """One state file, or one in memory. Safe from many threads, processes, and across `fork`."""

    def __init__(self, path: str, timeout: float) -> None:
        self.path = path
        self.timeout = timeout
        self._closed = False
        self._memory_locks: dict[str, threading.Lock] = {}
        self._reset()

    def _reset(self) -> None:
        self._pid = os.getpid()
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._reading = threading.RLock()
        # In memory there is one connection, and so one lock.
        self._writing = self._reading if self.path == MEMORY else threading.RLock()

    def get(self, table: str, key: tuple[str, ...]) -> Row | None:
        with self._read() as connection:
            found = connection.execute(
                f"SELECT * FROM {table} WHERE {_where(KEYS[table])}",  # noqa: S608 - our own names
                key,
            ).fetchone()
        return None if found is None else dict(found)

    def put(self, table: str, row: Row) -> None:
        with self._write() as connection:
            connection.execute(_insert(table, row, "OR REPLACE"), tuple(row.values()))

    def delete(self, table: str, key: tuple[str, ...]) -> None:
        condition = f" WHERE {_where(KEYS[table][: len(key)])}" if key else ""
        with self._write() as connection:
            connection.execute(f"DELETE FROM {table}{condition}", key)  # noqa: S608 - our own names

    def rows(self, table: str, *, newest: int | None = None) -> list[Row]:
        order = ", ".join(KEYS[table])
        with self._read() as connection:
            if newest is None:
                query = f"SELECT * FROM {table} ORDER BY {order}"  # noqa: S608 - our own names
                return [dict(row) for row in connection.execute(query)]
            query = f"SELECT * FROM {table} ORDER BY {order} DESC LIMIT ?"  # noqa: S608 - our own names
            return [dict(row) for row in connection.execute(query, (newest,))][::-1]

    def add(self, table: str, row: Row) -> None:
        with self._write() as connection:
            connection.execute(_insert(table, row), tuple(row.values()))

    def put_cached(
        self, row: Row, most: int, *, generation: int | None = None, now: float | None = None
    ) -> bool:
        with self._write() as connection:
            if generation not in {None, connection.execute(DROPS).fetchone()[0]}:
                return False
            key = (row["partition"], row["key"])
            connection.execute("DELETE FROM http_cache WHERE partition = ? AND key = ?", key)
            connection.execute(_insert("http_cache", row), tuple(row.values()))
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
        with self._write() as connection:
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
        if reader is not None and self._pid == os.getpid() and not self._closed:
            with self._reading, suppress(sqlite3.Error):
                return int(reader.execute(DROPS).fetchone()[0])
        with self._read() as connection:
            return int(connection.execute(DROPS).fetchone()[0])

    def lock(self, name: str) -> AbstractContextManager[None]:
        if self.path == MEMORY:
            return _in_memory(self._memory_locks.setdefault(name, threading.Lock()), self.timeout)
        return file_lock(f"{self.path}.{name}.lock", max(self.timeout, 30.0))

    def insert_records(self, rows: Iterable[Row], audit: Iterable[AuditEntry]) -> int:
        entries = {entry.key: entry for entry in audit}
        added = 0
        with self._write() as connection:
            for row in rows:
                cursor = connection.execute(
                    _insert("registrations", row, "OR IGNORE"), tuple(row.values())
                )
                if cursor.rowcount:
                    added += 1
                    _note(connection, entries[row["key"]])
        return added

    def records(self, where: Row, *, most: int | None = None) -> list[Row]:
        condition = f" WHERE {_where(where)}" if where else ""
        with self._read() as connection:
            found = connection.execute(
                f"SELECT * FROM registrations{condition} ORDER BY position LIMIT ?",  # noqa: S608 - our own names
                (*where.values(), -1 if most is None else most),
            )
            return [dict(row) for row in found]

    def change_records(self, changes: Sequence[LedgerRow]) -> list[bool]:
        with self._write() as connection:
            return [_change(connection, change) for change in changes]

    def claim_records(
        self,
        most: int,
        *,
        owner: str,
        now: float,
        until: float,
        where: Row,
        statuses: Sequence[str],
    ) -> list[Row]:
        marks = ", ".join("?" * len(statuses))
        condition = "".join(f" AND {name} = ?" for name in where)
        with self._write() as connection:
            found = connection.execute(
                f"SELECT key FROM registrations WHERE status IN ({marks}){condition} "  # noqa: S608 - our own names
                "AND (owner IS NULL OR lease_until <= ?) AND not_before <= ? "
                "ORDER BY position LIMIT ?",
                (*statuses, *where.values(), now, now, most),
            ).fetchall()
            claimed: list[Row] = []
            for row in found:
                connection.execute(
                    "UPDATE registrations SET owner = ?, lease_until = ?, updated_at = ?, "
                    "version = version + 1 WHERE key = ?",
                    (owner, until, now, row["key"]),
                )
                query = "SELECT * FROM registrations WHERE key = ?"
                claimed.append(dict(connection.execute(query, (row["key"],)).fetchone()))
            return claimed

    def audit_of(self, key: str) -> list[AuditEntry]:
        with self._read() as connection:
            found = connection.execute(
                "SELECT key, at, who, before, after, why FROM audit WHERE key = ? ORDER BY id",
                (key,),
            )
            return [AuditEntry(*row) for row in found]

    def close(self) -> None:
        with self._reading, self._writing:
            self._closed = True
            for connection in {self._reader, self._writer} - {None}:
                if connection is not None and self._pid == os.getpid():
                    connection.close()
            self._reader = self._writer = None

    @contextmanager
    def _read(self) -> Generator[sqlite3.Connection]:
        self._check()
        with self._reading:
            if self._reader is None:
                self._reader = connect(self.path, self.timeout)
            with translated(self.path):
                yield self._reader

    @contextmanager
    def _write(self) -> Generator[sqlite3.Connection]:
        """A transaction that waits its turn among processes."""
        self._check()
        with self._writing, ExitStack() as stack:
            if self._writer is None:
                if self.path == MEMORY:
                    self._reader = self._reader or connect(self.path, self.timeout)
                    self._writer = self._reader
                else:
                    self._writer = connect(self.path, self.timeout)
            if self.path != MEMORY:
                self._queue(stack)
            stack.enter_context(translated(self.path))
            connection = self._writer
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def _queue(self, stack: ExitStack) -> None:
        # sqlite lets whoever asks at the right moment go first, and that is who wrote just now.
        # Here a writer waits at the door until the one inside is done: nobody passes twice.
        door = ExitStack()
        with door:
            door.enter_context(file_lock(f"{self.path}.door.lock", self.timeout))
            stack.enter_context(file_lock(f"{self.path}.turn.lock", self.timeout))

    def _check(self) -> None:
        if self._closed:
            raise StateError("This state store is closed", path=self.path)
        if self._pid != os.getpid():
            self._reset()  # connections must not cross a fork


@contextmanager
def _in_memory(lock: threading.Lock, timeout: float) -> Generator[None]:
    if not lock.acquire(timeout=max(timeout, 30.0)):
        raise StateError("Another thread has held the lock for too long", path=MEMORY)
    try:
        yield
    finally:
        lock.release()


def _where(columns: Iterable[str]) -> str:
    return " AND ".join(f"{column} = ?" for column in columns)


def _insert(table: str, row: Row, conflict: str = "") -> str:
    marks = ", ".join("?" * len(row))
    return f"INSERT {conflict} INTO {table} ({', '.join(row)}) VALUES ({marks})"  # noqa: S608 - our own names


def _change(connection: sqlite3.Connection, change: LedgerRow) -> bool:
    sets = "".join(f"{name} = ?, " for name in change.changes)
    cursor = connection.execute(
        f"UPDATE registrations SET {sets}version = version + 1 WHERE key = ? AND version = ?",  # noqa: S608 - our own names
        (*change.changes.values(), change.key, change.version),
    )
    if cursor.rowcount and change.audit is not None:
        _note(connection, change.audit)
    return bool(cursor.rowcount)


def _note(connection: sqlite3.Connection, entry: AuditEntry) -> None:
    values: tuple[Any, ...] = (
        entry.key,
        entry.at,
        entry.who,
        entry.before,
        entry.after,
        entry.why,
    )
    connection.execute(
        "INSERT INTO audit (key, at, who, before, after, why) VALUES (?, ?, ?, ?, ?, ?)", values
    )
