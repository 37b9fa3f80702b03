"""Checks before the first operation: the server, the schema, and the rights of the role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.errors import StateError
from rsspot.state.postgres.driver import Statement
from rsspot.state.postgres.schema import COLUMNS, CURRENT, MARK, TABLES
from rsspot.state.postgres.statements import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import ConnectionInfo

    from rsspot.config.state_location import ServerLocation
    from rsspot.state.postgres.driver import Steps

__all__ = ["OLDEST", "Found", "examine", "look"]

OLDEST = 14
"""The oldest major version of PostgreSQL that is supported."""

NO_TABLES = (
    "Run `rsspot state migrate` as a role that may create them, and grant the others their rights "
    "(docs/fleet.md)"
)

SHOWN = 3
"""Maximum number of tables that a message names."""
_COLUMNS = [f"{table}.{name}" for table, names in COLUMNS.items() for name in names]

_FOUND = """
SELECT current_user AS role, n.oid IS NOT NULL AS is_there,
    coalesce(has_schema_privilege(n.oid, 'USAGE'), false) AS may_use,
    CASE WHEN n.oid IS NULL THEN has_database_privilege(current_database(), 'CREATE')
        ELSE has_schema_privilege(n.oid, 'CREATE') END AS may_create,
    pg_is_in_recovery() AS is_standby,
    coalesce((SELECT has_table_privilege(c.oid, 'SELECT') FROM pg_class c
        WHERE c.relnamespace = n.oid AND relname = %(mark)s), true) AS may_read,
    (SELECT count(*) = 2 FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
        WHERE c.relnamespace = n.oid AND relname = %(mark)s AND relkind = 'r'
        AND (attname, atttypid) IN (('number', 'bigint'::regtype), ('part', 'text'::regtype))
    ) AS is_marked,
    ARRAY(SELECT unnest(%(columns)s::text[]) EXCEPT SELECT relname || '.' || attname
        FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid
        WHERE c.relnamespace = n.oid AND relkind IN ('r', 'p') AND NOT attisdropped
        ORDER BY 1) AS lacking,
    ARRAY(SELECT relname::text FROM pg_class c WHERE c.relnamespace = n.oid
        AND relkind IN ('r', 'p', 'v', 'm', 'f') ORDER BY 1) AS tables,
    ARRAY(SELECT string_agg(p, ', ' ORDER BY i) || ' on ' || relname FROM pg_class c,
        unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) WITH ORDINALITY AS u (p, i)
        WHERE c.relnamespace = n.oid AND relname = ANY(%(tables)s)
        AND NOT has_table_privilege(c.oid, p) GROUP BY relname ORDER BY relname) AS missing
FROM (SELECT 1) AS one LEFT JOIN pg_namespace n ON n.nspname = %(schema)s
"""
_LEVELS = f"""
SELECT coalesce(max(number) FILTER (WHERE part = 'before'), 0) AS before,
    coalesce(max(number) FILTER (WHERE part = 'after'), 0) AS after
