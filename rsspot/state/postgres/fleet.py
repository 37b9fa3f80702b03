"""The database interface for a fleet: ledger and tokens on a server, all else on this host.

`rsspot.state.database` says what each method does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.flow.blocking import flow_method
from rsspot.state.postgres.changes import change, is_of_one_record
from rsspot.state.postgres.connections import Connections
from rsspot.state.postgres.export import pages
from rsspot.state.postgres.leases import Leases
from rsspot.state.postgres.locks import Locks
from rsspot.state.postgres.operations import Operations
from rsspot.state.postgres.records import Records
from rsspot.state.postgres.signal import Signal, channel_of
from rsspot.state.postgres.statements import Templates
from rsspot.state.postgres.tokens import TokenRows

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from rsspot.config.state_location import ServerLocation
    from rsspot.flow.flow import Flow
    from rsspot.state.database import AuditEntry, Database, HeldLock, RecordChange, Row
    from rsspot.state.postgres.driver import Isolation

__all__ = ["Fleet"]

TOKENS = "tokens"


class Fleet:
    """Ledger, tokens and locks on PostgreSQL; preferences, cache and history in `local`.

    where: the server, the database and the schema.
    patience: for how many seconds it is tried again where the server cannot be used.
    local: makes the database of this host, when it is first needed.
    now: an expression for the time, in tests; the server's own otherwise.
    """

    is_shared = True

    def __init__(
        self,
        where: ServerLocation,
        patience: float,
        local: Callable[[], Database],
        *,
        now: Callable[[], str] | None = None,
    ) -> None:
        texts = Templates(where.schema, now)
        self.connections: Connections = Connections(where, patience)
        self.operations: Operations = Operations(self.connections)
        self._texts = texts
        self._channel = channel_of(where.schema)
        self._ledger = Records(texts, self._channel)
        self._leases = Leases(texts)
        self._signal = Signal(self.connections)
        self._tokens = TokenRows(texts)
        self._locks = Locks(texts, self.operations)
        self._local = local

    def get(self, table: str, key: tuple[str, ...]) -> Row | None:
        if table == TOKENS:
            return self.operations.run(self._tokens.get(key[0]))
        return self._host().get(table, key)

    def put(self, table: str, row: Row) -> None:
        if table == TOKENS:
            self.operations.run(self._tokens.put(row))
        else:
            self._host().put(table, row)

    def delete(self, table: str, key: tuple[str, ...]) -> None:
        if table == TOKENS:
            self.operations.run(self._tokens.delete(*key))
        else:
            self._host().delete(table, key)

    def rows(self, table: str, *, newest: int | None = None) -> list[Row]:
        return self._host().rows(table, newest=newest)

    def add(self, table: str, row: Row) -> None:
        self._host().add(table, row)

    def get_cached(self, partition: str, key: str) -> tuple[tuple[str, Any, Any, Any] | None, int]:
        return self._host().get_cached(partition, key)

    def put_cached(
        self, row: Row, most: int, *, generation: int | None = None, now: float | None = None
    ) -> bool:
        return self._host().put_cached(row, most, generation=generation, now=now)

    def drop_cached(self, partition: str, paths: Sequence[str]) -> None:
        self._host().drop_cached(partition, paths)

    def generation(self) -> int:
        return self._host().generation()

    def try_lock(self, name: str, ttl: float) -> HeldLock | None:
        return self._locks.try_lock(name, ttl)

    def insert_records(self, rows: Iterable[Row], audit: Iterable[AuditEntry]) -> int:
        return self.operations.run(self._ledger.insert(rows, audit), "READ COMMITTED")

    def records(self, where: Row, *, after: int = 0, limit: int | None = None) -> list[Row]:
        return self.operations.run(self._ledger.page(where, after, limit))

    def records_by_key(self, keys: Collection[str]) -> dict[str, Row]:
        return self.operations.run(self._ledger.by_key(keys))

    def missing_records(self, target: str, namespace: str, present: Collection[str]) -> list[Row]:
        return self.operations.run(self._ledger.missing(target, namespace, present))

    def export_records(
        self, where: Row, *, page: int
    ) -> Iterator[list[tuple[Row, list[AuditEntry]]]]:
        return pages(self.operations, self.connections, self._ledger, where, page)

    def record_keys(self, prefix: str, limit: int) -> list[str]:
        return self.operations.run(self._ledger.keys(prefix, limit))

    def payload_keys(self, part: str, limit: int) -> list[str]:
        return self.operations.run(self._ledger.payload_keys(part, limit))

    def record_targets(self) -> list[str]:
        return self.operations.run(self._ledger.targets())

    def forget_audit(self, seconds: float, *, limit: int) -> int:
        return self.operations.run(self._ledger.forget(seconds, limit))

    @flow_method
    def count_records(self, target: str | None) -> Flow[dict[str, int]]:
        return self.operations.flow(self._ledger.counts(target))

    @flow_method
    def next_due(self, target: str, *, held: Collection[str] = ()) -> Flow[float | None]:
        return self.operations.flow(self._leases.next_due(target, held))

    @flow_method
    def change_records(self, changes: Sequence[RecordChange]) -> Flow[list[Row | None]]:
        steps = change(self._texts, self._channel, changes)
        isolation: Isolation = "none" if is_of_one_record(changes) else "READ COMMITTED"
        return self.operations.flow(steps, isolation)

    @flow_method
    def claim_records(
        self, limit: int, *, owner: str, ttl: float, where: Row, held: Collection[str] = ()
    ) -> Flow[list[Row]]:
        steps = self._leases.claim(limit, owner=owner, ttl=ttl, where=where, held=held)
        return self.operations.flow(steps)

    def renew_records(self, leases: Sequence[tuple[str, str]], ttl: float) -> list[bool]:
        return self.operations.run(self._leases.renew(leases, ttl), lane="heartbeat")

    @flow_method
    def agree_lease(self, target: str, seconds: float) -> Flow[float]:
        return self.operations.flow(self._leases.agree(target, seconds))

    def signal(self) -> Signal:
        self._signal.start()
        return self._signal

    def set_aside(self, position: int, version: object, audit: AuditEntry) -> None:
        self.operations.run(self._ledger.set_aside(position, version, audit))

    def audit_of(self, key: str) -> list[AuditEntry]:
        return self.histories([key])[key]

    def histories(self, keys: Collection[str]) -> dict[str, list[AuditEntry]]:
        return self.operations.run(self._ledger.histories(keys))

    def close(self) -> None:
        self._signal.close()
        self.connections.close()

    def _host(self) -> Database:
        self.connections.refuse_closed()
        return self._local()
