"""The database interface on sqlite; `rsspot.state.database` documents each method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.state.sqlite.connections import Connections
from rsspot.state.sqlite.file import MEMORY
from rsspot.state.sqlite.lease_clock import LeaseClock
from rsspot.state.sqlite.locks import MemoryLocks, try_named
from rsspot.state.sqlite.reading import RecordReader
from rsspot.state.sqlite.records import Records
from rsspot.state.sqlite.responses import Responses
from rsspot.state.sqlite.schema import KEYS
from rsspot.state.sqlite.tables import Tables
from rsspot.state.sqlite.transactions import Transactions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from rsspot.state.database import AuditEntry, HeldLock, RecordChange, Row

__all__ = ["SQLite"]


class SQLite:
    """One state file, or one in memory, composed of a part for each kind of data."""

    is_shared = False

    def __init__(
        self,
        path: str,
        timeout: float,
        clock: LeaseClock | None = None,
        *,
        allow_foreign_owner: bool = False,
    ) -> None:
        connections = Connections(path, timeout, allow_foreign_owner=allow_foreign_owner)
        transactions = Transactions(connections, clock or LeaseClock())
        responses = Responses(connections)
        self.path: str = path
        self.connections: Connections = connections
        # Not as a method, which would be one more call for every response from memory.
        self.generation: Callable[[], int] = responses.generation
        self._tables = Tables(connections)
        self._responses = responses
        self._reader = RecordReader(connections, transactions)
        self._ledger = Records(transactions)
        self._memory_locks = MemoryLocks()

    def get(self, table: str, key: tuple[str, ...]) -> Row | None:
        return self._tables.get(table, key)

    def put(self, table: str, row: Row) -> None:
        self._tables.put(table, row)

    def delete(self, table: str, key: tuple[str, ...]) -> None:
        if table == "http_cache" and len(key) < len(KEYS[table]):
            self._responses.clear(key)
        else:
            self._tables.delete(table, key)

    def rows(self, table: str, *, newest: int | None = None) -> list[Row]:
        return self._tables.rows(table, newest=newest)

    def add(self, table: str, row: Row) -> None:
        self._tables.add(table, row)

    def get_cached(self, partition: str, key: str) -> tuple[tuple[str, Any, Any, Any] | None, int]:
        return self._responses.get_cached(partition, key)

    def put_cached(
        self, row: Row, most: int, *, generation: int | None = None, now: float | None = None
    ) -> bool:
        return self._responses.put_cached(row, most, generation=generation, now=now)

    def drop_cached(self, partition: str, paths: Sequence[str]) -> None:
        self._responses.drop_cached(partition, paths)

    def try_lock(self, name: str, ttl: float) -> HeldLock | None:  # noqa: ARG002 - the kernel notices
        if self.path == MEMORY:
            return self._memory_locks.try_lock(name)
        return try_named(self.path, name)

    def insert_records(self, rows: Iterable[Row], audit: Iterable[AuditEntry]) -> int:
        return self._ledger.insert_records(rows, audit)

    def records(self, where: Row, *, after: int = 0, limit: int | None = None) -> list[Row]:
        return self._reader.records(where, after=after, limit=limit)

    def records_by_key(self, keys: Collection[str]) -> dict[str, Row]:
        return self._reader.records_by_key(keys)

    def missing_records(self, target: str, namespace: str, present: Collection[str]) -> list[Row]:
        return self._reader.missing_records(target, namespace, present)

    def export_records(
        self, where: Row, *, page: int
    ) -> Iterator[list[tuple[Row, list[AuditEntry]]]]:
        return self._reader.export_records(where, page=page)

    def record_keys(self, prefix: str, limit: int) -> list[str]:
        return self._reader.record_keys(prefix, limit)

    def payload_keys(self, part: str, limit: int) -> list[str]:
        return self._reader.payload_keys(part, limit)

    def record_targets(self) -> list[str]:
        return self._reader.record_targets()

    def forget_audit(self, seconds: float, *, limit: int) -> int:
        return self._ledger.forget_audit(seconds, limit=limit)

    def count_records(self, target: str | None) -> dict[str, int]:
        return self._reader.count_records(target)

    def next_due(self, target: str, *, held: Collection[str] = ()) -> float | None:
        return self._reader.next_due(target, held=held)

    def change_records(self, changes: Sequence[RecordChange]) -> list[Row | None]:
        return self._ledger.change_records(changes)

    def claim_records(
        self, limit: int, *, owner: str, ttl: float, where: Row, held: Collection[str] = ()
    ) -> list[Row]:
        return self._ledger.claim_records(limit, owner=owner, ttl=ttl, where=where, held=held)

    def renew_records(self, leases: Sequence[tuple[str, str]], ttl: float) -> list[bool]:
        return self._ledger.renew_records(leases, ttl)

    def agree_lease(self, target: str, seconds: float) -> float:
        return self._ledger.agree_lease(target, seconds)

    def signal(self) -> None:
        return None

    def set_aside(self, position: int, version: object, audit: AuditEntry) -> None:
        self._ledger.set_aside(position, version, audit)

    def audit_of(self, key: str) -> list[AuditEntry]:
        return self._reader.audit_of(key)

    def histories(self, keys: Collection[str]) -> dict[str, list[AuditEntry]]:
        return self._reader.histories(keys)

    def close(self) -> None:
        self.connections.close()
