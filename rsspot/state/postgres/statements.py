"""Statements that are put together from names of our own: values never go into their text.

In templates ``{s}`` stands for the schema, and ``{now}`` for the time, which is the server's:
`clock_timestamp()`, as `now()` is the start of the transaction, from before it waited.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.state.database import Row

__all__ = ["COLUMNS", "NOW_TEXT", "TIMES", "TYPES", "Templates", "condition", "quoted"]

NOW_TEXT = "clock_timestamp()"

TIMES = ("token_expires_at", "submitted_at", "due_at", "created_at", "updated_at")
"""Columns that are times: seconds since the epoch above this layer."""

TYPES = {
    "key": "text",
    "namespace": "text",
    "vm_cloudspace": "text",
    "vm_cloudspace_uid": "text",
    "server": "text",
    "target": "text",
    "pool": "text",
    "address": "text",
    "status": "text",
    "token_id": "text",
    "owner": "text",
    "lease_id": "text",
    "attempts": "bigint",
    "generation": "bigint",
    "last_error": "text",
    "payload": "text",
    "version": "bigint",
    **dict.fromkeys(TIMES, "float8"),
}
"""The columns of a record that rsspot writes, and the types of their values."""


def epoch(column: str) -> str:
    """Return an expression for a time as seconds since the epoch."""
    return f"extract(epoch FROM {column})::float8"


def due_in(prefix: str = "") -> str:
    """Return an expression for the seconds until a record is due."""
    left = epoch(f"{prefix}due_at - {{now}}")
    # greatest() passes over what is null.
    return f"CASE WHEN {prefix}due_at IS NOT NULL THEN greatest({left}, 0.0::float8) END AS due_in"


COLUMNS = ", ".join(
    [
        "position",
        *(f"{epoch(name)} AS {name}" if name in TIMES else name for name in TYPES),
        "damaged",
        due_in(),
    ]
)
"""What is read of a record."""


def condition(where: Row) -> str:
    """Return the condition that columns have these values."""
    return "".join(f"{name} = %({name})s AND " for name in where)


def quoted(name: str) -> str:
    """Return a name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


class Templates:
    """Fills templates in: with the schema, and with the time.

    schema: which schema.
    now: returns an expression for the time; the server's own, but in tests.
    """

    def __init__(self, schema: str, now: Callable[[], str] | None = None) -> None:
        self._schema = quoted(schema)
        self._now = now
        self._filled = lru_cache(512)(self._fill)

    def __call__(self, template: str) -> str:
        """Return the text of a statement."""
        return self._filled(template, NOW_TEXT if self._now is None else self._now())

    def _fill(self, template: str, now: str) -> str:
        return template.replace("{s}", self._schema).replace("{now}", now)
