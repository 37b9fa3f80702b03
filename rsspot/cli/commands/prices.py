"""`rsspot prices …`."""

from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from rsspot.cli.command import Command, Group, noun
from rsspot.cli.output.formatting import size
from rsspot.cli.output.table import Column, Columns
from rsspot.cli.session import Session
from rsspot.models import ComparablePrice, PricePercentiles, PricePoint, ServerClass

app = noun(
    "What servers cost now, and have cost. Prices are US dollars for a server and hour.",
    no_args_is_help=False,
    invoke_without_command=True,
)

NOW: Columns[ServerClass] = (
    Column("CLASS", lambda item: item.name),
    Column("REGION", lambda item: item.region, 3),
    Column("CATEGORY", lambda item: item.category, 5),
    Column("CPU", lambda item: item.cpu),
    Column("MEMORY", lambda item: item.memory_text, right=True),
    Column("MARKET", lambda item: item.market_price),
    Column("MIN BID", lambda item: item.min_bid_price, 1),
    Column("ON DEMAND", lambda item: item.on_demand_price, 2),
    Column("AVAILABLE", lambda item: item.available, 4),
)

HISTORY: Columns[PricePoint] = (
    Column("TIME", lambda item: item.time),
    Column("PRICE", lambda item: item.price),
)

PERCENTILES: Columns[PricePercentiles] = (
    Column("CLASS", lambda item: item.server_class),
    Column("REGION", lambda item: item.region, 3),
    Column("CPU", lambda item: item.cpu, 1),
    Column("MEMORY", lambda item: size(item.memory), 2, right=True),
    Column("MARKET", lambda item: item.market_price),
    Column("20%", lambda item: item.percentile_20),
    Column("50%", lambda item: item.percentile_50),
    Column("80%", lambda item: item.percentile_80),
)

ELSEWHERE: Columns[ComparablePrice] = (
    Column("CLASS", lambda item: item.server_class),
    Column("REGION", lambda item: item.region, 1),
    Column("AVERAGE", lambda item: item.hyperscaler_average),
    Column(
        "ELSEWHERE",
        lambda item: tuple(
            f"{other.cloud} {other.server_class} {other.price}" for other in item.comparables
        ),
        2,
    ),
)

ServerClassName = Annotated[str, typer.Argument(metavar="CLASS", help="As `rsspot prices` shows.")]


@app.callback(cls=Group, invoke_without_command=True)
def prices(
    ctx: typer.Context,
    *,
    category: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Only classes of this category.")
    ] = None,
    min_cpu: Annotated[
        float | None, typer.Option(metavar="N", help="Only with so many CPUs or more.")
    ] = None,
    min_memory: Annotated[
        str | None, typer.Option(metavar="SIZE", help="Only with so much or more, as in 8GB.")
    ] = None,
    max_price: Annotated[
        str | None, typer.Option(metavar="USD", help="Only with a market price up to this.")
    ] = None,
) -> None:
    """What servers cost now, cheapest first, and have cost (US dollars for a server and hour)."""
    session = Session.of(ctx)
    chosen = (category, min_cpu, min_memory, max_price)
    if ctx.invoked_subcommand is not None:
        if any(value is not None for value in chosen):
            session.refuse(
                f"These options are not for `prices {ctx.invoked_subcommand}`",
                "They narrow the list that `rsspot prices` alone shows",
            )
        return
    with session.client() as spot:
        found = spot.pricing.list(
            region=session.region,
            category=category,
            min_cpu=min_cpu,
            min_memory=None if min_memory is None else _bytes(session, min_memory),
            max_price=None if max_price is None else _amount(session, max_price),
        )
    session.show(found, NOW)


@app.command(cls=Command)
def history(
    ctx: typer.Context,
    server_class: ServerClassName,
    *,
    since: Annotated[
        str | None, typer.Option(metavar="WHEN", help="From then on, as in 2026-11-01.")
    ] = None,
    plot: Annotated[
        bool | None, typer.Option("--plot/--list", help="Draw it (on a terminal), or list it.")
    ] = None,
) -> None:
    """What the auctions of a class came to."""
    session = Session.of(ctx)
    with session.client() as spot:
        points = spot.pricing.history(server_class, since=since)
    drawn = session.is_terminal if plot is None else plot
    if session.output == "table" and drawn and points:
        from rsspot.cli.output.plot import draw

        picture = draw(session, server_class, points)
        if picture is not None:
            session.write(picture)
            return
    session.show(points, HISTORY, lambda item: item.price)


@app.command(cls=Command)
def percentiles(ctx: typer.Context) -> None:
    """The prices that 20, 50 and 80 per cent of auctions ended under."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.pricing.percentiles(region=session.region)
    session.show(found, PERCENTILES, lambda item: item.server_class)


@app.command(cls=Command)
def elsewhere(ctx: typer.Context) -> None:
    """What servers like ours cost in other clouds."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.pricing.comparable(region=session.region)
    session.show(found, ELSEWHERE, lambda item: item.server_class)


def _amount(session: Session, text: str) -> Decimal:
    try:
        amount = Decimal(text.removeprefix("$"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        session.refuse(f"--max-price is {text!r}, which is no price", "Write it as in 0.05")
    return amount


def _bytes(session: Session, text: str) -> int:
    from rsspot.models.quantities import read_memory

    if not text.strip()[-1:].isalpha():  # bytes are hardly meant
        session.refuse(f"--min-memory is {text!r}, which has no unit", "Write it as in 8GB")
    try:
        return read_memory(text)
    except ValueError:
        session.refuse(f"--min-memory is {text!r}, which is no amount", "Write it as in 8GB")
