"""`rsspot events`."""

from typing import Annotated

import typer

from rsspot.cli.command import Command, noun
from rsspot.cli.output.table import Column, Columns
from rsspot.cli.session import Session
from rsspot.models import OrganizationEvent

app = noun("What has happened in the organization.")

COLUMNS: Columns[OrganizationEvent] = (
    Column("TIME", lambda item: item.time),
    Column("WHAT", lambda item: item.text),
)


@app.command(cls=Command)
def events(
    ctx: typer.Context,
    *,
    limit: Annotated[
        int, typer.Option(metavar="N", show_default=True, help="So many, the newest.")
    ] = 50,
) -> None:
    """What has happened in the organization."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.inventory.list_organization_events(limit=limit)
    session.show(found, COLUMNS, lambda item: item.text)
