"""Read the registration ledger on sqlite; `rsspot.state.database` documents each method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from rsspot.state.database import AuditEntry
from rsspot.state.sqlite.statements import chunks, marks, matching

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator

    from rsspot.state.database import Row
    from rsspot.state.sqlite.connections import Connections
    from rsspot.state.sqlite.lease_clock import Moment
    from rsspot.state.sqlite.transactions import Transactions

__all__ = ["SELECT", "RecordReader", "not_held"]

SELECT = "SELECT *, max(due_on - ?, 0.0) AS due_in FROM registrations"
Exported: TypeAlias = tuple["Row", list[AuditEntry]]
ALL = -1
"""The LIMIT that means no limit."""


class RecordReader:
    """Reads records over `connections`; with their due times, in `transactions`."""

    def __init__(self, connections: Connections, transactions: Transactions) -> None:
        self._connections = connections
        self._transactions = transactions

    def records(self, where: Row, *, after: int = 0, limit: int | None = None) -> list[Row]:
        count = ALL if limit is None else limit
        return self._transactions.read(
            lambda connection, now: _page(connection, now, where, after, count)
        )

    def records_by_key(self, keys: Collection[str]) -> dict[str, Row]:
        def work(connection: sqlite3.Connection, moment: Moment) -> dict[str, Row]:
            found: dict[str, Row] = {}
            for some in chunks(keys):
                query = f"{SELECT} WHERE key IN ({marks(len(some))})"
                rows = connection.execute(query, (moment.lease, *some)).fetchall()
                found.update((row["key"], dict(row)) for row in rows)
            return found

        return self._transactions.read(work)

    def missing_records(self, target: str, namespace: str, present: Collection[str]) -> list[Row]:
        def keys(connection: sqlite3.Connection) -> list[Any]:
            # The condition is that of the index, so the table is not read.
            return connection.execute(
                "SELECT key FROM registrations INDEXED BY registrations_listed "
                "WHERE target = ? AND namespace = ? "
                "AND status <> 'skipped'",
                (target, namespace),
            ).fetchall()

        missing = [key for (key,) in self._connections.read(keys) if key not in present]
        return sorted(self.records_by_key(missing).values(), key=lambda row: int(row["position"]))

    def export_records(
        self, where: Row, *, page: int
    ) -> Iterator[list[tuple[Row, list[AuditEntry]]]]:
        def pages(connection: sqlite3.Connection, moment: Moment) -> Iterator[list[Exported]]:
            after = 0
            while rows := _page(connection, moment, where, after, page):
                lines = _histories(connection, [row["key"] for row in rows])
                yield [(row, lines[row["key"]]) for row in rows]
                after = rows[-1]["position"]

        return self._transactions.read_pages(pages)

    def record_keys(self, prefix: str, limit: int) -> list[str]:
        # "g" sorts after all characters of a key.
        query = "SELECT key FROM registrations WHERE key >= ? AND key < ? ORDER BY key LIMIT ?"
        values = (prefix, f"{prefix}g", limit)
        return self._connections.read(lambda it: [key for (key,) in it.execute(query, values)])

    def payload_keys(self, part: str, limit: int) -> list[str]:
        query = "SELECT key FROM registrations WHERE instr(payload, ?) ORDER BY position LIMIT ?"
        values = (part, limit)
        return self._connections.read(lambda it: [key for (key,) in it.execute(query, values)])

    def record_targets(self) -> list[str]:
        query = "SELECT target FROM registration_counts GROUP BY target HAVING sum(count) > 0"
        return self._connections.read(lambda it: [target for (target,) in it.execute(query)])

    def count_records(self, target: str | None) -> dict[str, int]:
        def work(connection: sqlite3.Connection) -> list[Any]:
            condition, values = ("TRUE", ()) if target is None else ("target = ?", (target,))
            return connection.execute(
                f"SELECT status, sum(count) FROM registration_counts WHERE {condition} "  # noqa: S608 - our own names
                "GROUP BY status",
                values,
            ).fetchall()

        return {str(status): count for status, count in self._connections.read(work) if count}

    def next_due(self, target: str, *, held: Collection[str] = ()) -> float | None:
        def work(connection: sqlite3.Connection, moment: Moment) -> float | None:
            found = connection.execute(
                "SELECT due_on FROM registrations WHERE target = ? AND due_on < 1e300 "  # noqa: S608 - our own names
                f"AND {not_held(held)} ORDER BY due_on LIMIT 1",
                (target, *held),
            ).fetchone()
            return None if found is None else max(0.0, float(found[0]) - moment.lease)

        return self._transactions.read(work)

    def audit_of(self, key: str) -> list[AuditEntry]:
        return self.histories([key])[key]

    def histories(self, keys: Collection[str]) -> dict[str, list[AuditEntry]]:
        return self._connections.read(lambda connection: _histories(connection, keys))


def _page(
    connection: sqlite3.Connection, moment: Moment, where: Row, after: int, limit: int
) -> list[Row]:
    found = connection.execute(
        f"{SELECT} WHERE {matching(tuple(where))} AND position > ? ORDER BY position LIMIT ?",
        (moment.lease, *where.values(), after, limit),
    ).fetchall()
    return [dict(row) for row in found]


def _histories(
    connection: sqlite3.Connection, keys: Collection[str]
) -> dict[str, list[AuditEntry]]:
    lines: dict[str, list[AuditEntry]] = {key: [] for key in keys}
    for some in chunks(lines):
        found = connection.execute(
            "SELECT key, at, who, before, after, why FROM audit "  # noqa: S608 - our own names
            f"WHERE key IN ({marks(len(some))}) ORDER BY id",
            some,
        )
        for row in found:
            lines[row[0]].append(AuditEntry(*row))
    return lines


def not_held(held: Collection[str]) -> str:
    """Return the condition that a record has none of these leases, whose ids are its values."""
    return f"(lease_id IS NULL OR lease_id NOT IN ({marks(len(held))}))" if held else "TRUE"
