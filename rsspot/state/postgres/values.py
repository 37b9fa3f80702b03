"""Values of many rows as arrays, and the SQL expressions that unpack them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.state.database import FromNow
from rsspot.state.postgres.statements import TIMES, TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rsspot.state.database import AuditEntry, Row

__all__ = [
    "AUDIT",
    "NOTED",
    "SECOND",
    "arrays",
    "entry_values",
    "moment",
    "note",
    "typed",
    "unnest",
]

SECOND = "interval '1 second'"
AUDIT = {
    "key": "text",
    "at": "float8",
    "at_in": "float8",
    "who": "text",
    "before": "text",
    "after": "text",
    "why": "text",
    "change_id": "uuid",
}


def moment(prefix: str, name: str) -> str:
    """Return an expression for a time that was passed as a time or as a duration from now."""
    return f"coalesce(to_timestamp({prefix}{name}), {{now}} + {prefix}{name}_in * {SECOND})"


def unnest(types: dict[str, str], prefix: str = "") -> str:
    """Return a FROM item with one column for each array of values, and the number `n`."""
    arrays = ", ".join(f"%({prefix}{name})s::{kind}[]" for name, kind in types.items())
    return f"unnest({arrays}) WITH ORDINALITY AS c ({', '.join(types)}, n)"


def typed(names: Iterable[str]) -> dict[str, str]:
    """Return the types of columns; a time has a second one, for a duration."""
    found: dict[str, str] = {}
    for name in names:
        found[name] = TYPES[name]
        if name in TIMES:
            found[f"{name}_in"] = "float8"
    return found


def arrays(names: Iterable[str], rows: Sequence[Row], prefix: str = "") -> dict[str, list[Any]]:
    """Return the values of rows as an array for each column."""
    found: dict[str, list[Any]] = {}
    for name in names:
        values = [row[name] for row in rows]
        if name in {*TIMES, "at"}:
            found[f"{prefix}{name}_in"] = [
                float(value) if type(value) is FromNow else None for value in values
            ]
            values = [
                None if value is None or type(value) is FromNow else float(value)
                for value in values
            ]
        found[f"{prefix}{name}"] = values
    return found


def note(prefix: str, key: str) -> str:
    """Return an INSERT of lines of history, but for where they come from."""
    values = [key, moment(prefix, "at"), *(f"{prefix}{name}" for name in NOTED[2:])]
    return f"INSERT INTO {{s}}.audit ({', '.join(NOTED)}) SELECT {', '.join(values)}"


NOTED = ("key", "at", "who", "before", "after", "why", "change_id")


def entry_values(entry: AuditEntry) -> Row:
    """Return the columns of an entry of a history, without the id of its change."""
    return {name: getattr(entry, name) for name in NOTED[:-1]}
