"""The registration ledger on sqlite; `rsspot.state.database` documents each method."""

from __future__ import annotations

from os import urandom
from typing import TYPE_CHECKING, Any

from rsspot.state.database import FromNow
from rsspot.state.sqlite.reading import SELECT, not_held
from rsspot.state.sqlite.statements import insert, matching

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Sequence

    from rsspot.state.database import AuditEntry, RecordChange, Row
    from rsspot.state.sqlite.lease_clock import Moment
    from rsspot.state.sqlite.transactions import Transactions

__all__ = ["Records"]

NOTE = "INSERT INTO audit (key, at, who, before, after, why) VALUES (?, ?, ?, ?, ?, ?)"
NOTE_AT = (
    "INSERT INTO audit (key, at, who, before, after, why) "
    "SELECT key, ?, ?, ?, ?, ? FROM registrations WHERE position = ?"
)
LEASE = (
    "UPDATE registrations SET owner = ?, lease_id = ?, due_at = ?, due_on = ?, updated_at = ?, "
    "version = version + 1 WHERE position = ?"
)
HELD = "SELECT 1 FROM registrations WHERE target = ? AND due_on > ? AND owner IS NOT NULL LIMIT 1"
LENGTH = "SELECT value FROM meta WHERE name = ?"
KEEP_LENGTH = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)"
RENEW = "UPDATE registrations SET due_at = ?, due_on = ? WHERE key = ? AND lease_id = ?"
FORGET = (
    "DELETE FROM audit WHERE id IN (SELECT id FROM audit AS a WHERE at < ? "
    "AND EXISTS (SELECT 1 FROM registrations AS r WHERE r.key = a.key AND r.due_at IS NULL) "
    "AND id <> (SELECT max(id) FROM audit AS b WHERE b.key = a.key) ORDER BY id LIMIT ?)"
)


class Records:
    """Changes records by compare-and-set, with leases and a history, in `transactions`."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def insert_records(self, rows: Iterable[Row], audit: Iterable[AuditEntry]) -> int:
        history: dict[str, list[AuditEntry]] = {}
        for entry in audit:
            history.setdefault(entry.key, []).append(entry)

        def work(connection: sqlite3.Connection, moment: Moment) -> int:
            added = 0
            for row in rows:
                columns = _stored(row, moment)
                statement = insert("registrations", tuple(columns), "OR IGNORE")
                if connection.execute(statement, tuple(columns.values())).rowcount:
                    added += 1
                    lines = [_line(entry, moment) for entry in history.get(row["key"], ())]
                    connection.executemany(NOTE, lines)
            return added

        return self._transactions.write(work)

    def forget_audit(self, seconds: float, *, limit: int) -> int:
        return self._transactions.write(
            lambda connection, moment: (
                connection.execute(FORGET, (moment.wall - seconds, limit)).rowcount
            )
        )

    def change_records(self, changes: Sequence[RecordChange]) -> list[Row | None]:
        def work(connection: sqlite3.Connection, moment: Moment) -> list[Row | None]:
            cursor = connection.cursor()
            done = [_change(cursor, moment, change) for change in changes]
            pairs = zip(changes, done, strict=True)
            entries = [change.audit for change, row in pairs if row is not None]
            lines = [_line(entry, moment) for entry in entries if entry is not None]
            cursor.executemany(NOTE, lines)
            return done

        return self._transactions.write(work)

    def claim_records(
        self, limit: int, *, owner: str, ttl: float, where: Row, held: Collection[str] = ()
    ) -> list[Row]:
        def work(connection: sqlite3.Connection, moment: Moment) -> list[Row]:
            found = connection.execute(
                f"SELECT position FROM registrations WHERE {matching(tuple(where))} "  # noqa: S608 - our own names
                f"AND due_on <= ? AND {not_held(held)} ORDER BY due_on, position LIMIT ?",
                (*where.values(), moment.lease, *held, limit),
            ).fetchall()
            return [_lease(connection, moment, each[0], owner, ttl) for each in found]

        return self._transactions.write(work)

    def renew_records(self, leases: Sequence[tuple[str, str]], ttl: float) -> list[bool]:
        def work(connection: sqlite3.Connection, moment: Moment) -> list[bool]:
            until = moment.at(FromNow(ttl)), moment.lease + ttl
            return [bool(connection.execute(RENEW, (*until, *lease)).rowcount) for lease in leases]

        return self._transactions.write(work)

    def agree_lease(self, target: str, seconds: float) -> float:
        def work(connection: sqlite3.Connection, moment: Moment) -> float:
            name = f"lease of {target}"
            held = connection.execute(HELD, (target, moment.lease)).fetchone()
            stored = connection.execute(LENGTH, (name,)).fetchone()
            if held is not None and stored is not None:
                return float(stored[0])
            connection.execute(KEEP_LENGTH, (name, repr(seconds)))
            return seconds

        return self._transactions.write(work)

    def set_aside(self, position: int, version: object, audit: AuditEntry) -> None:
        def work(connection: sqlite3.Connection, moment: Moment) -> None:
            done = connection.execute(
                "UPDATE registrations SET owner = NULL, lease_id = NULL, due_at = NULL, "
                "due_on = NULL, damaged = 1, version = version + 1 "
                "WHERE position = ? AND version = ?",
                (position, version),
            )
            if done.rowcount:
                # Not by the key in the row, which may be damaged too.
                line = _line(audit, moment)[1:]
                connection.execute(NOTE_AT, (*line, position))

        self._transactions.write(work)


def _lease(
    connection: sqlite3.Connection, moment: Moment, position: int, owner: str, ttl: float
) -> Row:
    until = moment.at(FromNow(ttl)), moment.lease + ttl
    connection.execute(LEASE, (owner, urandom(8).hex(), *until, moment.wall, position))
    query = f"{SELECT} WHERE position = ?"
    return dict(connection.execute(query, (moment.lease, position)).fetchone())


def _stored(row: Row, moment: Moment) -> Row:
    """Return the columns with times in place of durations, and `due_on` beside `due_at`."""
    columns = {
        name: moment.at(value) if type(value) is FromNow else value for name, value in row.items()
    }
    if "due_at" in row:
        due = row["due_at"]
        if due is not None:
            wait = due if type(due) is FromNow else max(0.0, due - moment.wall)
            due = moment.lease + wait
        columns["due_on"] = due
    return columns


_updates: dict[tuple[str, ...], str] = {}


def _change(cursor: sqlite3.Cursor, moment: Moment, change: RecordChange) -> Row | None:
    stored = _stored(change.changes, moment)
    names = tuple(stored)
    statement = _updates.get(names)
    if statement is None:
        sets = "".join(f"{name} = ?, " for name in names)
        statement = _updates[names] = (
            f"UPDATE registrations SET {sets}version = version + 1 WHERE key = ? AND version = ? "  # noqa: S608 - our own names
            "AND (lease_id IS ? OR (? IS NULL AND (due_on IS NULL OR due_on <= ?)))"
        )
    lease = change.lease
    expected = change.key, change.version, lease, lease, moment.lease
    if not cursor.execute(statement, (*stored.values(), *expected)).rowcount:
        return None
    due_on = stored.pop("due_on", None)
    if "due_at" in stored:
        stored["due_in"] = None if due_on is None else max(0.0, due_on - moment.lease)
    stored["version"] = change.version + 1
    return stored


def _line(entry: AuditEntry, moment: Moment) -> tuple[Any, ...]:
    at = moment.at(entry.at) if type(entry.at) is FromNow else entry.at
    return (entry.key, at, entry.who, entry.before, entry.after, entry.why)
