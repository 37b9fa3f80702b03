"""`rsspot pools create …`."""

from functools import partial
from typing import Annotated

import typer

from rsspot import SpotClient
from rsspot.cli.command import Command, noun
from rsspot.cli.commands.node_pools import COLUMNS, Pool, ready
from rsspot.cli.input import bidding, labels_of
from rsspot.cli.options import AboveOnDemand, Key, Least, Most, Poll, Timeout, Wait
from rsspot.cli.session import Session

app = noun("Get servers: by a bid, at a fixed price, or for a budget.")

Cloudspace = Annotated[str, typer.Argument(metavar="CLOUDSPACE", help="Where the servers work.")]
Class = Annotated[str, typer.Option("--class", metavar="CLASS", help="As `rsspot prices` shows.")]
Count = Annotated[int, typer.Option(metavar="N", show_default=True, help="So many servers.")]
Labels = Annotated[
    list[str] | None, typer.Option("--label", metavar="KEY=VALUE", help="Of the nodes; repeat it.")
]
Taints = Annotated[
    list[str] | None,
    typer.Option("--taint", metavar="KEY=VALUE:EFFECT", help="Of the nodes; repeat it."),
]


@app.command(cls=Command)
def spot(
    ctx: typer.Context,
    cloudspace: Cloudspace,
    *,
    server_class: Class,
    bid: Annotated[
        str | None, typer.Option(metavar="USD", help="Pay at most this for a server and hour.")
    ] = None,
    percentile: Annotated[
        float | None, typer.Option(metavar="N", help="Or bid what `rsspot bid` suggests for this.")
    ] = None,
    count: Count = 1,
    least: Least = None,
    most: Most = None,
    allow_above_on_demand: AboveOnDemand = False,
    label: Labels = None,
    taint: Taints = None,
    key: Key = None,
    wait: Wait = False,
    timeout: Timeout = 3600.0,
    poll: Poll = 10.0,
) -> None:
    """Bid for servers; a higher market price takes them away again."""
    session = Session.of(ctx)
    if (bid is None) == (percentile is None):
        session.refuse(
            "A spot pool needs either --bid or --percentile",
            f"`rsspot bid {server_class}` suggests a bid",
        )
    with session.client() as client:
        if percentile is not None:
            suggested = client.pricing.suggest_bid(server_class, percentile=percentile)
            session.note(str(suggested))
            bid = f"{suggested.price:f}"
        create = partial(
            client.spot_nodepools.create,
            cloudspace,
            server_class=server_class,
            bid_price=str(bid),
            desired=count if least is None else None,
            min_nodes=least,
            max_nodes=most,
            labels=labels_of(session, "--label", label),
            taints=taint,
            key=key,
            if_exists="return" if key else "error",
        )
        pool = Pool("spot", bidding(session, create, allowed=allow_above_on_demand))
        session.show([_waited(session, client, pool, timeout, poll) if wait else pool], COLUMNS)


@app.command(cls=Command)
def ondemand(
    ctx: typer.Context,
    cloudspace: Cloudspace,
    *,
    server_class: Class,
    count: Count = 1,
    label: Labels = None,
    taint: Taints = None,
    key: Key = None,
    wait: Wait = False,
    timeout: Timeout = 3600.0,
    poll: Poll = 10.0,
) -> None:
    """Rent servers at their fixed price; nobody takes them away."""
    session = Session.of(ctx)
    with session.client() as client:
        made = client.ondemand_nodepools.create(
            cloudspace,
            server_class=server_class,
            desired=count,
            labels=labels_of(session, "--label", label),
            taints=taint,
            key=key,
            if_exists="return" if key else "error",
        )
        pool = Pool("ondemand", made)
        session.show([_waited(session, client, pool, timeout, poll) if wait else pool], COLUMNS)


@app.command(cls=Command)
def autopilot(
    ctx: typer.Context,
    cloudspace: Cloudspace,
    *,
    vcpus: Annotated[int, typer.Option(metavar="N", help="So many virtual CPUs in all.")],
    budget: Annotated[str, typer.Option(metavar="USD", help="Pay at most this an hour, in all.")],
    allow_above_on_demand: AboveOnDemand = False,
    label: Labels = None,
    taint: Taints = None,
    key: Key = None,
    wait: Wait = False,
    timeout: Timeout = 3600.0,
    poll: Poll = 10.0,
) -> None:
    """Let the service buy virtual CPUs for a budget.

    It buys in --region, or else where the cloudspace is.
    """
    session = Session.of(ctx)
    with session.client() as client:
        region = session.region or client.cloudspaces.get(cloudspace).region
        create = partial(
            client.autopilot_nodepools.create,
            cloudspace,
            region=region,
            vcpu_total=vcpus,
            budget_per_hour=budget,
            labels=labels_of(session, "--label", label),
            taints=taint,
            key=key,
            if_exists="return" if key else "error",
        )
        pool = Pool("autopilot", bidding(session, create, allowed=allow_above_on_demand))
        session.show([_waited(session, client, pool, timeout, poll) if wait else pool], COLUMNS)


def _waited(session: Session, client: SpotClient, pool: Pool, timeout: float, poll: float) -> Pool:
    return ready(session, client, pool, timeout, poll, changed=f"Pool {pool.name} was created")