FROM {{s}}.{MARK}
"""


class Found:
    """The schema: its `state` is "new" (no tables), "foreign" or "ours"; levels of migrations."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.role: str = row["role"]
        self.is_there: bool = row["is_there"]
        self.may_use: bool = row["may_use"]
        self.may_read: bool = row["may_read"]
        self.may_create: bool = row["may_create"]
        self.is_standby: bool = row["is_standby"]
        self.tables: list[str] = row["tables"]
        self.missing: list[str] = row["missing"]
        self.is_marked: bool = row["is_marked"]
        self.lacking: list[str] = row["lacking"]
        self.before = 0
        self.after = 0

    @property
    def state(self) -> str:
        """Return "new", "foreign" or "ours"."""
        if self.is_marked and (self.before or not self.is_readable):
            return "ours"
        return "foreign" if self.tables else "new"

    @property
    def is_readable(self) -> bool:
        """Whether the role may read which migrations were applied."""
        return self.may_use and self.may_read

    @property
    def is_damaged(self) -> bool:
        """Whether a schema of this version lacks columns of this version."""
        return bool(self.lacking) and self.before >= CURRENT >= self.after

    def damage(self, schema: str) -> tuple[str, str]:
        """Return what is missing, and what to do."""
        tables = {each.partition(".")[0] for each in self.lacking}
        named = ", ".join(
            (
                *sorted(tables - {*self.tables}),
                *(each for each in self.lacking if each.partition(".")[0] in self.tables),
            )[:SHOWN]
        )
        return (
            f"The schema {schema} lacks tables or columns of rsspot: {named}",
            "Restore it from a backup, or name an empty schema in the URL; nothing was changed",
        )

    def problems(self, schema: str) -> Iterator[tuple[str, str]]:
        """Yield why runs cannot begin, each with what to do."""
        if self.state == "new":
            able = "" if self.may_create else f", and role {self.role} may not create them"
            yield f"There are no tables of rsspot in schema {schema}{able}", NO_TABLES
        elif not self.may_use:
            yield self._denied(f"USAGE on schema {schema}", schema)
        elif not self.may_read:
            yield self._denied(f"SELECT on {MARK}", schema)
        else:
            yield from self._versions(schema)
            if self.is_damaged:
                yield self.damage(schema)
            elif self.missing:
                yield self._denied("; ".join(self.missing), schema)

    def _versions(self, schema: str) -> Iterator[tuple[str, str]]:
        if self.before < CURRENT:
            yield (
                f"The schema {schema} has version {self.before}, and this rsspot needs {CURRENT}",
                "Run `rsspot state migrate`; workers of the previous version can keep running",
            )
        if self.after > CURRENT:
            yield (
                f"The schema {schema} has version {self.after}, and this rsspot supports {CURRENT}",
                "Upgrade rsspot",
            )

    def _denied(self, rights: str, schema: str) -> tuple[str, str]:
        name, role = quoted(schema), quoted(self.role)
        tables = f"SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {name}"
        hint = f"GRANT USAGE ON SCHEMA {name} TO {role}; GRANT {tables} TO {role}"
        return f"The role {self.role} lacks {rights}", hint


def examine(where: ServerLocation, info: ConnectionInfo) -> Steps[Found]:
    """Examine the schema, and change nothing.

    Raises `StateError` for a server that is too old or has no UTF-8, and for a schema that
    something else owns.
    """
    if info.server_version < OLDEST * 10000:
        raise StateError(
            f"PostgreSQL {_version(info)} at {where.shown} is too old: rsspot needs {OLDEST} or "
            "newer",
            path=where.shown,
            hint="Upgrade the server, or use another one",
        )
    encoding = info.parameter_status("server_encoding") or "UTF8"
    if encoding != "UTF8":
        raise StateError(
            f"The database at {where.shown} has the encoding {encoding}, which cannot hold all "
            "names",
            path=where.shown,
            hint="Create one with ENCODING 'UTF8'",
        )
    values = {"schema": where.schema, "mark": MARK, "tables": [*TABLES], "columns": _COLUMNS}
    (row,) = yield Statement(_FOUND, values)
    found = Found(row)
    if found.is_marked and found.is_readable:
        (levels,) = yield Statement(_LEVELS.replace("{s}", quoted(where.schema)), {})
        found.before, found.after = levels["before"], levels["after"]
    if found.state == "foreign":
        raise StateError(
            f"The schema {where.schema} at {where.shown} is used by another program: it has "
            f"{', '.join(found.tables[:SHOWN])}{' and more' if len(found.tables) > SHOWN else ''}",
            path=where.shown,
            hint="Name an empty schema in the URL, as in ?schema=rsspot; nothing was changed",
        )
    return found


def look(where: ServerLocation, info: ConnectionInfo) -> Steps[bool]:
    """Check that the schema can be used as it is; return whether it is to be made first.

    Raises `StateError`.
    """
    found = yield from examine(where, info)
    if found.state == "new" and found.may_create and not found.is_standby:
        return True
    for problem, hint in found.problems(where.schema):
        raise StateError(f"{problem} at {where.shown}", path=where.shown, hint=hint)
    return False


def _version(info: ConnectionInfo) -> str:
    number = info.server_version
    return f"{number // 10000}.{number % 10000}"
