"""`rsspot history …` and `rsspot cache …`: the commands and responses in the state file."""

from datetime import UTC, datetime
from typing import Annotated

import typer
from attrs import frozen
from typer import Typer

from rsspot.cli.command import RsspotCommand, command_group
from rsspot.cli.options import Yes
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.session import Session
from rsspot.state.history import Command as Kept

__all__ = ["cache", "history"]

history: Typer = command_group(
    "Show or clear the commands that used the API. Secrets are removed before they are stored."
)
cache: Typer = command_group("Show or clear the cached responses.")

COLUMNS: Columns[Kept] = (
    Column("TIME", lambda item: datetime.fromtimestamp(item.at, UTC)),
    Column("COMMAND", lambda item: item.command, wraps=True),
)


@frozen
class CacheStatistics:
    """The contents of the persistent cache."""

    file: str
    responses: int
    fresh: int
    bytes: int


@history.command("list", cls=RsspotCommand)
def list_history(
    ctx: typer.Context,
    *,
    limit: Annotated[
        int, typer.Option(metavar="N", min=1, show_default=True, help="Maximum number of commands.")
    ] = 50,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only commands that contain this text.")
    ] = None,
) -> None:
    """List the commands, oldest first."""
    session = Session.of(ctx)
    with session.state() as state:
        found = []
        if state.exists:
            kept = state.history
            found = kept.list(limit) if search is None else kept.search(search)[-limit:]
    session.show(found, COLUMNS, lambda item: item.command)


@history.command("clear", cls=RsspotCommand)
def clear_history(ctx: typer.Context, *, yes: Yes = False) -> None:
    """Delete all commands from the history."""
    session = Session.of(ctx)
    session.confirm("Delete the command history?", yes=yes)
    with session.state() as state:
        if state.exists:
            state.history.clear()
    session.note("The command history is empty.")


@history.command("off", cls=RsspotCommand)
def turn_off(ctx: typer.Context) -> None:
    """Stop recording commands. RSSPOT_HISTORY=off does the same for one shell."""
    _set_recording(Session.of(ctx), on=False)


@history.command("on", cls=RsspotCommand)
def turn_on(ctx: typer.Context) -> None:
    """Record commands again."""
    _set_recording(Session.of(ctx), on=True)


def _set_recording(session: Session, *, on: bool) -> None:
    with session.state() as state:
        state.preferences.set("history", on)
    session.note(f"Commands are {'recorded' if on else 'not recorded'} from now on.")


@cache.command(cls=RsspotCommand)
def stats(ctx: typer.Context) -> None:
    """Show the number and size of the responses."""
    session = Session.of(ctx)
    with session.state() as state:
        known = state.http_cache.stats(state.now()) if state.exists else (0, 0, 0)
        found = CacheStatistics(state.path, *known)
    session.show_one(found, found.responses)


@cache.command(cls=RsspotCommand)
def clear(ctx: typer.Context) -> None:
    """Delete all cached responses. They are fetched again when needed."""
    session = Session.of(ctx)
    with session.state() as state:
        if state.exists:
            state.http_cache.clear()
    session.note("The cache is empty.")
