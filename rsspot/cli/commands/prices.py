"""`rsspot prices …`."""

import sys
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer
from typer import Typer

from rsspot.cli import completion
from rsspot.cli.command import ListCommand, ListGroup, RsspotCommand, command_group
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.output.formatting import format_memory
from rsspot.cli.output.pictures import write_pictures
from rsspot.cli.session import Session
from rsspot.errors import ConfigError
from rsspot.models import ComparablePrice, PricePercentiles, PricePoint, ServerClass

prices: Typer = command_group(
    "Show current and past prices, in US dollars an hour for one server.",
    no_args_is_help=False,
    invoke_without_command=True,
)

NOW: Columns[ServerClass] = (
    Column("CLASS", lambda item: item.name),
    Column("CPU", lambda item: item.cpu),
    Column("MEMORY", lambda item: item.memory, format=format_memory),
    Column("NOW", lambda item: item.market_price),
    Column("MIN BID", lambda item: item.min_bid_price, 1),
    Column("ON DEMAND", lambda item: item.on_demand_price, 2),
    Column("REGION", lambda item: item.region, 3),
    Column("AVAILABLE", lambda item: item.available, 4),
    Column("CATEGORY", lambda item: item.category, 5),
)

HISTORY: Columns[PricePoint] = (
    Column("TIME", lambda item: item.time),
    Column("PRICE", lambda item: item.price),
)

HISTORIES: Columns[tuple[str, PricePoint]] = (
    Column("CLASS", lambda item: item[0]),
    Column("TIME", lambda item: item[1].time),
    Column("PRICE", lambda item: item[1].price),
)

PERCENTILES: Columns[PricePercentiles] = (
    Column("CLASS", lambda item: item.server_class),
    Column("CPU", lambda item: item.cpu, 1),
    Column("MEMORY", lambda item: item.memory, 2, format=format_memory),
    Column("NOW", lambda item: item.market_price),
    Column("20%", lambda item: item.percentile_20),
    Column("50%", lambda item: item.percentile_50),
    Column("80%", lambda item: item.percentile_80),
    Column("REGION", lambda item: item.region, 3),
)

COMPARABLE: Columns[ComparablePrice] = (
    Column("CLASS", lambda item: item.server_class),
    Column("REGION", lambda item: item.region, 1),
    Column("AVERAGE", lambda item: item.hyperscaler_average),
    Column(
        "ELSEWHERE",
        lambda item: tuple(
            f"{other.cloud} {other.server_class} {other.price}" for other in item.comparables
        ),
        2,
        wraps=True,
    ),
)


@prices.callback(cls=ListGroup, invoke_without_command=True)
def current(
    ctx: typer.Context,
    *,
    category: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only this category.")
    ] = None,
    min_cpu: Annotated[
        float | None, typer.Option(metavar="N", help="Minimum number of CPUs.")
    ] = None,
    min_memory: Annotated[
        str | None, typer.Option(metavar="SIZE", help="Minimum memory, such as 8GB.")
    ] = None,
    max_price: Annotated[
        str | None, typer.Option(metavar="USD", help="Maximum market price.")
    ] = None,
) -> None:
    """Show current prices, cheapest first, in US dollars an hour for one server."""
    session = Session.of(ctx)
    chosen = (category, min_cpu, min_memory, max_price)
    if ctx.invoked_subcommand is not None:
        if any(value is not None for value in chosen):
            session.refuse(
                f"These options do not apply to `prices {ctx.invoked_subcommand}`",
                "Use them with `rsspot prices` alone",
            )
        return
    with session.public_client() as spot:
        limit = None if max_price is None else _read_price(session, max_price)
        try:
            found = spot.pricing.list(
                region=session.region,
                category=category,
                min_cpu=min_cpu,
                min_memory=min_memory,
                max_price=limit,
            )
        except ConfigError as error:  # there is no token
            if chosen[:3] != (None, None, None):
                raise
            session.note(f"{error.message}: these are the public prices, of all categories.")
            public = _cheapest(spot.pricing.percentiles(region=session.region), limit)
            session.show(public, PERCENTILES, lambda item: item.server_class)
            return
    session.show(found, NOW)


def _cheapest(prices: list[PricePercentiles], limit: Decimal | None) -> list[PricePercentiles]:
    kept = [
        item
        for item in prices
        if limit is None or (item.market_price is not None and item.market_price <= limit)
    ]
    return sorted(kept, key=lambda item: (item.market_price is None, item.market_price or 0))


@prices.command(cls=RsspotCommand)
def history(
    ctx: typer.Context,
    server_class: Annotated[
        list[str],
        typer.Argument(
            metavar="CLASS...",
            autocompletion=completion.classes,
            help="Server classes from `rsspot prices`, drawn in one chart.",
        ),
    ],
    *,
    since: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="Start of the history, such as 2026-11-01 or 7d."),
    ] = None,
    bid: Annotated[
        list[str] | None,
        typer.Option(
            metavar="USD", help="Also draw this bid, and how often it won; may be repeated."
        ),
    ] = None,
    plot: Annotated[
        bool | None,
        typer.Option(
            "--plot/--list", help="Draw a chart (default on a terminal), or list the prices."
        ),
    ] = None,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the chart to an SVG file.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the chart to an HTML page.")
    ] = None,
) -> None:
    """Show the results of past auctions of server classes."""
    session = Session.of(ctx)
    with session.public_client() as spot:
        found = spot.pricing.histories(server_class, since=since, bids=bid or ())
    if svg or html:
        write_pictures(session, found, svg=svg, html=html)
        return
    as_chart = session.is_terminal if plot is None else plot
    if session.is_table and as_chart:
        from rsspot.cli.output.plot import draw_histories

        bids = found[0].bids
        chart = draw_histories(found, bids, color=session.use_color(sys.stdout))
        if chart is not None:
            session.write(chart)
            return
    if len(found) == 1:
        session.show(found[0], HISTORY, lambda item: item.price)
    elif session.output in {"json", "yaml"}:
        session.show_one(found)
    else:
        points = [(each.server_class, point) for each in found for point in each]
        session.show(points, HISTORIES, lambda item: item[1].price)


@prices.command(cls=ListCommand)
def percentiles(ctx: typer.Context) -> None:
    """Show the 20th, 50th and 80th percentile of past prices."""
    session = Session.of(ctx)
    with session.public_client() as spot:
        found = spot.pricing.percentiles(region=session.region)
    session.show(found, PERCENTILES, lambda item: item.server_class)


@prices.command(cls=ListCommand)
def elsewhere(ctx: typer.Context) -> None:
    """Show the prices of comparable servers in other clouds."""
    session = Session.of(ctx)
    with session.public_client() as spot:
        found = spot.pricing.comparable(region=session.region)
    session.show(found, COMPARABLE, lambda item: item.server_class)


def _read_price(session: Session, text: str) -> Decimal:
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        session.refuse(
            f"--max-price is {text!r}, which is not a price", "Write a price such as 0.05"
        )
    return amount
