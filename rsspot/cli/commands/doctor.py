"""`rsspot doctor`."""

import typer
from typer import Typer

from rsspot.cli.checkup import Check, examine
from rsspot.cli.command import single_command
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.session import Session

__all__ = ["doctor"]

CHECKS: Columns[Check] = (
    Column("CHECK", lambda item: item.check),
    Column(
        "RESULT",
        lambda item: "ok" if item.ok else "problem",
        color=lambda item: "green" if item.ok else "red",
    ),
    Column("FOUND", lambda item: item.found, wraps=True),
    Column("FIX", lambda item: item.fix, wraps=True, optional=True),
)


@single_command(epilog="Exit status: 0 if all is well, 1 if there is a problem.")
def _doctor(ctx: typer.Context) -> None:
    """Check versions, configuration, state, proxy, sign-in, API and clock, and suggest fixes."""
    session = Session.of(ctx)
    found = [*examine(session)]
    session.show(found, CHECKS, lambda item: item.check)
    problems = sum(not item.ok for item in found)
    if problems:
        session.note(f"{problems} problem{'s' * (problems > 1)}. The column FIX shows what to do.")
        raise typer.Exit(1)
    if session.is_table:
        session.note("All is well.")


doctor: Typer = _doctor
