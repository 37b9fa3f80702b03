"""`rsspot pools create …`."""

from functools import partial
from typing import Annotated, Any

import typer
from typer import Typer

from rsspot import SpotClient
from rsspot.cli import completion
from rsspot.cli.command import WriteCommand, command_group
from rsspot.cli.commands.cost import note_cost
from rsspot.cli.commands.node_pools import Pool, wait_until_ready
from rsspot.cli.commands.pool_columns import show_pools
from rsspot.cli.input import confirm_bid, parse_pairs, pool_naming
from rsspot.cli.options import (
    AboveOnDemand,
    Key,
    MaxNodes,
    MinNodes,
    Poll,
    PoolName,
    ServerClass,
    Timeout,
    Wait,
    Yes,
)
from rsspot.cli.session import Session

create: Typer = command_group("Create a node pool with a bid, a fixed price or a budget.")

QUESTION = "Create this pool?"

Cloudspace = Annotated[
    str,
    typer.Argument(
        metavar="CLOUDSPACE",
        help="The cloudspace of the servers.",
        autocompletion=completion.cloudspaces,
    ),
]
Count = Annotated[int, typer.Option(metavar="N", show_default=True, help="Number of servers.")]
Labels = Annotated[
    list[str] | None,
    typer.Option("--label", metavar="KEY=VALUE", help="Label of the nodes; may be repeated."),
]
Taints = Annotated[
    list[str] | None,
    typer.Option(
        "--taint", metavar="KEY=VALUE:EFFECT", help="Taint of the nodes; may be repeated."
    ),
]


@create.command(cls=WriteCommand)
def spot(
    ctx: typer.Context,
    cloudspace: Cloudspace,
    *,
    server_class: ServerClass,
    bid: Annotated[
        str | None, typer.Option(metavar="USD", help="Maximum price per server and hour.")
    ] = None,
    percentile: Annotated[
        float | None,
        typer.Option(
            metavar="N", help="Use the bid that `rsspot bid` suggests for this percentile."
        ),
    ] = None,
    count: Count = 1,
    min_nodes: MinNodes = None,
    max_nodes: MaxNodes = None,
    allow_above_on_demand: AboveOnDemand = False,
    label: Labels = None,
    taint: Taints = None,
    name: PoolName = None,
    key: Key = None,
    yes: Yes = False,
    wait: Wait = False,
    timeout: Timeout = "1h",
    poll: Poll = "10s",
) -> None:
    """Bid for servers. They are taken away when the market price is higher than the bid."""
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
        call = partial(
            _create_spot,
            cloudspace=cloudspace,
            server_class=server_class,
            bid_price=str(bid),
            desired=count if min_nodes is None else None,
            min_nodes=min_nodes,
            max_nodes=max_nodes,
            labels=parse_pairs(session, "--label", label),
            taints=taint,
            **pool_naming(name, key),
        )
        note_cost(session, client, server_class, max_nodes or min_nodes or count, str(bid))
        pool = confirm_bid(
            session, client, call, allowed=allow_above_on_demand, question=QUESTION, yes=yes
        )
        made = _waited(session, client, pool, timeout, poll) if wait else pool
        show_pools(session, client, [made])


@create.command(cls=WriteCommand)
def ondemand(
    ctx: typer.Context,
    cloudspace: Cloudspace,
    *,
    server_class: ServerClass,
    count: Count = 1,
    label: Labels = None,
    taint: Taints = None,
    name: PoolName = None,
    key: Key = None,
    yes: Yes = False,
    wait: Wait = False,
    timeout: Timeout = "1h",
    poll: Poll = "10s",
) -> None:
    """Rent servers at a fixed price. They are never taken away."""
    session = Session.of(ctx)
    with session.client() as client:
        labels = parse_pairs(session, "--label", label)
        note_cost(session, client, server_class, count, None)
        session.ask(QUESTION, yes=yes)
        pool = client.ondemand_nodepools.create(
            cloudspace,
            server_class=server_class,
            desired=count,
            labels=labels,
            taints=taint,
            **pool_naming(name, key),
        )
        made = _waited(session, client, pool, timeout, poll) if wait else pool
        show_pools(session, client, [made])


@create.command(cls=WriteCommand)
def autopilot(
    ctx: typer.Context,
    cloudspace: Cloudspace,
    *,
    vcpus: Annotated[int, typer.Option(metavar="N", help="Total number of virtual CPUs.")],
    budget: Annotated[str, typer.Option(metavar="USD", help="Maximum price of the pool per hour.")],
    allow_above_on_demand: AboveOnDemand = False,
    label: Labels = None,
    taint: Taints = None,
    name: PoolName = None,
    key: Key = None,
    yes: Yes = False,
    wait: Wait = False,
    timeout: Timeout = "1h",
    poll: Poll = "10s",
) -> None:
    """Let the service buy virtual CPUs within a budget.

    It buys in --region, or by default in the region of the cloudspace.
    """
    session = Session.of(ctx)
    with session.client() as client:
        region = session.region or client.cloudspaces.get(cloudspace).region
        call = partial(
            _create_autopilot,
            cloudspace=cloudspace,
            region=region,
            vcpu_total=vcpus,
            budget_per_hour=budget,
            labels=parse_pairs(session, "--label", label),
            taints=taint,
            **pool_naming(name, key),
        )
        session.note(f"{vcpus} virtual CPUs: at most {budget} USD an hour", "Cost")
        pool = confirm_bid(
            session, client, call, allowed=allow_above_on_demand, question=QUESTION, yes=yes
        )
        made = _waited(session, client, pool, timeout, poll) if wait else pool
        show_pools(session, client, [made])


def _create_spot(client: SpotClient, **options: Any) -> Pool:
    return client.spot_nodepools.create(**options)


def _create_autopilot(client: SpotClient, **options: Any) -> Pool:
    return client.autopilot_nodepools.create(**options)


def _waited(session: Session, client: SpotClient, pool: Pool, timeout: str, poll: str) -> Pool:
    return wait_until_ready(
        session, client, pool, timeout, poll, changed=f"Pool {pool.name} was created"
    )
