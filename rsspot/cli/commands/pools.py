"""`rsspot pools …`: node pools of all three kinds."""

from typing import Annotated, Any

import typer
from typer import Typer

from rsspot import CacheConfig, SpotClient
from rsspot.cli import completion
from rsspot.cli.command import ListCommand, RsspotCommand, WriteCommand, command_group
from rsspot.cli.commands.cost import note_cost
from rsspot.cli.commands.lists import check_owner
from rsspot.cli.commands.node_changes import change_taints, read_label_changes
from rsspot.cli.commands.node_pools import (
    KINDS,
    Kind,
    Pool,
    all_pools,
    find,
    operations,
    wait_until_ready,
)
from rsspot.cli.commands.pool_columns import show_pool, show_pools
from rsspot.cli.commands.pool_creation import create
from rsspot.cli.input import confirm_bid
from rsspot.cli.options import AboveOnDemand, MaxNodes, MinNodes, Poll, Timeout, Wait, Yes
from rsspot.cli.output.progress import wait_for
from rsspot.cli.session import Session
from rsspot.models import AutopilotNodePool

pools: Typer = command_group(
    "Manage node pools, the servers of a cloudspace. "
    "The beginning of a pool name is enough if only one pool matches."
)
pools.add_typer(create, name="create")

Name = Annotated[
    str,
    typer.Argument(
        metavar="POOL",
        autocompletion=completion.pools,
        help="Name of the pool, the beginning of it, or its key.",
    ),
]


