"""`rsspot state migrate` and `rsspot state check`: the schema of a PostgreSQL server."""

from typing import Annotated, Any

import typer

from rsspot.cli.command import RsspotCommand
from rsspot.cli.output.formatting import counted
from rsspot.cli.output.ledger import StateOption
from rsspot.cli.session import Session
from rsspot.cli.state import configured_state, open_state
from rsspot.config.state_location import ServerLocation, server_location
from rsspot.errors import ConfigError
from rsspot.quantities import parse_duration

__all__ = ["add_server"]

PROBLEM = 3
"""Exit status where a schema cannot be used as it is."""


def add_server(group: typer.Typer) -> None:
    """Add the commands to a group."""
    group.command("check", cls=RsspotCommand)(check)
    group.command("migrate", cls=RsspotCommand)(migrate)
    group.command("forget", cls=RsspotCommand)(forget)


def check(ctx: typer.Context, *, state: StateOption = None) -> None:
    """Check a PostgreSQL server, its schema and the role's rights. Changes nothing.

    Exit status 3 means that a run could not start.
    """
    from rsspot.state.postgres.administration import examine_server

    session = Session.of(ctx)
    report = examine_server(_server(session, state))
    session.show_one(report, report.schema)
    for problem in report.problems:
        session.note(problem, "Problem")
    if report.problems:
        raise typer.Exit(PROBLEM)


def migrate(
    ctx: typer.Context,
    *,
    state: StateOption = None,
    after: Annotated[
        bool,
        typer.Option(
            "--after",
            help="Also remove what older workers need. Use this when no older worker is running.",
        ),
    ] = False,
) -> None:
    """Create the tables of a PostgreSQL schema, or bring them to this version.

    Workers of the previous version can keep running. The role needs CREATE on the schema, or on the
    database where the schema does not exist yet.
    """
    from rsspot.state.postgres.administration import migrate_schema

    session = Session.of(ctx)
    where = _server(session, state)
    done = migrate_schema(where, after=after)
    session.note(
        f"Schema {where.schema} is ready. Applied parts of migrations: {', '.join(done)}."
        if done
        else f"Schema {where.schema} is up to date."
    )


def forget(
    ctx: typer.Context,
    *,
    older_than: Annotated[
        str, typer.Option(metavar="DURATION", help="Delete lines older than this, such as 90d.")
    ],
    state: StateOption = None,
) -> None:
    """Delete old lines from the histories of registrations.

    Records that are still in progress keep their whole history, and every record keeps its last
    line.
    """
    session = Session.of(ctx)
    age = parse_duration("--older-than", older_than, unit="d").total_seconds()
    with open_state(session, state) as store:
        gone = store.registrations.forget_audit(age)
    session.note(f"{counted(gone, 'line was', 'lines were')} deleted.")


def _server(session: Session, state: str | None) -> ServerLocation:
    named: Any = state or configured_state(session)
    where = server_location(named) if named else None
    if where is None:
        raise ConfigError(
            "The state is in a file, which is migrated when it is opened",
            key="state_path",
            hint="Name a server with --state postgresql://…, RSSPOT_STATE_PATH or state_path",
        )
    return where
