"""The database interface on sqlite; `rsspot.state.database` documents each method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.state.sqlite.connections import Connections
from rsspot.state.sqlite.file import MEMORY
from rsspot.state.sqlite.lease_clock import LeaseClock
from rsspot.state.sqlite.locks import MemoryLocks, try_named
from rsspot.state.sqlite.reading import RecordReader
from rsspot.state.sqlite.records import Records
from rsspot.state.sqlite.responses import Responses
from rsspot.state.sqlite.tables import Tables
from rsspot.state.sqlite.transactions import Transactions

if TYPE_CHECKING:
    from rsspot.state.database import HeldLock

__all__ = ["SQLite"]


class SQLite:
    """One state file, or one in memory. Each method is that of the part which does the work."""

    is_shared = False

    def __init__(
        self,
        path: str,
        timeout: float,
        clock: LeaseClock | None = None,
        *,
        allow_foreign_owner: bool = False,
    ) -> None:
        self.path = path
        connections = Connections(path, timeout, allow_foreign_owner=allow_foreign_owner)
        transactions = Transactions(connections, clock or LeaseClock())
        self.connections = connections
        self.close = connections.close
        self._memory_locks = MemoryLocks()

        tables = Tables(connections)
        self.get = tables.get
        self.put = tables.put
        self.delete = tables.delete
        self.rows = tables.rows
        self.add = tables.add

        responses = Responses(connections)
        self.get_cached = responses.get_cached
        self.put_cached = responses.put_cached
        self.drop_cached = responses.drop_cached
        self.generation = responses.generation

        reader = RecordReader(connections, transactions)
        self.records = reader.records
        self.records_by_key = reader.records_by_key
        self.missing_records = reader.missing_records
        self.export_records = reader.export_records
        self.record_keys = reader.record_keys
        self.record_targets = reader.record_targets
        self.count_records = reader.count_records
        self.next_due = reader.next_due
        self.audit_of = reader.audit_of
        self.histories = reader.histories

        records = Records(transactions)
        self.insert_records = records.insert_records
        self.change_records = records.change_records
        self.claim_records = records.claim_records
        self.renew_records = records.renew_records
        self.agree_lease = records.agree_lease
        self.set_aside = records.set_aside
        self.forget_audit = records.forget_audit

    def signal(self) -> None:
        return None

    def try_lock(self, name: str, ttl: float) -> HeldLock | None:  # noqa: ARG002 - the kernel notices
        if self.path == MEMORY:
            return self._memory_locks.try_lock(name)
        return try_named(self.path, name)
