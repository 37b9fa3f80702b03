"""The database interface on dictionaries: that it can be done shows that sqlite is not assumed."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from rsspot.errors import StateError
from rsspot.state.database import FromNow
from rsspot.state.sqlite.locks import MemoryLocks

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence

    from rsspot.state.database import AuditEntry, HeldLock, RecordChange, Row

KEYS = {
    "preferences": ("name",),
    "tokens": ("partition",),
    "http_cache": ("partition", "key"),
    "history": ("id",),
}


class Plain:
    """Everything in memory, under one lock."""

    is_shared = False

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lock = threading.RLock()
        self._tables: dict[str, dict[tuple[str | int, ...], Row]] = {name: {} for name in KEYS}
        self._records: dict[str, Row] = {}
        self._audit: list[AuditEntry] = []
        self._leases: dict[str, float] = {}
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
            self._drops += table == "http_cache" and len(key) < len(KEYS[table])
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

    def get_cached(self, partition: str, key: str) -> tuple[Any, int]:
        with self._open():
            row = self._tables["http_cache"].get((partition, key))
            names = ("path", "meta", "body", "expires_at")
            return None if row is None else tuple(row[name] for name in names), self._drops

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

    def _time(self, value: Any) -> Any:
        return self._now() + value if type(value) is FromNow else value

    def _stored(self, row: Row) -> Row:
        return {name: self._time(value) for name, value in row.items()}

    def _out(self, row: Row) -> Row:
        due = row["due_at"]
        return {**row, "due_in": None if due is None else max(0.0, due - self._now())}

    def _note(self, entry: AuditEntry) -> None:
        self._audit.append(entry._replace(at=self._time(entry.at)))

    def insert_records(self, rows: Iterable[Row], audit: Iterable[AuditEntry]) -> int:
        with self._open():
            new = [row for row in rows if row["key"] not in self._records]
            for row in new:
                self._next += 1
                self._records[row["key"]] = {"position": self._next, **self._stored(row)}
            keys = {row["key"] for row in new}
            for entry in audit:
                if entry.key in keys:
                    self._note(entry)
            return len(new)

    def _matching(self, where: Row) -> list[Row]:
        found = [row for row in self._records.values() if where.items() <= row.items()]
        return sorted(found, key=lambda row: int(row["position"]))

    def records(self, where: Row, *, after: int = 0, limit: int | None = None) -> list[Row]:
        with self._open():
            found = [row for row in self._matching(where) if row["position"] > after]
            return [self._out(row) for row in found[:limit]]

    def records_by_key(self, keys: Collection[str]) -> dict[str, Row]:
        with self._open():
            return {key: self._out(self._records[key]) for key in keys if key in self._records}

    def missing_records(self, target: str, namespace: str, present: Collection[str]) -> list[Row]:
        with self._open():
            found = self._matching({"target": target, "namespace": namespace})
            return [
                self._out(row)
                for row in found
                if row["key"] not in present and row["status"] != "skipped"
            ]

    def export_records(
        self, where: Row, *, page: int
    ) -> Iterator[list[tuple[Row, list[AuditEntry]]]]:
        with self._open():
            found = [(row, self.audit_of(row["key"])) for row in self.records(where)]
        return iter([found[start : start + page] for start in range(0, len(found), page)])

    def record_keys(self, prefix: str, limit: int) -> list[str]:
        with self._open():
            return sorted(key for key in self._records if key.startswith(prefix))[:limit]

    def payload_keys(self, part: str, limit: int) -> list[str]:
        with self._open():
            found = sorted(self._records.values(), key=lambda row: row["position"])
            return [row["key"] for row in found if part in row["payload"]][:limit]

    def record_targets(self) -> list[str]:
        with self._open():
            return sorted({row["target"] for row in self._records.values()})

    def forget_audit(self, seconds: float, *, limit: int) -> int:
        with self._open():
            last = {entry.key: entry for entry in self._audit}
            old = [
                entry
                for entry in self._audit
                if entry.at < self._now() - seconds
                and self._records[entry.key]["due_at"] is None
                and entry is not last[entry.key]
            ][:limit]
            self._audit = [entry for entry in self._audit if entry not in old]
            return len(old)

    def count_records(self, target: str | None) -> dict[str, int]:
        with self._open():
            found = self._matching({} if target is None else {"target": target})
            states = ["damaged" if row.get("damaged") else row["status"] for row in found]
            return {status: states.count(status) for status in {*states}}

    def next_due(self, target: str, *, held: Collection[str] = ()) -> float | None:
        with self._open():
            found = [self._out(row) for row in self._matching({"target": target})]
            waits = [
                row["due_in"]
                for row in found
                if row["due_in"] is not None and row["lease_id"] not in held
            ]
            return min(waits, default=None)

    def change_records(self, changes: Sequence[RecordChange]) -> list[Row | None]:
        with self._open():
            return [self._change(change) for change in changes]

    def _change(self, change: RecordChange) -> Row | None:
        row = self._records.get(change.key)
        if row is None or row["version"] != change.version:
            return None
        free = row["due_at"] is None or row["due_at"] <= self._now()
        if row["lease_id"] != change.lease and (change.lease is not None or not free):
            return None
        changed = {**self._stored(change.changes), "version": change.version + 1}
        row.update(changed)
        if change.audit is not None:
            self._note(change.audit)
        if "due_at" in changed:
            changed["due_in"] = self._out(row)["due_in"]
        return changed

    def claim_records(
        self, limit: int, *, owner: str, ttl: float, where: Row, held: Collection[str] = ()
    ) -> list[Row]:
        with self._open():
            now = self._now()
            due = [
                row
                for row in self._matching(where)
                if row["due_at"] is not None and row["due_at"] <= now
                if row["lease_id"] not in held
            ]
            due.sort(key=lambda row: float(row["due_at"]))
            for row in due[:limit]:
                lease = {"owner": owner, "lease_id": uuid4().hex, "due_at": now + ttl}
                row.update(lease, updated_at=now, version=row["version"] + 1)
            return [self._out(row) for row in due[:limit]]

    def renew_records(self, leases: Sequence[tuple[str, str]], ttl: float) -> list[bool]:
        with self._open():
            return [self._renew(key, lease, ttl) for key, lease in leases]

    def _renew(self, key: str, lease: str, ttl: float) -> bool:
        row = self._records.get(key)
        if row is None or row["lease_id"] is None or row["lease_id"] != lease:
            return False
        row["due_at"] = self._now() + ttl
        return True

    def agree_lease(self, target: str, seconds: float) -> float:
        with self._open():
            held = any(
                row["owner"] is not None
                and row["due_at"] is not None
                and row["due_at"] > self._now()
                for row in self._matching({"target": target})
            )
            if not held or target not in self._leases:
                self._leases[target] = seconds
            return self._leases[target]

    def signal(self) -> None:
        return None

    def set_aside(self, position: int, version: object, audit: AuditEntry) -> None:
        with self._open():
            (row,) = self._matching({"position": position})
            if row["version"] == version:
                row.update(owner=None, lease_id=None, due_at=None, damaged=1)
                self._note(audit)

    def audit_of(self, key: str) -> list[AuditEntry]:
        with self._open():
            return [entry for entry in self._audit if entry.key == key]

    def histories(self, keys: Collection[str]) -> dict[str, list[AuditEntry]]:
        return {key: self.audit_of(key) for key in keys}

    def close(self) -> None:
        self._closed = True
