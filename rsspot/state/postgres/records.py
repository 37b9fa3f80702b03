"""The operations of the ledger, each as the statements that it takes.

An operation may be attempted again. The ids of its changes stay the same, so that a second attempt
detects what the first one did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from rsspot.state.database import AuditEntry
from rsspot.state.postgres.driver import Statement
from rsspot.state.postgres.statements import COLUMNS, TIMES, condition, epoch
from rsspot.state.postgres.values import (
    AUDIT,
    NOTED,
    SECOND,
    arrays,
    entry_values,
    moment,
    note,
    typed,
    unnest,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from rsspot.state.database import Row
    from rsspot.state.postgres.driver import Steps
    from rsspot.state.postgres.statements import Templates

__all__ = ["Records"]

HISTORY = (
    f"SELECT key, {epoch('at')} AS at, who, before, after, why FROM {{s}}.audit "
    "WHERE key = ANY(%(keys)s) ORDER BY id"
)


class Records:
    """Makes the operations, which `Operations` carries out.

    texts: fills in schema and time.
    channel: the channel of notifications that records may be due.
    """

    def __init__(self, texts: Templates, channel: str) -> None:
        self._texts = texts
        self._channel = channel

    def statement(self, template: str, **values: Any) -> Statement:
        """Return a statement."""
        return Statement(self._texts(template), values)

    def insert(
        self, rows: Iterable[Row], audit: Iterable[AuditEntry]
    ) -> Callable[[bool], Steps[int]]:
        """Add the records whose key is new."""
        made, entries = [*rows], [*audit]
        names = tuple(made[0]) if made else ()
        notes: dict[int, Row] = {}

        def steps(again: bool) -> Steps[int]:  # noqa: FBT001 - one flag
            if not made:
                return 0
            # Two hosts that find the same VMs would deadlock.
            yield self.statement(LOCK_DISCOVERY, name=made[0]["target"])
            if again and notes:
                ids = [note["change_id"] for note in notes.values()]
                (found,) = yield self.statement(ADDED_BEFORE, ids=ids)
                if found["count"]:
                    return int(found["count"])
            # The host that held the lock has often added the same records.
            keys = [row["key"] for row in made]
            known = {row["key"] for row in (yield self.statement(KNOWN, keys=keys))}
            new = [row for row in made if row["key"] not in known]
            if not new:
                return 0
            for number, entry in enumerate(entries):
                if entry.key not in known and number not in notes:
                    notes[number] = {**entry_values(entry), "change_id": uuid4()}
            lines = [line for line in notes.values() if line["key"] not in known]
            values = arrays(names, new, "r_") | arrays(NOTED, lines, "a_")
            (added,) = yield self.statement(_insert(names), **values)
            if added["count"]:
                yield self.statement(NOTIFY, channel=self._channel)
            return int(added["count"])

        return steps

    def page(self, where: Row, after: int, limit: int | None) -> Callable[[bool], Steps[list[Row]]]:
        """Return records beyond a position."""
        text = f"SELECT {COLUMNS} FROM {{s}}.registrations WHERE {condition(where)}"
        text += "position > %(beyond)s ORDER BY position LIMIT %(limit)s"
        return lambda _again: self._rows(text, **where, beyond=after, limit=limit)

    def by_key(self, keys: Collection[str]) -> Callable[[bool], Steps[dict[str, Row]]]:
        """Return records by key."""

        def steps(_again: bool) -> Steps[dict[str, Row]]:  # noqa: FBT001 - one flag
            found = yield self.statement(BY_KEY, keys=[*keys])
            return {row["key"]: row for row in found}

        return steps

    def missing(
        self, target: str, namespace: str, present: Collection[str]
    ) -> Callable[[bool], Steps[list[Row]]]:
        """Return the records of a namespace that a list does not have."""
        values = {"target": target, "namespace": namespace, "present": [*present]}
        return lambda _again: self._rows(MISSING, **values)

    def histories(
        self, keys: Collection[str]
    ) -> Callable[[bool], Steps[dict[str, list[AuditEntry]]]]:
        """Return the histories of records, by key."""

        def steps(_again: bool) -> Steps[dict[str, list[AuditEntry]]]:  # noqa: FBT001 - one flag
            found: dict[str, list[AuditEntry]] = {key: [] for key in keys}
            for row in (yield self.statement(HISTORY, keys=[*found])):
                found[row["key"]].append(AuditEntry(**row))
            return found

        return steps

    def keys(self, prefix: str, limit: int) -> Callable[[bool], Steps[list[str]]]:
        """Return keys by how they begin."""
        values = {"prefix": prefix, "beyond": f"{prefix}g", "n": limit}

        def steps(_again: bool) -> Steps[list[str]]:  # noqa: FBT001 - one flag
            return [row["key"] for row in (yield self.statement(KEYS, **values))]

        return steps

    def payload_keys(self, part: str, limit: int) -> Callable[[bool], Steps[list[str]]]:
        """Return keys by a part of their payload."""

        def steps(_again: bool) -> Steps[list[str]]:  # noqa: FBT001 - one flag
            return [row["key"] for row in (yield self.statement(BY_PAYLOAD, part=part, n=limit))]

        return steps

    def targets(self) -> Callable[[bool], Steps[list[str]]]:
        """Return the targets that have records."""

        def steps(_again: bool) -> Steps[list[str]]:  # noqa: FBT001 - one flag
            return [row["target"] for row in (yield self.statement(TARGETS))]

        return steps

    def counts(self, target: str | None) -> Callable[[bool], Steps[dict[str, int]]]:
        """Return how many records there are of each status."""
        text = "SELECT status, sum(count)::bigint AS count FROM {s}.registration_counts "
        text += "GROUP BY status" if target is None else "WHERE target = %(target)s GROUP BY status"

        def steps(_again: bool) -> Steps[dict[str, int]]:  # noqa: FBT001 - one flag
            found = yield self.statement(text, target=target)
            return {row["status"]: row["count"] for row in found if row["count"]}

        return steps

    def set_aside(
        self, position: int, version: object, audit: AuditEntry
    ) -> Callable[[bool], Steps[None]]:
        """Close a damaged record."""
        note = arrays(NOTED, [{**entry_values(audit), "change_id": uuid4()}], "a_")

        def steps(_again: bool) -> Steps[None]:  # noqa: FBT001 - one flag
            yield self.statement(SET_ASIDE, position=position, version=version, **note)

        return steps

    def forget(self, seconds: float, limit: int) -> Callable[[bool], Steps[int]]:
        """Delete old lines of history."""

        def steps(_again: bool) -> Steps[int]:  # noqa: FBT001 - one flag
            (found,) = yield self.statement(FORGET, seconds=seconds, n=limit)
            return int(found["count"])

        return steps

    def _rows(self, text: str, **values: Any) -> Steps[list[Row]]:
        return (yield self.statement(text, **values))


def _insert(names: tuple[str, ...]) -> str:
    values = ", ".join(moment("c.", name) if name in TIMES else f"c.{name}" for name in names)
    notes = unnest(AUDIT, "a_").replace(" AS c ", " AS a ")
    return (
        f"WITH added AS (INSERT INTO {{s}}.registrations ({', '.join(names)}) "
        f"SELECT {values} FROM {unnest(typed(names), 'r_')} ORDER BY c.n "
        "ON CONFLICT (key) DO NOTHING RETURNING key), "
        f"noted AS ({note('a.', 'a.key')} FROM {notes} JOIN added USING (key) ORDER BY a.n) "
        "SELECT count(*) AS count FROM added"
    )


# By bytes, whatever the collation of the database; "g" sorts after all characters of a key.
KEYS = (
    'SELECT key FROM {s}.registrations WHERE key COLLATE "C" >= %(prefix)s '
    'AND key COLLATE "C" < %(beyond)s ORDER BY key COLLATE "C" LIMIT %(n)s'
)
BY_PAYLOAD = (
    "SELECT key FROM {s}.registrations WHERE strpos(payload, %(part)s) > 0 "
    "ORDER BY position LIMIT %(n)s"
)
TARGETS = (
    "SELECT target FROM {s}.registration_counts GROUP BY target HAVING sum(count) > 0 "
    'ORDER BY target COLLATE "C"'
)
NOTIFY = "SELECT pg_notify(%(channel)s, '')::text"
LOCK_DISCOVERY = "SELECT pg_advisory_xact_lock(hashtextextended('{s} ' || %(name)s::text, 1))"
ADDED_BEFORE = "SELECT count(DISTINCT key) AS count FROM {s}.audit WHERE change_id = ANY(%(ids)s)"
KNOWN = "SELECT key FROM {s}.registrations WHERE key = ANY(%(keys)s)"
BY_KEY = f"SELECT {COLUMNS} FROM {{s}}.registrations WHERE key = ANY(%(keys)s)"
MISSING = (
    f"SELECT {COLUMNS} FROM {{s}}.registrations AS r "
    "WHERE target = %(target)s AND namespace = %(namespace)s AND status <> 'skipped' AND NOT "
    "EXISTS (SELECT FROM unnest(%(present)s::text[]) AS p (key) WHERE p.key = r.key) "
    "ORDER BY position"
)
SET_ASIDE = (
    "WITH done AS (UPDATE {s}.registrations SET owner = NULL, lease_id = NULL, due_at = NULL, "
    "damaged = true, version = version + 1 WHERE position = %(position)s "
    "AND version = %(version)s RETURNING key AS own) "
    f"{note('c.', 'own')} FROM done, {unnest(AUDIT, 'a_')}"
)
FORGET = (
    "WITH gone AS (DELETE FROM {s}.audit WHERE id IN (SELECT id FROM {s}.audit AS a "
    f"WHERE at < {{now}} - %(seconds)s * {SECOND} AND EXISTS (SELECT FROM {{s}}.registrations r "
    "WHERE r.key = a.key AND r.due_at IS NULL) AND id <> (SELECT max(id) FROM {s}.audit AS b "
    "WHERE b.key = a.key) ORDER BY id LIMIT %(n)s) RETURNING 1) SELECT count(*) AS count FROM gone"
)
