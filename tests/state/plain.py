"""The database interface on dictionaries: that it can be done shows that sqlite is not assumed."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rsspot.errors import StateError
from rsspot.state.sqlite.locks import MemoryLocks

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from rsspot.state.database import AuditEntry, HeldLock, RecordChange, Row

KEYS = {
    "preferences": ("name",),
    "tokens": ("partition",),
    "http_cache": ("partition", "key"),
    "history": ("id",),
}


class Plain:
    """Everything in memory, under one lock."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._tables: dict[str, dict[tuple[str | int, ...], Row]] = {name: {} for name in KEYS}
        self._records: dict[str, Row] = {}
        self._audit: list[AuditEntry] = []
        self._drops = 0
        self._next = 0
        self._closed = False
        self._locks = MemoryLocks()

    @contextmanager
    def _open(self) -> Generator[None]:
        with self._lock:
            if self._closed:
                raise StateError("This state store is closed")
            yield

    def get(self, table: str, key: tuple[str, ...]) -> Row | None:
        with self._open():
            row = self._tables[table].get(key)
            return None if row is None else dict(row)

    def put(self, table: str, row: Row) -> None:
        with self._open():
            self._tables[table][tuple(row[name] for name in KEYS[table])] = dict(row)

    def delete(self, table: str, key: tuple[str, ...]) -> None:
        with self._open():
            rows = self._tables[table]
            for known in [each for each in rows if each[: len(key)] == key]:
                del rows[known]

    def rows(self, table: str, *, newest: int | None = None) -> list[Row]:
        with self._open():
            found = [dict(row) for _, row in sorted(self._tables[table].items())]
            return found if newest is None else found[max(len(found) - newest, 0) :]

    def add(self, table: str, row: Row) -> None:
        with self._open():
            self._next += 1
            self._tables[table][(self._next,)] = {"id": self._next, **row}

    def put_cached(
        self, row: Row, most: int, *, generation: int | None = None, now: float | None = None
    ) -> bool:
        with self._open():
            if generation not in {None, self._drops}:
                return False
            rows = self._tables["http_cache"]
            rows.pop((row["partition"], row["key"]), None)
            rows[row["partition"], row["key"]] = dict(row)
            for key, known in [*rows.items()]:
                if len(rows) > most or (now is not None and known["expires_at"] < now):
                    del rows[key]
            return True

    def drop_cached(self, partition: str, paths: Sequence[str]) -> None:
        with self._open():
            self._drops += 1
            rows = self._tables["http_cache"]
            for key, row in [*rows.items()]:
                hit = any(f"{row['path']}/".startswith(f"{path}/") for path in paths)
                if row["partition"] == partition and hit:
                    del rows[key]

    def generation(self) -> int:
        with self._open():
            return self._drops

    def try_lock(self, name: str, ttl: float) -> HeldLock | None:
        return self._locks.try_lock(name)

    def insert_records(self, rows: Iterable[Row], audit: Iterable[AuditEntry]) -> int:
        with self._open():
            new = [row for row in rows if row["key"] not in self._records]
            for row in new:
                self._next += 1
                self._records[row["key"]] = {"position": self._next, **row}
            keys = {row["key"] for row in new}
            self._audit += [entry for entry in audit if entry.key in keys]
            return len(new)

    def _matching(self, where: Row) -> list[Row]:
        return [row for row in self._records.values() if where.items() <= row.items()]

    def records(self, where: Row, *, after: int = 0, most: int | None = None) -> list[Row]:
        with self._open():
            found = [dict(row) for row in self._matching(where) if row["position"] > after]
            return sorted(found, key=lambda row: row["position"])[:most]

    def count_records(self, where: Row) -> dict[str, int]:
        with self._open():
            found = [row["status"] for row in self._matching(where)]
            return {status: found.count(status) for status in {*found}}

    def next_due(self, where: Row) -> float | None:
        with self._open():
            due = [row["due_at"] for row in self._matching(where)]
            return min((each for each in due if each is not None), default=None)

    def change_records(self, changes: Sequence[RecordChange]) -> list[bool]:
        with self._open():
            return [self._change(change) for change in changes]

    def _change(self, change: RecordChange) -> bool:
        row = self._records.get(change.key)
        if row is None or row["version"] != change.version:
            return False
        if row["due_at"] is not None and row["due_at"] > change.free_at:
            return False
        row.update(change.changes, version=row["version"] + 1)
        if change.audit is not None:
            self._audit.append(change.audit)
        return True

    def claim_records(
        self, most: int, *, owner: str, now: float, until: float, where: Row
    ) -> list[Row]:
        with self._open():
            due = [
                row
                for row in sorted(self._matching(where), key=lambda row: row["position"])
                if row["due_at"] is not None and row["due_at"] <= now
            ]
            for row in due[:most]:
                row.update(owner=owner, due_at=until, updated_at=now, version=row["version"] + 1)
            return [dict(row) for row in due[:most]]

    def renew_records(self, leases: Sequence[tuple[str, int]], until: float) -> list[bool]:
        with self._open():
            return [self._renew(key, version, until) for key, version in leases]

    def _renew(self, key: str, version: int, until: float) -> bool:
        row = self._records.get(key)
        if row is None or row["version"] != version or row["owner"] is None:
            return False
        row["due_at"] = until
        return True

    def audit_of(self, key: str) -> list[AuditEntry]:
        with self._open():
            return [entry for entry in self._audit if entry.key == key]

    def close(self) -> None:
        self._closed = True
