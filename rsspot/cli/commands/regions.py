"""`rsspot regions`."""

import typer

from rsspot.cli.command import Command, noun
from rsspot.cli.output.table import Column, Columns
from rsspot.cli.session import Session
from rsspot.models import Region

app = noun("Where there are servers.")

COLUMNS: Columns[Region] = (
    Column("NAME", lambda item: item.name),
    Column("DESCRIPTION", lambda item: item.description, 1),
    Column("COUNTRY", lambda item: item.country, 2),
    Column("GENERATION", lambda item: item.generation_name, 3),
    Column("PROVIDER", lambda item: item.provider_type, 4),
)


@app.command(cls=Command)
def list_regions(ctx: typer.Context) -> None:
    """Where there are servers."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.regions.list()
    wanted = [item for item in found if session.region in {None, item.name}]
    session.show(wanted, COLUMNS)
