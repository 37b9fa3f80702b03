"""`rsspot pools …`: node pools of all three kinds."""

from functools import partial
from typing import Annotated, Any

import typer

from rsspot.cli.command import Command, noun
from rsspot.cli.commands import pool_creation
from rsspot.cli.commands.node_pools import COLUMNS, KINDS, Kind, Pool, all_pools, find, group, ready
from rsspot.cli.commands.servers import check_owner
from rsspot.cli.input import bidding
from rsspot.cli.options import AboveOnDemand, Least, Most, Poll, Timeout, Wait, Yes
from rsspot.cli.output.progress import wait_for
from rsspot.cli.session import Session

app = noun("Node pools: the servers of a cloudspace. Names may be shortened to their beginnings.")
app.add_typer(pool_creation.app, name="create")

Name = Annotated[str, typer.Argument(metavar="POOL", help="Its name, or how that begins.")]


@app.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    *,
    cloudspace: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only of this cloudspace.")
    ] = None,
    kind: Annotated[Kind | None, typer.Option(help="Only of this kind.")] = None,
) -> None:
    """Show the node pools."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = all_pools(spot, cloudspace=cloudspace, kinds=[kind] if kind else KINDS)
        if cloudspace is not None and not found:
            check_owner(spot, cloudspace)
    session.show(found, COLUMNS)


@app.command(cls=Command)
def get(ctx: typer.Context, name: Name) -> None:
    """Show all about one."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.show_one(find(session, spot, name).view)


@app.command(cls=Command)
def scale(
    ctx: typer.Context,
    name: Name,
    count: Annotated[
        int | None, typer.Argument(metavar="[N]", help="So many servers (autopilot: vCPUs).")
    ] = None,
    *,
    least: Least = None,
    most: Most = None,
    wait: Wait = False,
    timeout: Timeout = 3600.0,
    poll: Poll = 10.0,
) -> None:
    """Ask for more or fewer servers."""
    session = Session.of(ctx)
    with session.client() as client:
        pool = find(session, client, name)
        changes: dict[str, Any] = {"min_nodes": least, "max_nodes": most}
        if pool.kind != "spot":
            if (least, most) != (None, None):
                session.refuse(f"{pool.kind} pools do not autoscale", "Give a number alone")
            changes = {}
        changes["vcpu_total" if pool.kind == "autopilot" else "desired"] = count
        changed = Pool(pool.kind, group(client, pool.kind).update(pool.name, **changes))
        if wait:
            done = f"Pool {pool.name} was changed, and its servers still come or go"
            changed = ready(session, client, changed, timeout, poll, changed=done)
        session.show([changed], COLUMNS)


@app.command(cls=Command)
def bid(
    ctx: typer.Context,
    name: Name,
    price: Annotated[str, typer.Argument(metavar="USD", help="For a server and hour (or budget).")],
    *,
    allow_above_on_demand: AboveOnDemand = False,
) -> None:
    """Change the bid of a spot pool, or the budget of an autopilot pool."""
    session = Session.of(ctx)
    with session.client() as client:
        pool = find(session, client, name)
        if pool.kind == "ondemand":
            session.refuse("An on-demand pool has a fixed price", "`rsspot pools scale` changes it")
        what = "bid_price" if pool.kind == "spot" else "budget_per_hour"
        update = partial(group(client, pool.kind).update, pool.name, **{what: price})
        changed = bidding(session, update, allowed=allow_above_on_demand)
    session.show([Pool(pool.kind, changed)], COLUMNS)


@app.command(cls=Command)
def wait(
    ctx: typer.Context,
    name: Name,
    *,
    timeout: Timeout = 3600.0,
    poll: Poll = 10.0,
) -> None:
    """Wait until a pool has all its servers, and show how it goes."""
    session = Session.of(ctx)
    with session.client() as client:
        pool = find(session, client, name)
        session.show([ready(session, client, pool, timeout, poll)], COLUMNS)


@app.command(cls=Command)
def delete(
    ctx: typer.Context,
    name: Name,
    *,
    yes: Yes = False,
    wait: Wait = False,
    timeout: Timeout = 1800.0,
    poll: Poll = 5.0,
) -> None:
    """Delete a pool; its servers go."""
    session = Session.of(ctx)
    with session.client() as client:
        pool = find(session, client, name)
        session.confirm(
            f"Delete {pool.kind} pool {pool.name} of cloudspace {pool.view.cloudspace} "
            f"(has {pool.progress})?",
            yes=yes,
        )
        operations = group(client, pool.kind)
        operations.delete(pool.name)
        if wait:
            gone = operations.wait_until_deleted
            wait_for(
                session,
                gone,
                pool.name,
                lambda _: "going",
                timeout=timeout,
                poll=poll,
                interrupted=f"No longer waiting. Pool {pool.name} is still being deleted.",
            )
    session.note(f"Pool {pool.name} {'is gone' if wait else 'is being deleted'}.")
