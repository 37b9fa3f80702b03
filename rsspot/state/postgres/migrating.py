"""Migrate a schema to the current version, one process at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.errors import StateError
from rsspot.state.postgres.driver import Statement
from rsspot.state.postgres.opening import examine
from rsspot.state.postgres.schema import MARK, MIGRATIONS
from rsspot.state.postgres.statements import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg import ConnectionInfo

    from rsspot.config.state_location import ServerLocation
    from rsspot.state.postgres.driver import Steps
    from rsspot.state.postgres.opening import Found
    from rsspot.state.postgres.schema import Migration

__all__ = ["migrate"]

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('rsspot ' || %(schema)s, 0))"
_MARK = f"""
CREATE TABLE IF NOT EXISTS {{s}}.{MARK} (
    number bigint NOT NULL, part text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(), PRIMARY KEY (number, part)
)
"""


def migrate(
    where: ServerLocation,
    info: ConnectionInfo,
    *,
    after: bool,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> Steps[list[str]]:
    """Apply what is missing, in the transaction that this is run in; return what was applied.

    after: whether to apply the parts that workers of the version before would not survive. On a
    new schema they are applied in any case.

    Raises `StateError`.
    """
    yield Statement("SET LOCAL statement_timeout = 0", {})
    yield Statement(_LOCK, {"schema": where.schema})
    found = yield from examine(where, info)
    _refuse(found, where, len(migrations))
    is_new = found.state == "new"
    missing = found.before < len(migrations) or (after and found.after < len(migrations))
    if missing and not found.may_create:
        raise StateError(
            f"The role {found.role} is not allowed to create tables in schema {where.schema} at "
            f"{where.shown}",
            path=where.shown,
            hint="Run this as the owner of the schema, or of the database if the schema is missing",
        )
    done: list[str] = []
    schema = quoted(where.schema)
    if is_new and not found.is_there:
        yield Statement(f"CREATE SCHEMA {schema}", {})
    if is_new:
        yield Statement(_MARK.replace("{s}", schema), {})
    for number, each in enumerate(migrations, 1):
        parts = [("before", each.before, found.before)]
        if after or is_new:
            parts.append(("after", each.after, found.after))
        for part, statements, level in parts:
            if number <= level:
                continue
            for text in statements:
                yield Statement(text.replace("{s}", schema).replace("%", "%%"), {})
            yield Statement(
                f"INSERT INTO {schema}.{MARK} (number, part) VALUES (%(number)s, %(part)s)",
                {"number": number, "part": part},
            )
            done.append(f"{number} {part}")
    return done


def _refuse(found: Found, where: ServerLocation, version: int) -> None:
    """Raise `StateError` for a schema that is newer than this rsspot, or not whole."""
    if found.after > version:
        raise StateError(
            f"The schema {where.schema} at {where.shown} has version {found.after}, and this "
            f"rsspot supports {version}",
            path=where.shown,
            hint="Upgrade rsspot; nothing was changed",
        )
    if found.is_damaged:
        problem, hint = found.damage(where.schema)
        raise StateError(f"{problem} at {where.shown}", path=where.shown, hint=hint)
