"""`rsspot vms pools …`."""

from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer import Typer

from rsspot import SpotClient
from rsspot.cli import completion
from rsspot.cli.command import ListCommand, RsspotCommand, WriteCommand, command_group
from rsspot.cli.commands.cost import note_cost
from rsspot.cli.commands.pool_columns import show_pools
from rsspot.cli.input import confirm_bid, pool_naming
from rsspot.cli.options import AboveOnDemand, Key, Poll, PoolName, ServerClass, Timeout, Wait, Yes
from rsspot.cli.output.progress import wait_for
from rsspot.cli.session import Session
from rsspot.models import VMPool

pools: Typer = command_group("Manage VM pools: identical machines in a VM cloudspace.")

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="Name of the VM cloudspace.",
        autocompletion=completion.vm_cloudspaces,
    ),
]
Pool = Annotated[
    str,
    typer.Argument(
        metavar="POOL",
        autocompletion=completion.vm_pools,
        help="Name of the pool, the beginning of it, or its key.",
    ),
]


@pools.command("list", cls=ListCommand)
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
        is_here = session.owner_filter(spot)
        show_pools(session, spot, [pool for pool in found if is_here(pool.owner)])


@pools.command(cls=WriteCommand)
def create(
    ctx: typer.Context,
    name: Name,
    *,
    server_class: ServerClass,
    bid: Annotated[
        str | None, typer.Option(metavar="USD", help="Maximum price per machine and hour.")
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
    pool_name: PoolName = None,
    key: Key = None,
    yes: Yes = False,
    wait: Wait = False,
    timeout: Timeout = "1h",
    poll: Poll = "10s",
) -> None:
    """Create a pool with a bid or at a fixed price."""
    session = Session.of(ctx)
    with session.client() as spot:
        call = partial(
            _create,
            vm_cloudspace=name,
            server_class=server_class,
            bid_price=bid,
            desired=count,
            pool_type=kind,
            image=image,
            user_data=None if user_data is None else user_data.read_bytes(),
            **pool_naming(pool_name, key),
        )
        note_cost(session, spot, server_class, count, bid)
        made = confirm_bid(
            session,
            spot,
            call,
            allowed=allow_above_on_demand,
            question="Create this pool?",
            yes=yes,
        )
        if wait:
            changed = f"VM pool {made.name} was created"
            made = _wait(session, spot, made, timeout, poll, changed=changed)
        show_pools(session, spot, [made])


@pools.command("wait", cls=RsspotCommand)
def wait_(ctx: typer.Context, name: Pool, *, timeout: Timeout = "1h", poll: Poll = "10s") -> None:
    """Wait until a pool has all its machines, and show the progress."""
    session = Session.of(ctx)
    with session.client() as spot:
        ready = _wait(session, spot, spot.vm_pools.find(name), timeout, poll)
        show_pools(session, spot, [ready])


@pools.command(cls=WriteCommand)
def scale(
    ctx: typer.Context,
    name: Pool,
    count: Annotated[int, typer.Argument(metavar="N", help="Number of machines.")],
    *,
    yes: Yes = False,
) -> None:
    """Change the number of machines."""
    session = Session.of(ctx)
    with session.client() as spot:
        pool = spot.vm_pools.find(name)
        price = None if pool.price is None else f"{pool.price:f}"
        note_cost(session, spot, pool.server_class, count, price)
        session.ask(f"Change VM pool {pool.key or pool.name}?", yes=yes)
        show_pools(session, spot, [spot.vm_pools.update(pool.name, desired=count)])


@pools.command(cls=WriteCommand)
def bid(
    ctx: typer.Context,
    name: Pool,
    price: Annotated[str, typer.Argument(metavar="USD", help="Price per machine and hour.")],
    *,
    allow_above_on_demand: AboveOnDemand = False,
) -> None:
    """Change the bid of a pool."""
    session = Session.of(ctx)
    with session.client() as spot:
        pool = spot.vm_pools.find(name)
        update = partial(_update, name=pool.name, bid_price=price)
        changed = confirm_bid(session, spot, update, allowed=allow_above_on_demand)
        show_pools(session, spot, [changed])


@pools.command(cls=WriteCommand)
def delete(
    ctx: typer.Context,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="POOL...",
            autocompletion=completion.vm_pools,
            help="Names of pools, the beginnings of them, or keys.",
        ),
    ],
    *,
    yes: Yes = False,
) -> None:
    """Delete pools and their machines."""
    session = Session.of(ctx)
    with session.client() as spot:
        chosen = dict.fromkeys(spot.vm_pools.find(name).name for name in names)
        session.confirm(f"Delete VM pool {', '.join(chosen)} and its machines?", yes=yes)
        with session.dry_run.several():
            for name in chosen:
                spot.vm_pools.delete(name)
    for name in chosen:
        session.note(f"VM pool {name} is being deleted.")


def _wait(
    session: Session,
    spot: SpotClient,
    pool: VMPool,
    timeout: str,
    poll: str,
    *,
    changed: str = "Nothing was changed",
) -> VMPool:
    return wait_for(
        session,
        spot.vm_pools.wait_until_ready,
        pool.name,
        lambda seen: f"{seen.status or 'no auction yet'}, {seen.progress}",
        timeout=timeout,
        poll=poll,
        interrupted=f"Stopped waiting. {changed}. "
        f"To wait again, run: rsspot vms pools wait {pool.name}",
    )


def _create(client: SpotClient, **options: Any) -> VMPool:
    return client.vm_pools.create(**options)


def _update(client: SpotClient, **options: Any) -> VMPool:
    return client.vm_pools.update(**options)
