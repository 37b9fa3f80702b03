"""The registration ledger on sqlite. `rsspot.state.database` says what each method does."""

from __future__ import annotations

from os import urandom
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from rsspot.state.database import AuditEntry, FromNow
from rsspot.state.sqlite.connections import Connections
from rsspot.state.sqlite.lease_clock import LeaseClock
from rsspot.state.sqlite.statements import chunks, insert, marks, matching

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from rsspot.state.database import RecordChange, Row
    from rsspot.state.sqlite.lease_clock import Moment

__all__ = ["Records"]

T = TypeVar("T")

NOTE = "INSERT INTO audit (key, at, who, before, after, why) VALUES (?, ?, ?, ?, ?, ?)"
NOTE_AT = (
    "INSERT INTO audit (key, at, who, before, after, why) "
    "SELECT key, ?, ?, ?, ?, ? FROM registrations WHERE position = ?"
)
SELECT = "SELECT *, max(due_on - ?, 0.0) AS due_in FROM registrations"
LEASE = (
    "UPDATE registrations SET owner = ?, lease_id = ?, due_at = ?, due_on = ?, updated_at = ?, "
    "version = version + 1 WHERE position = ?"
)
HELD = "SELECT 1 FROM registrations WHERE target = ? AND due_on > ? AND owner IS NOT NULL LIMIT 1"
LENGTH = "SELECT value FROM meta WHERE name = ?"
KEEP_LENGTH = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)"
RENEW = "UPDATE registrations SET due_at = ?, due_on = ? WHERE key = ? AND lease_id = ?"
Exported: TypeAlias = tuple["Row", list[AuditEntry]]
FORGET = (
    "DELETE FROM audit WHERE id IN (SELECT id FROM audit AS a WHERE at < ? "
    "AND EXISTS (SELECT 1 FROM registrations AS r WHERE r.key = a.key AND r.due_at IS NULL) "
    "AND id <> (SELECT max(id) FROM audit AS b WHERE b.key = a.key) ORDER BY id LIMIT ?)"
)
ALL = -1
"""What LIMIT takes for no limit."""


