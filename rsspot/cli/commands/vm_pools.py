"""`rsspot vms pools …`."""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from rsspot.cli.command import Command, noun
from rsspot.cli.commands.deletion import OwnedPool
from rsspot.cli.input import bidding
from rsspot.cli.options import AboveOnDemand, Key, Yes
from rsspot.cli.output.table import Column, Columns
from rsspot.cli.session import Session
from rsspot.models import VMPool

app = noun("Pools of like machines in a VM cloudspace.")

COLUMNS: Columns[VMPool] = (
    Column("NAME", lambda item: item.name),
    Column("IN", lambda item: item.vm_cloudspace, 2),
    Column("CLASS", lambda item: item.server_class, 3),
    Column("IMAGE", lambda item: item.image, 4),
    Column("PAYS", lambda item: item.bid_price, 1),
    Column("STATUS", lambda item: item.bid_status, toned=True),
    Column("HAS", lambda item: f"{item.won_count or 0}/{item.desired or 0}", right=True),
)


def owned(pool: VMPool) -> OwnedPool:
    """What to show of a pool before it is deleted or left behind."""
    machines = f"{pool.won_count or 0}/{pool.desired or 0} machines"
    return OwnedPool(
        pool.name, pool.pool_type or "VM", pool.bid_price, machines, pool.deleted_at is not None
    )


Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the VM cloudspace.")]
Pool = Annotated[str, typer.Argument(metavar="POOL", help="Its name.")]


@app.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    of: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Only of this VM cloudspace.")
    ] = None,
) -> None:
    """Show the pools."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.vm_pools.list(vm_cloudspace=of)
    session.show(found, COLUMNS)


@app.command(cls=Command)
def create(
    ctx: typer.Context,
    name: Name,
    *,
    server_class: Annotated[
        str, typer.Option("--class", metavar="CLASS", help="As `rsspot prices` shows.")
    ],
    bid: Annotated[
        str | None, typer.Option(metavar="USD", help="Pay at most this for a machine and hour.")
    ] = None,
    count: Annotated[int, typer.Option(metavar="N", show_default=True, help="So many.")] = 1,
    kind: Annotated[
        Literal["spot", "ondemand"], typer.Option(show_default=True, help="How it pays.")
    ] = "spot",
    image: Annotated[
        str, typer.Option(metavar="NAME", show_default=True, help="What the machines run.")
    ] = "ubuntu24.04",
    user_data: Annotated[
        Path | None, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="Cloud-init's.")
    ] = None,
    allow_above_on_demand: AboveOnDemand = False,
    key: Key = None,
) -> None:
    """Get machines: by a bid, or at a fixed price."""
    session = Session.of(ctx)
    with session.client() as spot:
        create = partial(
            spot.vm_pools.create,
            name,
            server_class=server_class,
            bid_price=bid,
            desired=count,
            pool_type=kind,
            image=image,
            user_data=None if user_data is None else user_data.read_bytes(),
            key=key,
            if_exists="return" if key else "error",
        )
        made = bidding(session, create, allowed=allow_above_on_demand)
    session.show([made], COLUMNS)


@app.command(cls=Command)
def scale(
    ctx: typer.Context,
    name: Pool,
    count: Annotated[int, typer.Argument(metavar="N", help="So many machines.")],
) -> None:
    """Ask for more or fewer machines."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.show([spot.vm_pools.update(name, desired=count)], COLUMNS)


@app.command(cls=Command)
def bid(
    ctx: typer.Context,
    name: Pool,
    price: Annotated[str, typer.Argument(metavar="USD", help="For a machine and hour.")],
    *,
    allow_above_on_demand: AboveOnDemand = False,
) -> None:
    """Change the bid of a pool."""
    session = Session.of(ctx)
    with session.client() as spot:
        update = partial(spot.vm_pools.update, name, bid_price=price)
        session.show([bidding(session, update, allowed=allow_above_on_demand)], COLUMNS)


@app.command(cls=Command)
def delete(ctx: typer.Context, name: Pool, *, yes: Yes = False) -> None:
    """Delete a pool; its machines go."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.confirm(f"Delete VM pool {name} and its machines?", yes=yes)
        spot.vm_pools.delete(name)
    session.note(f"VM pool {name} is being deleted.")
