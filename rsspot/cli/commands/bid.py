"""`rsspot bid`: what to bid, and what a range of bids would have won."""

import shutil
import sys
from textwrap import fill
from typing import Annotated

import typer

from rsspot.cli import completion
from rsspot.cli.command import single_command
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.output.formatting import NOTHING, format_money
from rsspot.cli.session import Session
from rsspot.market import BidResult
from rsspot.quantities import format_duration

RESULTS: Columns[BidResult] = (
    Column("BID", lambda item: item.bid),
    Column("WON", lambda item: f"{item.share_won:.2%}", right=True),
    Column("INTERRUPTIONS", lambda item: item.interruptions, 2),
    Column("A WEEK", lambda item: f"{item.interruptions_per_week:.1f}", 1, right=True),
    Column(
        "LONGEST OUTAGE",
        lambda item: format_duration(item.longest_outage.total_seconds()),
        3,
        right=True,
    ),
    Column("MEAN PAID", lambda item: item.mean_paid and round(item.mean_paid, 4)),
)


@single_command()
def bid(
    ctx: typer.Context,
    server_class: Annotated[
        str,
        typer.Argument(
            metavar="CLASS",
            autocompletion=completion.classes,
            help="A server class from `rsspot prices`.",
        ),
    ],
    *,
    percentile: Annotated[
        float,
        typer.Option(
            metavar="N",
            show_default=True,
            help="Suggest a bid that won about this percentage of past auctions.",
        ),
    ] = 80,
    margin: Annotated[
        str, typer.Option(metavar="FRACTION", help="Add this fraction, such as 0.1 for 10 percent.")
    ] = "0",
    backtest: Annotated[
        str | None,
        typer.Option(
            metavar="PERIOD",
            help="Show what a range of bids would have won in the last 30d or 24h.",
        ),
    ] = None,
    bids: Annotated[
        list[str] | None,
        typer.Option(
            "--bid", metavar="USD", help="With --backtest: try this bid; may be repeated."
        ),
    ] = None,
) -> None:
    """Suggest a bid for a server class, in US dollars an hour for one server."""
    session = Session.of(ctx)
    if backtest is not None:
        _show_backtest(session, server_class, backtest, bids or [])
        return
    if bids:
        session.refuse("--bid applies to a backtest only", "Add --backtest 30d")
    with session.client() as spot:
        found = spot.pricing.suggest_bid(server_class, percentile=percentile, margin=margin)
    if not session.is_table:
        session.show_one(found, f"{found.price:f}")
        return
    price, base, market, floor = format_money(
        [found.price, found.percentile_price, found.market_price, found.floor]
    )
    session.show_fields(
        [
            ("bid", f"{price}  USD an hour for {found.server_class}"),
            (f"{found.percentile:g}th percentile", base),
            ("market now", market),
            ("minimum bid", floor),
            ("margin", f"{found.margin:.0%}" if found.margin else NOTHING),
            ("rounded up", "to the bid ladder" if found.on_ladder else "to a tenth of a cent"),
        ]
    )


def _show_backtest(session: Session, server_class: str, period: str, bids: list[str]) -> None:
    with session.client() as spot:
        found = spot.pricing.backtest(server_class, bids=bids, period=period)
    if session.output == "name":
        session.show(found.results, RESULTS, lambda item: f"{item.bid:f}")
        return
    if not session.is_table:
        session.show_one(found)
        return
    session.show(found.results, RESULTS)
    from rsspot.cli.output.plot import draw_curve

    curve = draw_curve(found, color=session.use_color(sys.stdout))
    session.write(f"\n{curve}" if curve else "")
    width = shutil.get_terminal_size().columns
    session.write(f"{fill(f'Based on {found.basis}.', width)}\n")
