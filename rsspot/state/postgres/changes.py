"""Compare-and-set of many records, in sets and in the order of their keys."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from rsspot.state.database import FromNow
from rsspot.state.postgres.driver import Statement
from rsspot.state.postgres.statements import COLUMNS, TIMES, due_in, epoch
from rsspot.state.postgres.values import AUDIT, NOTED, SECOND, arrays, moment, note, typed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rsspot.state.database import RecordChange, Row
    from rsspot.state.postgres.driver import Steps
    from rsspot.state.postgres.statements import Templates

__all__ = ["change", "is_of_one_record"]

LOCK = "SELECT FROM {s}.registrations WHERE key = ANY(%(keys)s) ORDER BY key FOR NO KEY UPDATE"
DONE_BEFORE = (
    f"SELECT change_id::text, {COLUMNS} FROM (SELECT change_id, key AS k FROM {{s}}.audit "
    "WHERE change_id = ANY(%(ids)s)) AS a JOIN {s}.registrations ON key = k"
)
FENCE = {"key": "text", "version": "bigint", "lease": "text", "noted": "boolean"}


def change(
    texts: Templates, channel: str, changes: Sequence[RecordChange]
) -> Callable[[bool], Steps[list[Row | None]]]:
    """Return the operation, which needs a transaction unless all changes are of one record.

    channel: the channel of notifications that records may be due.
    """
    opens = any(_opens(each) for each in changes)

    def steps(again: bool) -> Steps[list[Row | None]]:  # noqa: FBT001 - one flag
        done: list[Row | None] = [None] * len(changes)
        if is_of_one_record(changes):
            text = _of_one_record(changes, wakes=opens)
            rows = yield Statement(texts(text), _scalars(changes, channel))
            done = [_after(each, rows[0]) if rows else None for each in changes]
        else:
            yield from _in_sets(done)
        if again:
            yield from _found_again(texts, changes, done)
        return done

    def _in_sets(done: list[Row | None]) -> Steps[None]:
        if changes:
            keys = sorted({each.key for each in changes})
            yield Statement(texts(LOCK), {"keys": keys})
        for names, numbers in _rounds(changes):
            some = [changes[number] for number in numbers]
            values = {**_values(names, some), "channel": channel}
            text = _update(names, wakes=opens and "due_at" in names)
            rows = yield Statement(texts(text), values)
            for row in rows:
                number = numbers[int(row.pop("n")) - 1]
                done[number] = _after(changes[number], row)

    return steps


def is_of_one_record(changes: Sequence[RecordChange]) -> bool:
    """Return whether these are changes of one record, each of the version that the last one makes.

    These are by far the most frequent ones, and are made in one statement.
    """
    first = changes[0] if changes else None
    return first is not None and all(
        (each.key, each.version) == (first.key, first.version + number)
        for number, each in enumerate(changes)
    )


def _opens(change: RecordChange) -> bool:
    """Return whether another worker may claim the record immediately after this change."""
    due = change.changes.get("due_at")
    return type(due) is FromNow and due == 0.0


def _rounds(changes: Sequence[RecordChange]) -> list[tuple[tuple[str, ...], list[int]]]:
    """Split changes into sets of the same columns, with each record at most once."""
    times: dict[str, int] = {}
    found: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for number, each in enumerate(changes):
        turn = times[each.key] = times.get(each.key, -1) + 1
        found.setdefault((turn, tuple(each.changes)), []).append(number)
    order = sorted(found, key=lambda item: item[0])
    return [(names, found[turn, names]) for turn, names in order]


def _after(change: RecordChange, row: Row) -> Row:
    """Return the columns that changed, as they are after this change."""
    after: Row = {
        name: row[name] if name in TIMES else value for name, value in change.changes.items()
    }
    after["version"] = change.version + 1
    if "due_at" in after:
        after["due_in"] = row["due_in"]
    return after


def _found_again(
    texts: Templates, changes: Sequence[RecordChange], done: list[Row | None]
) -> Steps[None]:
    """Fill in the results of an earlier attempt whose connection broke before it returned."""
    ids = {
        str(UUID(each.change_id)): number
        for number, each in enumerate(changes)
        if done[number] is None and each.audit is not None
    }
    if not ids:
        return
    last = {each.key: each.version + 1 for each in changes}
    rows = yield Statement(texts(DONE_BEFORE), {"ids": [UUID(each) for each in ids]})
    for row in rows:
        number = ids[row["change_id"]]
        made = changes[number]
        if row["version"] == last[made.key]:
            done[number] = _after(made, row)


def _values(names: tuple[str, ...], changes: Sequence[RecordChange]) -> dict[str, Any]:
    values: dict[str, Any] = arrays(names, [each.changes for each in changes], "x_")
    values |= {name: [getattr(each, name) for each in changes] for name in ("key", "version")}
    values["lease"] = [each.lease for each in changes]
    values["noted"] = [each.audit is not None for each in changes]
    entries = [
        {name: getattr(each.audit, name, None) for name in ("at", "who", "before", "after", "why")}
        for each in changes
    ]
    values |= arrays(("at", "who", "before", "after", "why"), entries, "a_")
    values["a_change_id"] = [UUID(each.change_id) for each in changes]
    return values


def _scalars(changes: Sequence[RecordChange], channel: str) -> dict[str, Any]:
    first = changes[0]
    values: dict[str, Any] = {"key": first.key, "version": first.version, "lease": first.lease}
    values["channel"] = channel
    for number, each in enumerate(changes):
        values |= {f"x_{name}": value for name, value in each.changes.items()}
        if each.audit is not None:
            values.update(zip(_note_names(number), (*each.audit[1:], each.change_id), strict=True))
    return values


@lru_cache
def _note_names(number: int) -> tuple[str, ...]:
    return tuple(f"a{number}_{name}" for name in NOTED[1:])


def _of_one_record(changes: Sequence[RecordChange], *, wakes: bool) -> str:
    changed = {name: value for each in changes for name, value in each.changes.items()}
    kinds = tuple((name, _kind(name, value)) for name, value in changed.items())
    noted = tuple(
        (f"a{number}_", _kind("at", each.audit.at))
        for number, each in enumerate(changes)
        if each.audit is not None
    )
    is_leased = changes[0].lease is not None
    return _text(kinds, noted, len(changes), is_leased=is_leased, wakes=wakes)


_OF_TIME = frozenset({*TIMES, "at"})


def _kind(name: str, value: Any) -> str:
    """Return the form of a value in a statement: plain, a time, or a duration from now."""
    if value is None or name not in _OF_TIME:
        return "plain"
    if type(value) is not FromNow:
        return "time"
    return "from now" if value else "now"


_FORMS = {
    "plain": "%({})s",
    "time": "to_timestamp(%({})s)",
    "from now": f"{{{{now}}}} + %({{}})s * {SECOND}",
    "now": "{{now}}",
}


@lru_cache(256)
def _text(
    kinds: tuple[tuple[str, str], ...],
    noted: tuple[tuple[str, str], ...],
    count: int,
    *,
    is_leased: bool,
    wakes: bool,
) -> str:
    sets = "".join(f"{name} = {_FORMS[kind].format(f'x_{name}')}, " for name, kind in kinds)
    names = [name for name, _ in kinds]
    times = "".join(f", {epoch(f'r.{name}')} AS {name}" for name in names if name in TIMES)
    due = f", {due_in('r.')}" if "due_at" in names else ""
    fence = (
        "r.lease_id = %(lease)s"
        if is_leased
        else "(r.lease_id IS NULL OR r.due_at IS NULL OR r.due_at <= {now})"
    )
    update = (
        f"UPDATE {{s}}.registrations AS r SET {sets}version = r.version + {count} "
        f"WHERE r.key = %(key)s AND r.version = %(version)s AND {fence} "
        f"RETURNING r.version{times}{due}"
    )
    if not noted and not wakes:
        return update
    lines = " UNION ALL ".join(_line(prefix, kind) for prefix, kind in noted)
    note = f", noted AS (INSERT INTO {{s}}.audit ({', '.join(NOTED)}) {lines})" if lines else ""
    woken = ", pg_notify(%(channel)s, '')::text AS woken" if wakes else ""
    return f"WITH done AS ({update}){note} SELECT *{woken} FROM done"


def _line(prefix: str, kind: str) -> str:
    values = ", ".join(f"%({prefix}{name})s" for name in NOTED[2:])
    return f"SELECT %(key)s, {_FORMS[kind].format(f'{prefix}at')}, {values}::uuid FROM done"


@lru_cache(256)
def _update(names: tuple[str, ...], *, wakes: bool) -> str:
    own = {f"x_{name}": kind for name, kind in typed(names).items()}
    audit = {f"a_{name}": kind for name, kind in AUDIT.items() if name != "key"}
    columns = {**FENCE, **own, **audit}
    given = ", ".join(f"%({name})s::{kind}[]" for name, kind in columns.items())
    sets = "".join(
        f"{name} = {moment('c.x_', name) if name in TIMES else f'c.x_{name}'}, " for name in names
    )
    times = "".join(f", {epoch(f'r.{name}')} AS {name}" for name in names if name in TIMES)
    # The server sends equal notifications of a transaction once, however many rows there are.
    woken = ", pg_notify(%(channel)s, '')::text AS woken" if wakes else ""
    due = f", {due_in('r.')}" if "due_at" in names else ""
    return (
        f"WITH c AS (SELECT * FROM unnest({given}) WITH ORDINALITY AS c ({', '.join(columns)}, n)),"
        f" done AS (UPDATE {{s}}.registrations AS r SET {sets}version = r.version + 1 FROM c "
        "WHERE r.key = c.key AND r.version = c.version AND CASE WHEN c.lease IS NULL "
        "THEN r.lease_id IS NULL OR r.due_at IS NULL OR r.due_at <= {now} "
        f"ELSE r.lease_id = c.lease END RETURNING c.n, r.version{times}{due}), "
        f"noted AS ({note('c.a_', 'c.key')} FROM c JOIN done USING (n) WHERE c.noted ORDER BY n) "
        f"SELECT *{woken} FROM done"
    )
