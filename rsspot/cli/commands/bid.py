"""`rsspot bid`."""

from typing import Annotated

import typer

from rsspot.cli.command import Command, noun
from rsspot.cli.output.formatting import NOTHING, money
from rsspot.cli.session import Session

app = noun("What to bid for a server class, and why.")


@app.command(cls=Command)
def bid(
    ctx: typer.Context,
    server_class: Annotated[str, typer.Argument(metavar="CLASS", help="As `rsspot prices` shows.")],
    *,
    percentile: Annotated[
        float,
        typer.Option(metavar="N", show_default=True, help="Win so many per cent of auctions."),
    ] = 80,
    margin: Annotated[
        str, typer.Option(metavar="FRACTION", help="Add this, as in 0.1 for ten per cent.")
    ] = "0",
) -> None:
    """What to bid for a server class, and why (US dollars for a server and hour)."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.pricing.suggest_bid(server_class, percentile=percentile, margin=margin)
    if session.output != "table":
        session.show_one(found, f"{found.price:f}")
        return
    price, base, market, floor = money(
        [found.price, found.percentile_price, found.market_price, found.floor]
    )
    session.show_fields(
        [
            ("bid", f"{price}  USD an hour for {found.server_class}"),
            (f"{found.percentile:g}th percentile", base),
            ("market now", market),
            ("least bid", floor),
            ("margin", f"{found.margin:.0%}" if found.margin else NOTHING),
            ("rounded up", "to the bid ladder" if found.on_ladder else "to a tenth of a cent"),
        ]
    )
