"""`rsspot pools …`: node pools of all three kinds."""

from typing import Annotated, Any

import typer

from rsspot.cli.asked import labels_of
from rsspot.cli.command import Command, noun
from rsspot.cli.kinds import KINDS, Kind, Pool, all_pools, find, group
from rsspot.cli.session import Session
from rsspot.cli.table import Column, Columns
from rsspot.cli.waiting import Poll, Timeout, Wait, watching

app = noun("Node pools: the servers of a cloudspace. Names may be shortened to their beginnings.")
create = noun("Get servers: by a bid, at a fixed price, or for a budget.")
app.add_typer(create, name="create")

COLUMNS: Columns[Pool] = (
    Column("NAME", lambda item: item.name),
    Column("KIND", lambda item: item.kind, 1),
    Column("CLOUDSPACE", lambda item: item.view.cloudspace, 2),
    Column("CLASS", lambda item: item.server_class, 3),
    Column("PAYS", lambda item: item.price, 1),
    Column("STATUS", lambda item: item.status, toned=True),
    Column("HAS", lambda item: item.progress, right=True),
)

Name = Annotated[str, typer.Argument(metavar="POOL", help="Its name, or how that begins.")]
Cloudspace = Annotated[str, typer.Argument(metavar="CLOUDSPACE", help="Where the servers work.")]
Class = Annotated[str, typer.Option("--class", metavar="CLASS", help="As `rsspot prices` shows.")]
Count = Annotated[int, typer.Option(metavar="N", show_default=True, help="So many servers.")]
Key = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Same key, same pool: it is made only once.")
]
Labels = Annotated[
    list[str] | None, typer.Option("--label", metavar="KEY=VALUE", help="Of the nodes; repeat it.")
]
Taints = Annotated[
    list[str] | None,
    typer.Option("--taint", metavar="KEY=VALUE:EFFECT", help="Of the nodes; repeat it."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


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
    session.show(found, COLUMNS)


@app.command(cls=Command)
def get(ctx: typer.Context, name: Name) -> None:
    """Show all about one."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.show_one(find(session, spot, name).view)


@create.command(cls=Command)
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
    least: Annotated[int | None, typer.Option("--min", metavar="N", help="Autoscale from.")] = None,
    most: Annotated[int | None, typer.Option("--max", metavar="N", help="Autoscale up to.")] = None,
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
        if bid is None:
            suggested = client.pricing.suggest_bid(server_class, percentile=percentile or 80)
            session.note(str(suggested))
            bid = f"{suggested.price:f}"
        made = client.spot_nodepools.create(
            cloudspace,
            server_class=server_class,
            bid_price=bid,
            desired=count if least is None else None,
            min_nodes=least,
            max_nodes=most,
            labels=labels_of(session, "--label", label),
            taints=taint,
            key=key,
            if_exists="return" if key else "error",
        )
        pool = Pool("spot", made)
        session.show([_ready(session, client, pool, timeout, poll) if wait else pool], COLUMNS)


@create.command(cls=Command)
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
        session.show([_ready(session, client, pool, timeout, poll) if wait else pool], COLUMNS)


@create.command(cls=Command)
def autopilot(
    ctx: typer.Context,
    cloudspace: Cloudspace,
    *,
    vcpus: Annotated[int, typer.Option(metavar="N", help="So many virtual CPUs in all.")],
    budget: Annotated[str, typer.Option(metavar="USD", help="Pay at most this an hour, in all.")],
    label: Labels = None,
    taint: Taints = None,
    key: Key = None,
    wait: Wait = False,
    timeout: Timeout = 3600.0,
    poll: Poll = 10.0,
) -> None:
    """Let the service buy virtual CPUs for a budget, in --region or the cloudspace's own."""
    session = Session.of(ctx)
    with session.client() as client:
        region = session.region or client.cloudspaces.get(cloudspace).region
        made = client.autopilot_nodepools.create(
            cloudspace,
            region=region,
            vcpu_total=vcpus,
            budget_per_hour=budget,
            labels=labels_of(session, "--label", label),
            taints=taint,
            key=key,
            if_exists="return" if key else "error",
        )
        pool = Pool("autopilot", made)
        session.show([_ready(session, client, pool, timeout, poll) if wait else pool], COLUMNS)


@app.command(cls=Command)
def scale(
    ctx: typer.Context,
    name: Name,
    count: Annotated[
        int | None, typer.Argument(metavar="[N]", help="So many servers (autopilot: vCPUs).")
    ] = None,
    *,
    least: Annotated[int | None, typer.Option("--min", metavar="N", help="Autoscale from.")] = None,
    most: Annotated[int | None, typer.Option("--max", metavar="N", help="Autoscale up to.")] = None,
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
        session.show(
            [_ready(session, client, changed, timeout, poll) if wait else changed], COLUMNS
        )


@app.command(cls=Command)
def bid(
    ctx: typer.Context,
    name: Name,
    price: Annotated[str, typer.Argument(metavar="USD", help="For a server and hour (or budget).")],
) -> None:
    """Change the bid of a spot pool, or the budget of an autopilot pool."""
    session = Session.of(ctx)
    with session.client() as client:
        pool = find(session, client, name)
        if pool.kind == "ondemand":
            session.refuse("An on-demand pool has a fixed price", "`rsspot pools scale` changes it")
        what = "bid_price" if pool.kind == "spot" else "budget_per_hour"
        changed = group(client, pool.kind).update(pool.name, **{what: price})
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
        session.show([_ready(session, client, pool, timeout, poll)], COLUMNS)


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
            with watching(session, pool.name, lambda _: "going") as seen:
                operations.wait_until_deleted(
                    pool.name, timeout=timeout, poll=poll, on_progress=seen
                )
    session.note(f"Pool {pool.name} {'is gone' if wait else 'is being deleted'}.")


def _ready(session: Session, client: Any, pool: Pool, timeout: float, poll: float) -> Pool:
    def state(view: Any) -> str:
        seen = Pool(pool.kind, view)
        return f"{seen.status or 'no auction yet'}, {seen.progress}"

    with watching(session, pool.name, state) as seen:
        ready = group(client, pool.kind).wait_until_ready(
            pool.name, timeout=timeout, poll=poll, on_progress=seen
        )
    return Pool(pool.kind, ready)
