"""Tasks of the owner of a schema: examine it, migrate it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import psycopg
from attrs import frozen

from rsspot.errors import StateError
from rsspot.state.postgres.connections import Connections
from rsspot.state.postgres.driver import Statement, execute
from rsspot.state.postgres.failures import NotSent, as_state_error, connection_error
from rsspot.state.postgres.migrating import migrate as migration
from rsspot.state.postgres.opening import examine
from rsspot.state.postgres.schema import CURRENT, MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rsspot.config.state_location import ServerLocation
    from rsspot.state.postgres.driver import Bounded, Isolation, Steps
    from rsspot.state.postgres.schema import Migration

__all__ = ["Report", "examine_server", "has_tables", "migrate_schema"]

T = TypeVar("T")
PATIENCE = 10.0
_SETTINGS = ("synchronous_commit", "synchronous_standby_names", "fsync")


@frozen(kw_only=True)
class Report:
    """The state of a schema and its server. `problems` is empty if runs can begin."""

    place: str
    server: str
    role: str
    schema: str
    version: int
    needed: int
    cleaned_up_to: int
    """Up to which version what older workers needed was removed."""
    is_pooled: bool
    is_standby: bool
    synchronous_commit: str
    synchronous_standby_names: str
    fsync: str
    problems: tuple[str, ...]


def examine_server(where: ServerLocation) -> Report:
    """Examine a server and a schema, and change nothing. Raises `StateError`."""
    connections = Connections(where, PATIENCE)

    def look(connection: Bounded) -> Report:
        found = execute(connection, examine(where, connection.info), "none", "")
        text = "SELECT name, setting FROM pg_settings WHERE name = ANY(%(names)s)"
        rows = execute(
            connection, _single_statement(Statement(text, {"names": [*_SETTINGS]})), "none", ""
        )
        settings = {str(row["name"]): str(row["setting"]) for row in rows}
        number = connection.info.server_version
        return Report(
            place=where.shown,
            server=f"{number // 10000}.{number % 10000}",
            role=found.role,
            schema=where.schema,
            version=found.before,
            needed=CURRENT,
            cleaned_up_to=found.after,
            is_pooled=connections.is_pooled,
            is_standby=found.is_standby,
            problems=tuple(". ".join(each) for each in found.problems(where.schema)),
            **{name: settings.get(name, "") for name in _SETTINGS},
        )

    return _with_connection(connections, look)


def has_tables(where: ServerLocation) -> bool:
    """Return whether a schema has the tables of rsspot, and change nothing. Raises `StateError`."""
    found = _with_connection(
        Connections(where, PATIENCE),
        lambda connection: execute(connection, examine(where, connection.info), "none", ""),
    )
    return found.state == "ours"


def migrate_schema(
    where: ServerLocation, *, after: bool = False, migrations: Sequence[Migration] = MIGRATIONS
) -> list[str]:
    """Bring a schema to the current version, in one transaction; return what was applied.

    after: whether to remove what workers of older versions need.

    Raises `StateError`.
    """
    connections = Connections(where, PATIENCE)

    def work(connection: Bounded) -> list[str]:
        connection.limit = 24 * 3600.0  # as long as the tables are large
        steps = migration(where, connection.info, after=after, migrations=migrations)
        isolation: Isolation = "READ COMMITTED"
        return execute(connection, steps, isolation, "")

    return _with_connection(connections, work)


def _with_connection(connections: Connections, work: Callable[[Bounded], T]) -> T:
    failure: StateError
    try:
        connection = connections.connect_first()
        try:
            return work(connection)
        finally:
            connection.close()
    except NotSent as error:
        failure = connection_error(error, connections.where)
    except psycopg.Error as error:
        found = as_state_error(error, connections.where)
        failure = found if isinstance(found, StateError) else StateError(str(found))
    raise failure


def _single_statement(statement: Statement) -> Steps[list[dict[str, object]]]:
    return (yield statement)