@pools.command("list", cls=ListCommand)
def list_(
    ctx: typer.Context,
    *,
    cloudspace: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Only pools of this cloudspace.",
            autocompletion=completion.cloudspaces,
        ),
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only pools of this kind.")] = None,
) -> None:
    """List the node pools."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = all_pools(spot, cloudspace=cloudspace, kinds=[kind] if kind else KINDS)
        if cloudspace is not None and not found:
            check_owner(spot, cloudspace)
        is_here = session.owner_filter(spot)
        show_pools(session, spot, [pool for pool in found if is_here(pool.owner)])


@pools.command(cls=RsspotCommand)
def get(ctx: typer.Context, name: Name) -> None:
    """Show the details of a pool."""
    session = Session.of(ctx)
    with session.client() as spot:
        show_pool(session, spot, find(spot, name))


@pools.command(cls=WriteCommand)
def scale(
    ctx: typer.Context,
    name: Name,
    count: Annotated[
        int | None,
        typer.Argument(metavar="[N]", help="Number of servers (autopilot: virtual CPUs)."),
    ] = None,
    *,
    min_nodes: MinNodes = None,
    max_nodes: MaxNodes = None,
    yes: Yes = False,
    wait: Wait = False,
    timeout: Timeout = "1h",
    poll: Poll = "10s",
) -> None:
    """Change the number of servers."""
    session = Session.of(ctx)
    with session.client() as client:
        pool = find(client, name)
        changes: dict[str, Any] = {"min_nodes": min_nodes, "max_nodes": max_nodes}
        if pool.kind != "spot":
            if (min_nodes, max_nodes) != (None, None):
                session.refuse(
                    f"{pool.kind} pools do not autoscale", "Use a number without --min and --max"
                )
            changes = {}
        changes["vcpu_total" if pool.kind == "autopilot" else "desired"] = count
        wanted = max_nodes or count
        if not isinstance(pool, AutopilotNodePool) and wanted is not None:
            bid = None if pool.price is None else f"{pool.price:f}"
            note_cost(session, client, pool.server_class, wanted, bid)
        session.ask(f"Change {pool.kind} pool {pool.key or pool.name}?", yes=yes)
        changed = operations(client, pool.kind).update(pool.name, **changes)
        if wait:
            done = f"Pool {pool.name} was changed, and its servers are still being added or removed"
            changed = wait_until_ready(session, client, changed, timeout, poll, changed=done)
        show_pools(session, client, [changed])


@pools.command(cls=WriteCommand)
def bid(
    ctx: typer.Context,
    name: Name,
    price: Annotated[
        str,
        typer.Argument(metavar="USD", help="Price per server and hour, or budget per hour."),
    ],
    *,
    allow_above_on_demand: AboveOnDemand = False,
) -> None:
    """Change the bid of a spot pool, or the budget of an autopilot pool."""
    session = Session.of(ctx)
    with session.client() as client:
        pool = find(client, name)
        if pool.kind == "ondemand":
            session.refuse(
                "An on-demand pool has a fixed price", "Change its size with `rsspot pools scale`"
            )
        what = "bid_price" if pool.kind == "spot" else "budget_per_hour"

        def update(client: SpotClient, **options: Any) -> Pool:
            changed: Pool = operations(client, pool.kind).update(
                pool.name, **{what: price}, **options
            )
            return changed

        changed = confirm_bid(session, client, update, allowed=allow_above_on_demand)
        show_pools(session, client, [changed])


@pools.command(cls=RsspotCommand)
def wait(
    ctx: typer.Context,
    name: Name,
    *,
    timeout: Timeout = "1h",
    poll: Poll = "10s",
) -> None:
    """Wait until a pool has all its servers, and show the progress."""
    session = Session.of(ctx)
    with session.client() as client:
        pool = find(client, name)
        ready = wait_until_ready(session, client, pool, timeout, poll)
        show_pools(session, client, [ready])


@pools.command(cls=WriteCommand)
def delete(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="POOL...",
            autocompletion=completion.pools,
            help="Names of pools, the beginnings of them, or keys.",
        ),
    ],
    *,
    yes: Yes = False,
    wait: Wait = False,
    timeout: Timeout = "30m",
    poll: Poll = "5s",
) -> None:
    """Delete pools and their servers."""
    session = Session.of(ctx)
    with session.client() as client:
        known = all_pools(client)
        chosen = {pool.name: pool for pool in (find(client, name, known) for name in names)}
        described = ", ".join(
            f"{pool.kind} pool {pool.name} of cloudspace {pool.cloudspace} (has {pool.progress})"
            for pool in chosen.values()
        )
        session.confirm(f"Delete {described}?", yes=yes)
        with session.dry_run.several():
            for pool in chosen.values():
                operations(client, pool.kind).delete(pool.name)
        for pool in chosen.values() if wait else ():
            wait_for(
                session,
                operations(client, pool.kind).wait_until_deleted,
                pool.name,
                lambda _: "deleting",
                timeout=timeout,
                poll=poll,
                interrupted=f"Stopped waiting. Pool {pool.name} is still being deleted.",
            )
    for name in chosen:
        session.note(f"Pool {name} {'has been deleted' if wait else 'is being deleted'}.")


@pools.command(cls=WriteCommand)
def label(
    ctx: typer.Context,
    name: Name,
    changes: Annotated[
        list[str],
        typer.Argument(metavar="LABEL...", help="key=value to set it, key- to remove it."),
    ],
) -> None:
    """Set or remove labels of the nodes of a pool; other labels stay."""
    session = Session.of(ctx)
    with session.client() as client:
        pool = find(client, name)
        labels = read_label_changes(session, changes)
        changed = operations(client, pool.kind).update(pool.name, labels=labels)
        show_pools(session, client, [changed])


@pools.command(cls=WriteCommand)
def taint(
    ctx: typer.Context,
    name: Name,
    changes: Annotated[
        list[str],
        typer.Argument(
            metavar="TAINT...",
            help="key=value:Effect to set it, key- or key:Effect- to remove it. "
            "Effects: NoSchedule, PreferNoSchedule, NoExecute.",
        ),
    ],
) -> None:
    """Set or remove taints of the nodes of a pool; other taints stay."""
    session = Session.of(ctx)
    with session.client(cache=CacheConfig(enabled=False)) as client:
        pool = find(client, name)
        taints = change_taints(session, pool.node_taints, changes)
        changed = operations(client, pool.kind).update(
            pool.name, taints=taints, resource_version=pool.resource_version or None
        )
        show_pools(session, client, [changed])
