"""`rsspot vms pools …`."""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer import Typer

from rsspot.cli.command import Command, command_group
from rsspot.cli.input import confirm_bid
from rsspot.cli.options import AboveOnDemand, Key, ServerClass, Yes
from rsspot.cli.output.table import Column, Columns
from rsspot.cli.session import Session
from rsspot.models import VMPool

pools: Typer = command_group("Manage VM pools: identical machines in a VM cloudspace.")

COLUMNS: Columns[VMPool] = (
    Column("NAME", lambda item: item.name),
    Column("IN", lambda item: item.vm_cloudspace, 2),
    Column("CLASS", lambda item: item.server_class, 3),
    Column("IMAGE", lambda item: item.image, 4),
    Column("PAYS", lambda item: item.price, 1),
    Column("STATUS", lambda item: item.status, colored=True),
    Column("HAS", lambda item: item.progress, right=True),
)


Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the VM cloudspace.")]
Pool = Annotated[str, typer.Argument(metavar="POOL", help="Name of the pool.")]


@pools.command("list", cls=Command)
def list_(
    ctx: typer.Context,
    owner: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Only pools of this VM cloudspace.")
    ] = None,
) -> None:
    """List the pools."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.vm_pools.list(vm_cloudspace=owner)
    session.show(found, COLUMNS)


@pools.command(cls=Command)
def create(
    ctx: typer.Context,
    name: Name,
    *,
    server_class: ServerClass,
    bid: Annotated[
        str | None, typer.Option(metavar="USD", help="Maximum price for one machine and hour.")
    ] = None,
    count: Annotated[
        int, typer.Option(metavar="N", show_default=True, help="Number of machines.")
    ] = 1,
    kind: Annotated[
        Literal["spot", "ondemand"], typer.Option(show_default=True, help="Kind of price.")
    ] = "spot",
    image: Annotated[
        str, typer.Option(metavar="NAME", show_default=True, help="Image of the machines.")
    ] = "ubuntu24.04",
    user_data: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", exists=True, dir_okay=False, help="Cloud-init file for the machines."
        ),
    ] = None,
    allow_above_on_demand: AboveOnDemand = False,
    key: Key = None,
) -> None:
    """Create a pool with a bid or at a fixed price."""
    session = Session.of(ctx)
    with session.client() as spot:
        call = partial(
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
        made = confirm_bid(session, call, allowed=allow_above_on_demand)
    session.show([made], COLUMNS)


@pools.command(cls=Command)
def scale(
    ctx: typer.Context,
    name: Pool,
    count: Annotated[int, typer.Argument(metavar="N", help="Number of machines.")],
) -> None:
    """Change the number of machines."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.show([spot.vm_pools.update(name, desired=count)], COLUMNS)


@pools.command(cls=Command)
def bid(
    ctx: typer.Context,
    name: Pool,
    price: Annotated[str, typer.Argument(metavar="USD", help="Price for one machine and hour.")],
    *,
    allow_above_on_demand: AboveOnDemand = False,
) -> None:
    """Change the bid of a pool."""
    session = Session.of(ctx)
    with session.client() as spot:
        update = partial(spot.vm_pools.update, name, bid_price=price)
        session.show([confirm_bid(session, update, allowed=allow_above_on_demand)], COLUMNS)


@pools.command(cls=Command)
def delete(ctx: typer.Context, name: Pool, *, yes: Yes = False) -> None:
    """Delete a pool and its machines."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.confirm(f"Delete VM pool {name} and its machines?", yes=yes)
        spot.vm_pools.delete(name)
    session.note(f"VM pool {name} is being deleted.")
