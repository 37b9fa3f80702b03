"""`rsspot registrations …`: read the registration ledger."""

from datetime import datetime
from typing import Annotated

import typer
from attrs import frozen
from typer import Typer

from rsspot.cli.command import RsspotCommand, command_group
from rsspot.cli.commands.registration_changes import add_changes
from rsspot.cli.commands.registration_run import add_run
from rsspot.cli.commands.registration_transfer import add_transfer
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.output.formatting import format_moment
from rsspot.cli.output.ledger import (
    COUNTS,
    RECORDS,
    Counts,
    Record,
    ShownRecord,
    StateOption,
    TargetOption,
)
from rsspot.cli.output.watch import watch_records
from rsspot.cli.session import Session
from rsspot.cli.state import open_state
from rsspot.quantities import parse_duration
from rsspot.registration import RegistrationStatus
from rsspot.registration.selection import Selection
from rsspot.state.ledger.columns import as_moment

registrations: Typer = command_group("Register VMs with an orchestrator, and manage their records.")


@frozen
class HistoryLine:
    """A line of a record's history, as it is shown."""

    time: datetime | None
    before: str | None
    after: str
    who: str
    why: str


@frozen
class Details:
    """A record with its history."""

    record: ShownRecord
    history: list[HistoryLine]


HISTORY: Columns[HistoryLine] = (
    Column("TIME", lambda item: item.time, format=format_moment),
    Column("FROM", lambda item: item.before, 1),
    Column("TO", lambda item: item.after),
    Column("BY", lambda item: item.who, 2),
    Column("WHY", lambda item: None if item.why == item.after else item.why),
)


@registrations.command("list", cls=RsspotCommand)
def list_(
    ctx: typer.Context,
    *,
    target: TargetOption = None,
    status: Annotated[
        list[RegistrationStatus] | None,
        typer.Option("--status", help="Only this status; may be repeated.", show_choices=True),
    ] = None,
    vm_cloudspace: Annotated[
        str | None,
        typer.Option("--vm-cloudspace", metavar="NAME", help="Only VMs of this VM cloudspace."),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option("--server", metavar="NAME", help="Only this server, or VMs with this name."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Maximum number, oldest first.")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Show changes until interrupted.")] = False,
    interval: Annotated[
        str,
        typer.Option(
            metavar="TIME", show_default=True, help="Time between two updates of --watch."
        ),
    ] = "2s",
    state: StateOption = None,
) -> None:
    """List the records of VMs, oldest first."""
    session = Session.of(ctx)
    selection = Selection(
        target=target,
        statuses=tuple(status or ()),
        vm_cloudspace=vm_cloudspace,
        server=server,
    )
    with open_state(session, state) as store:
        if watch:
            seconds = parse_duration("--interval", interval, unit="s").total_seconds()
            watch_records(session, store.registrations, selection, seconds)
            return
        found = [ShownRecord.of(each) for each in selection.records(store.registrations, limit)]
    session.show(found, RECORDS, lambda item: item.key)


@registrations.command(cls=RsspotCommand)
def show(
    ctx: typer.Context, key: Record, *, target: TargetOption = None, state: StateOption = None
) -> None:
    """Show a record with its history."""
    session = Session.of(ctx)
    with open_state(session, state) as store:
        record = store.registrations.find(key, target=target)
        history = store.registrations.audit(record.key)
    shown = ShownRecord.of(record)
    changes = [
        HistoryLine(as_moment(each.at), each.before, each.after, each.who, each.why)
        for each in history
    ]
    if session.output != "table":
        session.show_one(Details(shown, changes), record.key)
        return
    session.show_one(shown, record.key)
    session.write("\n")
    session.show(changes, HISTORY)


@registrations.command(cls=RsspotCommand)
def summary(ctx: typer.Context, *, target: TargetOption = None, state: StateOption = None) -> None:
    """Count the records by status."""
    session = Session.of(ctx)
    with open_state(session, state) as store:
        ledger = store.registrations
        names = ledger.targets() if target is None else [target]
        found = [Counts.of(name, ledger.summary(name)) for name in names]
    session.show(found, COUNTS, lambda item: item.target)


add_run(registrations)
add_changes(registrations)
add_transfer(registrations)