class Records(Connections):
    """Records with compare-and-set, leases and a history."""

    def __init__(
        self,
        path: str,
        timeout: float,
        clock: LeaseClock | None = None,
        *,
        allow_foreign_owner: bool = False,
    ) -> None:
        super().__init__(path, timeout, allow_foreign_owner=allow_foreign_owner)
        self._clock = clock or LeaseClock()
        self._clock_is_current = False

    def _change_all(self, work: Callable[[sqlite3.Connection, Moment], T]) -> T:
        """Run `work` in a transaction, with the time of that transaction."""
        clock = self._clock
        return self.write(
            lambda connection: work(connection, clock.moment(connection, writing=True))
        )

    def _look(self, work: Callable[[sqlite3.Connection, Moment], T]) -> T:
        """Run `work`, which only reads, with the time."""
        clock = self._clock
        if not self._clock_is_current:
            if not self.read(clock.is_current):
                self._change_all(lambda _connection, _moment: None)
            self._clock_is_current = True
        return self.read(
            lambda connection: work(connection, clock.moment(connection, writing=False))
        )

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

        return self._change_all(work)

    def records(self, where: Row, *, after: int = 0, limit: int | None = None) -> list[Row]:
        count = ALL if limit is None else limit
        return self._look(lambda connection, now: _page(connection, now, where, after, count))

    def records_by_key(self, keys: Collection[str]) -> dict[str, Row]:
        def work(connection: sqlite3.Connection, moment: Moment) -> dict[str, Row]:
            found: dict[str, Row] = {}
            for some in chunks(keys):
                query = f"{SELECT} WHERE key IN ({marks(len(some))})"
                rows = connection.execute(query, (moment.lease, *some)).fetchall()
                found.update((row["key"], dict(row)) for row in rows)
            return found

        return self._look(work)

    def missing_records(self, target: str, namespace: str, present: Collection[str]) -> list[Row]:
        def keys(connection: sqlite3.Connection) -> list[Any]:
            # The condition is that of the index, from which this is read alone.
            return connection.execute(
                "SELECT key FROM registrations INDEXED BY registrations_listed "
                "WHERE target = ? AND namespace = ? "
                "AND status <> 'skipped'",
                (target, namespace),
            ).fetchall()

        missing = [key for (key,) in self.read(keys) if key not in present]
        return sorted(self.records_by_key(missing).values(), key=lambda row: int(row["position"]))

    def export_records(
        self, where: Row, *, page: int
    ) -> Iterator[list[tuple[Row, list[AuditEntry]]]]:
        def work(connection: sqlite3.Connection, moment: Moment) -> list[Exported]:
            with connection:
                connection.execute("BEGIN")
                rows = _page(connection, moment, where, after, page)
                lines = _histories(connection, [row["key"] for row in rows])
                return [(row, lines[row["key"]]) for row in rows]

        after = 0
        while found := self._look(work):
            yield found
            after = found[-1][0]["position"]

    def record_keys(self, prefix: str, limit: int) -> list[str]:
        # "g" comes after all that a key is made of.
        query = "SELECT key FROM registrations WHERE key >= ? AND key < ? ORDER BY key LIMIT ?"
        values = (prefix, f"{prefix}g", limit)
        return self.read(lambda it: [key for (key,) in it.execute(query, values)])

    def record_targets(self) -> list[str]:
        query = "SELECT target FROM registration_counts GROUP BY target HAVING sum(count) > 0"
        return self.read(lambda it: [target for (target,) in it.execute(query)])

    def forget_audit(self, seconds: float, *, limit: int) -> int:
        return self._change_all(
            lambda connection, moment: (
                connection.execute(FORGET, (moment.wall - seconds, limit)).rowcount
            )
        )

    def count_records(self, target: str | None) -> dict[str, int]:
        def work(connection: sqlite3.Connection) -> list[Any]:
            condition, values = ("TRUE", ()) if target is None else ("target = ?", (target,))
            return connection.execute(
                f"SELECT status, sum(count) FROM registration_counts WHERE {condition} "  # noqa: S608 - our own names
                "GROUP BY status",
                values,
            ).fetchall()

        return {str(status): count for status, count in self.read(work) if count}

    def next_due(self, target: str, *, held: Collection[str] = ()) -> float | None:
        def work(connection: sqlite3.Connection, moment: Moment) -> float | None:
            found = connection.execute(
                "SELECT due_on FROM registrations WHERE target = ? AND due_on < 1e300 "  # noqa: S608 - our own names
                f"AND {_not_held(held)} ORDER BY due_on LIMIT 1",
                (target, *held),
            ).fetchone()
            return None if found is None else max(0.0, float(found[0]) - moment.lease)

        return self._look(work)

    def change_records(self, changes: Sequence[RecordChange]) -> list[Row | None]:
        return self._change_all(
            lambda connection, now: [_change(connection, now, change) for change in changes]
        )

    def claim_records(
        self, limit: int, *, owner: str, ttl: float, where: Row, held: Collection[str] = ()
    ) -> list[Row]:
        def work(connection: sqlite3.Connection, moment: Moment) -> list[Row]:
            found = connection.execute(
                f"SELECT position FROM registrations WHERE {matching(tuple(where))} "  # noqa: S608 - our own names
                f"AND due_on <= ? AND {_not_held(held)} ORDER BY due_on, position LIMIT ?",
                (*where.values(), moment.lease, *held, limit),
            ).fetchall()
            return [_lease(connection, moment, each[0], owner, ttl) for each in found]

        return self._change_all(work)

    def renew_records(self, leases: Sequence[tuple[str, str]], ttl: float) -> list[bool]:
        def work(connection: sqlite3.Connection, moment: Moment) -> list[bool]:
            until = moment.at(FromNow(ttl)), moment.lease + ttl
            return [bool(connection.execute(RENEW, (*until, *lease)).rowcount) for lease in leases]

        return self._change_all(work)

    def agree_lease(self, target: str, seconds: float) -> float:
        def work(connection: sqlite3.Connection, moment: Moment) -> float:
            name = f"lease of {target}"
            held = connection.execute(HELD, (target, moment.lease)).fetchone()
            stored = connection.execute(LENGTH, (name,)).fetchone()
            if held is not None and stored is not None:
                return float(stored[0])
            connection.execute(KEEP_LENGTH, (name, repr(seconds)))
            return seconds

        return self._change_all(work)

    def signal(self) -> None:
        return None

    def set_aside(self, position: int, version: object, audit: AuditEntry) -> None:
        def work(connection: sqlite3.Connection, moment: Moment) -> None:
            done = connection.execute(
                "UPDATE registrations SET owner = NULL, lease_id = NULL, due_at = NULL, "
                "due_on = NULL, damaged = 1, version = version + 1 "
                "WHERE position = ? AND version = ?",
                (position, version),
            )
            if done.rowcount:
                # Not by the key that is passed: even that may be damaged.
                line = _line(audit, moment)[1:]
                connection.execute(NOTE_AT, (*line, position))

        self._change_all(work)

    def audit_of(self, key: str) -> list[AuditEntry]:
        return self.histories([key])[key]

    def histories(self, keys: Collection[str]) -> dict[str, list[AuditEntry]]:
        return self.read(lambda connection: _histories(connection, keys))


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


def _not_held(held: Collection[str]) -> str:
    return f"(lease_id IS NULL OR lease_id NOT IN ({marks(len(held))}))" if held else "TRUE"


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


def _change(connection: sqlite3.Connection, moment: Moment, change: RecordChange) -> Row | None:
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
    if not connection.execute(statement, (*stored.values(), *expected)).rowcount:
        return None
    if change.audit is not None:
        connection.execute(NOTE, _line(change.audit, moment))
    due_on = stored.pop("due_on", None)
    if "due_at" in stored:
        stored["due_in"] = None if due_on is None else max(0.0, due_on - moment.lease)
    stored["version"] = change.version + 1
    return stored


def _line(entry: AuditEntry, moment: Moment) -> tuple[Any, ...]:
    at = moment.at(entry.at) if type(entry.at) is FromNow else entry.at
    return (entry.key, at, entry.who, entry.before, entry.after, entry.why)
