"""`rsspot top`: the market against the bids, what is at risk, and what it costs, live."""

import shutil
from decimal import Decimal
from textwrap import fill
from typing import Annotated

import typer

from rsspot.cli.command import LiveCommand, single_command
from rsspot.cli.commands.events import EVENTS
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.session import Session
from rsspot.errors import APIError
from rsspot.market import CostLine

RISKS = {"losing": "red", "at risk": "yellow", "safe": "green"}
ORDER = ("losing", "at risk", "safe", "")
EVENT_COUNT = 5

POOLS: Columns[CostLine] = (
    Column("POOL", lambda item: item.title, is_id=True),
    Column("CLOUDSPACE", lambda item: item.owner, 3),
    Column("CLASS", lambda item: item.server_class, 2),
    Column(
        "HAS",
        lambda item: f"{item.servers}/{item.wanted}",
        right=True,
        color=lambda item: "green" if item.servers >= item.wanted else "red",
    ),
    Column("BID", lambda item: item.bid, 1),
    Column("NOW", lambda item: item.price, 1),
    Column("ROOM", lambda item: _percent(item.room), 4, right=True),
    Column("RISK", lambda item: item.risk, color=lambda item: RISKS.get(item.risk, "")),
    Column("USD/H", lambda item: None if item.now is None else round(item.now, 4)),
)


@single_command(LiveCommand)
def top(
    ctx: typer.Context,
    cloudspace: Annotated[
        str | None,
        typer.Argument(metavar="[CLOUDSPACE]", help="Only this cloudspace or VM cloudspace."),
    ] = None,
    *,
    once: Annotated[  # noqa: ARG001 - read by LiveCommand
        bool, typer.Option("--once", help="Show it once (default without a terminal).")
    ] = False,
) -> None:
    """Show the market against your bids, what is at risk, what was lost, and what it costs.

    A pool is losing while the market price is above its bid, and at risk while less than a fifth of
    the bid is left. On a terminal the display is updated until Ctrl-C.
    """
    session = Session.of(ctx)
    with session.client() as spot:
        cost = spot.pricing.cost(cloudspace)
        try:
            events = spot.inventory.list_organization_events(limit=EVENT_COUNT)
        except APIError:  # the vendor documents no events
            events = []
    if not session.is_table:
        session.show_one(cost)
        return
    pools = [line for line in cost.lines if line.kind != "control plane"]
    pools.sort(key=lambda line: (_rank(line), line.owner, line.name))
    risks = [sum(line.risk == risk for line in pools) for risk in ORDER[:2]]
    lost = sum(max(0, line.wanted - line.servers) for line in pools)
    summary = (
        f"{len(pools)} pools: {risks[0]} losing, {risks[1]} at risk; {lost} servers missing",
        (
            f"{cost.now:.4f} USD an hour now, {cost.maximum:.4f} at most "
            f"({cost.now_per_month:.2f} and {cost.maximum_per_month:.2f} a month)"
        ),
    )
    width = shutil.get_terminal_size().columns
    session.write("".join(f"{fill(line, width)}\n" for line in summary) + "\n")
    session.show(pools, POOLS, lambda item: item.name)
    if events:
        session.write("\n")
        session.show(events, EVENTS, lambda item: item.text)
    for what in cost.missing:
        session.note(f"{what} cannot be read and are not counted", "Warning")


def _rank(line: CostLine) -> int:
    return ORDER.index(line.risk) if line.risk in ORDER else len(ORDER)


def _percent(share: Decimal | None) -> str | None:
    return None if share is None else f"{share:.0%}"
