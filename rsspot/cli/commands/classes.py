"""`rsspot classes`."""

from typing import Annotated

import typer

from rsspot.cli.command import Command, noun
from rsspot.cli.output.table import Column, Columns
from rsspot.cli.session import Session
from rsspot.models import ServerClass

app = noun("Sizes of servers, with what is free.")

COLUMNS: Columns[ServerClass] = (
    Column("NAME", lambda item: item.name),
    Column("REGION", lambda item: item.region, 4),
    Column("CATEGORY", lambda item: item.category, 3),
    Column("CPU", lambda item: item.cpu),
    Column("MEMORY", lambda item: item.memory_text, right=True),
    Column("GPU", lambda item: item.gpu, 5),
    Column("AVAILABLE", lambda item: item.available, 2),
    Column("CAPACITY", lambda item: item.capacity, 6),
    Column("MIN BID", lambda item: item.min_bid_price, 1),
    Column("ON DEMAND", lambda item: item.on_demand_price, 7),
)


@app.command(cls=Command)
def list_classes(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[CLASS]", help="Show all about this one.")
    ] = None,
) -> None:
    """Sizes of servers, with what is free. Prices are US dollars an hour."""
    session = Session.of(ctx)
    with session.client() as spot:
        if name is not None:
            session.show_one(spot.server_classes.get(name))
            return
        found = spot.server_classes.list()
    session.show([item for item in found if session.region in {None, item.region}], COLUMNS)
