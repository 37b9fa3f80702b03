"""`rsspot events`: past events, and new ones as they arrive."""

import json
import sys
from collections import Counter
from datetime import datetime
from shutil import get_terminal_size
from typing import Annotated

import typer

from rsspot import SpotClient
from rsspot.cli.command import ListCommand, single_command
from rsspot.cli.live import read_interval
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.output.formatting import format_value
from rsspot.cli.output.text_width import wrap
from rsspot.cli.session import Session
from rsspot.errors import RSSpotError
from rsspot.models import OrganizationEvent
from rsspot.models.quantities import read_time
from rsspot.resources.watching import EVENT_LIMIT

EVENTS: Columns[OrganizationEvent] = (
    Column("TIME", lambda item: read_event_time(item.time)),
    Column("WHAT", lambda item: item.text, wraps=True),
)
MIN_ROOM = 20
"""Minimum cells for the text of a followed event, however narrow the terminal is."""


def read_event_time(text: str) -> datetime | str:
    """Return the time of an event, or its text where that is not a time."""
    try:
        return read_time(text)
    except ValueError:
        return text


@single_command(ListCommand)
def events(
    ctx: typer.Context,
    *,
    limit: Annotated[
        int,
        typer.Option(
            metavar="N", show_default=True, help="Maximum number of events, newest first."
        ),
    ] = 50,
    follow: Annotated[
        bool,
        typer.Option(
            "--follow", "-f", help="Show the newest event last, then new events as they arrive."
        ),
    ] = False,
) -> None:
    """List the events of the organization."""
    session = Session.of(ctx)
    with session.client() as spot:
        if follow:
            _follow(session, spot, limit)
            return
        found = spot.inventory.list_organization_events(limit=limit)
    session.show(found, EVENTS, lambda item: item.text)


def _follow(session: Session, spot: SpotClient, limit: int) -> None:
    """Write events one by one, the oldest first, until it is interrupted."""
    interval = read_interval(session.global_options.get("interval"))
    known = spot.inventory.list_organization_events(limit=max(limit, EVENT_LIMIT))
    for event in reversed(known[:limit]):
        _write(session, event)
    written = Counter((event.time, event.text) for event in known)

    def report(error: RSSpotError | None) -> None:
        if error is None:
            session.note("Events can be read again")
        else:
            session.note(f"Events cannot be read, which is tried again: {error}", "Warning")

    try:
        # Events between the two requests are not lost.
        watched = spot.watch("events", interval=interval, initial=True, on_error=report)
        for change in watched:
            same = (change.after.time, change.after.text)
            if written[same]:
                written[same] -= 1
            else:
                _write(session, change.after)
    except KeyboardInterrupt:  # the usual way to stop it
        return


def _write(session: Session, event: OrganizationEvent) -> None:
    if session.output == "json":
        session.write(json.dumps({"time": event.time, "text": event.text}) + "\n")
    elif session.output == "name":
        session.write(f"{format_value(event.text)}\n")
    else:
        time = f"{format_value(read_event_time(event.time))}  "
        lines = [format_value(event.text)]
        if sys.stdout.isatty():
            room = max(get_terminal_size().columns - len(time), MIN_ROOM)
            lines = wrap(lines[0], room, split=False)
        session.write(time + f"\n{' ' * len(time)}".join(lines) + "\n")
