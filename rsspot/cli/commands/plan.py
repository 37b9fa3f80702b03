"""`rsspot plan`: which pools to buy, what to bid, and how to buy them."""

import shutil
from textwrap import fill
from typing import Annotated, Any, cast

import typer

from rsspot.cli.command import WriteCommand, single_command
from rsspot.cli.options import Yes
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.session import Session
from rsspot.market import Plan, PlannedPool

POOLS: Columns[PlannedPool] = (
    Column("SERVERS", lambda item: item.count),
    Column("CLASS", lambda item: item.server_class),
    Column("BID", lambda item: item.bid),
    Column("MEAN", lambda item: round(item.price, 4), 2),
    Column("EXPECTED", lambda item: round(item.expected, 4), 1),
    Column("AT MOST", lambda item: item.maximum),
    Column("WON", lambda item: f"{item.share_won:.2%}", 3, right=True),
)


@single_command(WriteCommand)
def plan(
    ctx: typer.Context,
    *,
    cpus: Annotated[float | None, typer.Option(metavar="N", help="Minimum number of CPUs.")] = None,
    memory: Annotated[
        str | None, typer.Option(metavar="SIZE", help="Minimum memory, such as 128GB.")
    ] = None,
    nodes: Annotated[int | None, typer.Option(metavar="N", help="Exact number of servers.")] = None,
    regions: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES", help="Choose from these regions, separated by commas; default: all."
        ),
    ] = None,
    availability: Annotated[
        str | None,
        typer.Option(
            metavar="SHARE", help="Minimum share of the time with full capacity, such as 0.99."
        ),
    ] = None,
    budget: Annotated[
        str | None,
        typer.Option(metavar="RATE", help="Maximum sum of all bids, such as 0.5/h or 300/month."),
    ] = None,
    pools: Annotated[
        str | None, typer.Option(metavar="N", help="Number of pools, such as 2 or 2..4.")
    ] = None,
    strategy: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            show_default=True,
            help="max-value: cheapest, available 95% of the time; balanced: 99%; max-performance: "
            "fewest servers, 99.9%.",
        ),
    ] = "balanced",
    cloudspace: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Plan for this cloudspace, in its region."),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Create the pools in --cloudspace.")
    ] = False,
    key: Annotated[
        str,
        typer.Option(
            metavar="TEXT",
            show_default=True,
            help="Idempotency key: a repeated purchase with the same key buys nothing.",
        ),
    ] = "plan",
    yes: Yes = False,
) -> None:
    """Find the pools to buy and what to bid, from the price history."""
    session = Session.of(ctx)
    if apply and cloudspace is None:
        session.refuse("--apply needs a cloudspace", "Add --cloudspace NAME")
    names = [name.strip() for name in (regions or session.region or "").split(",") if name.strip()]
    with session.client() as spot:
        if cloudspace is not None and not names:
            names = [spot.cloudspaces.get(cloudspace).region]
        found = spot.pricing.plan(
            cpus=cpus,
            memory=memory,
            nodes=nodes,
            regions=names,
            availability=availability,
            budget=budget,
            pools=pools,
            strategy=cast("Any", strategy),
        )
        if session.is_table:
            _show(session, found)
        elif not apply:
            session.show_one(found, found.pools[0].server_class)
        if not apply or cloudspace is None:
            if session.is_table:
                _show_commands(session, found, cloudspace, key)
            return
        from rsspot.cli.commands.pool_columns import show_pools

        session.ask(f"Create these pools in {cloudspace}?", yes=yes)
        with session.dry_run.several():
            bought = spot.pricing.buy(found, cloudspace, key=key)

        session.write("\n" if session.is_table else "")
        show_pools(session, spot, [*bought])


def _show(session: Session, found: Plan) -> None:
    title = f"{found.request} in {found.region} ({found.request.strategy})"
    session.write(f"{fill(title, _width())}\n\n")
    session.show(found.pools, POOLS, lambda item: item.server_class)
    lines = [*(pool.reason for pool in found.pools), *found.summary()]
    session.write("\n" + "".join(f"{_wrapped(line)}\n" for line in lines))


def _show_commands(session: Session, found: Plan, cloudspace: str | None, key: str) -> None:
    name = cloudspace or "demo"
    session.write("\nTo buy these pools, run:\n")
    if cloudspace is None:
        session.write(f"  rsspot cloudspaces create {name} --region {found.region} --wait\n")
    session.write("".join(f"  {line}\n" for line in found.commands(name, key=key)))


def _wrapped(line: str) -> str:
    return fill(line, _width(), initial_indent="- ", subsequent_indent="  ")


def _width() -> int:
    return shutil.get_terminal_size().columns
