"""The registration ledger on sqlite. `rsspot.state.database` says what each method does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.state.database import AuditEntry
from rsspot.state.sqlite.connections import Connections
from rsspot.state.sqlite.statements import insert, matching

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from rsspot.state.database import RecordChange, Row

__all__ = ["Records"]

NOTE = "INSERT INTO audit (key, at, who, before, after, why) VALUES (?, ?, ?, ?, ?, ?)"
ALL = -1
"""What LIMIT takes for no limit."""


class Records(Connections):
    """Records with compare-and-set, leases and a history."""

    def insert_records(self, rows: Iterable[Row], audit: Iterable[AuditEntry]) -> int:
        history: dict[str, list[AuditEntry]] = {}
        for entry in audit:
            history.setdefault(entry.key, []).append(entry)
        added = 0
        with self.writing() as connection:
            for row in rows:
                statement = insert("registrations", tuple(row), "OR IGNORE")
                if connection.execute(statement, tuple(row.values())).rowcount:
                    added += 1
                    lines = [_line(entry) for entry in history.get(row["key"], ())]
                    connection.executemany(NOTE, lines)
        return added

    def records(self, where: Row, *, after: int = 0, most: int | None = None) -> list[Row]:
        with self.reading() as connection:
            found = connection.execute(
                f"SELECT * FROM registrations WHERE {matching(tuple(where))} AND position > ? "  # noqa: S608 - our own names
                "ORDER BY position LIMIT ?",
                (*where.values(), after, ALL if most is None else most),
            )
            return [dict(row) for row in found]

    def count_records(self, where: Row) -> dict[str, int]:
        with self.reading() as connection:
            found = connection.execute(
                f"SELECT status, count(*) FROM registrations WHERE {matching(tuple(where))} "  # noqa: S608 - our own names
                "GROUP BY status",
                tuple(where.values()),
            )
            return {str(status): count for status, count in found}

    def next_due(self, where: Row) -> float | None:
        with self.reading() as connection:
            found = connection.execute(
                "SELECT min(due_at) FROM registrations "  # noqa: S608 - our own names
                f"WHERE {matching(tuple(where))} AND due_at IS NOT NULL",
                tuple(where.values()),
            ).fetchone()
        return None if found[0] is None else float(found[0])

    def change_records(self, changes: Sequence[RecordChange]) -> list[bool]:
        with self.writing() as connection:
            return [_change(connection, change) for change in changes]

    def claim_records(
        self, most: int, *, owner: str, now: float, until: float, where: Row
    ) -> list[Row]:
        with self.writing() as connection:
            found = connection.execute(
                f"SELECT position FROM registrations WHERE {matching(tuple(where))} "  # noqa: S608 - our own names
                "AND due_at <= ? ORDER BY position LIMIT ?",
                (*where.values(), now, most),
            ).fetchall()
            return [_lease(connection, each[0], owner, until, now) for each in found]

    def renew_records(self, leases: Sequence[tuple[str, int]], until: float) -> list[bool]:
        with self.writing() as connection:
            return [
                bool(
                    connection.execute(
                        "UPDATE registrations SET due_at = ? WHERE key = ? AND version = ? "
                        "AND owner IS NOT NULL",
                        (until, *lease),
                    ).rowcount
                )
                for lease in leases
            ]

    def audit_of(self, key: str) -> list[AuditEntry]:
        with self.reading() as connection:
            found = connection.execute(
                "SELECT key, at, who, before, after, why FROM audit WHERE key = ? ORDER BY id",
                (key,),
            )
            return [AuditEntry(*row) for row in found]


def _lease(
    connection: sqlite3.Connection, position: int, owner: str, until: float, now: float
) -> Row:
    connection.execute(
        "UPDATE registrations SET owner = ?, due_at = ?, updated_at = ?, version = version + 1 "
        "WHERE position = ?",
        (owner, until, now, position),
    )
    query = "SELECT * FROM registrations WHERE position = ?"
    return dict(connection.execute(query, (position,)).fetchone())


_updates: dict[tuple[str, ...], str] = {}


def _change(connection: sqlite3.Connection, change: RecordChange) -> bool:
    names = tuple(change.changes)
    statement = _updates.get(names)
    if statement is None:
        sets = "".join(f"{name} = ?, " for name in names)
        statement = _updates[names] = (
            f"UPDATE registrations SET {sets}version = version + 1 WHERE key = ? AND version = ? "  # noqa: S608 - our own names
            "AND (due_at IS NULL OR due_at <= ?)"
        )
    expected = change.key, change.version, change.free_at
    done = connection.execute(statement, (*change.changes.values(), *expected))
    if not done.rowcount:
        return False
    if change.audit is not None:
        connection.execute(NOTE, _line(change.audit))
    return True


def _line(entry: AuditEntry) -> tuple[Any, ...]:
    return (entry.key, entry.at, entry.who, entry.before, entry.after, entry.why)
