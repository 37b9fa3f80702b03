"""`rsspot vms …`: virtual machines without Kubernetes, their pools and their keys."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from rsspot.cli.asked import text_of
from rsspot.cli.command import Command, noun
from rsspot.cli.session import Session
from rsspot.cli.table import Column, Columns
from rsspot.cli.waiting import Poll, Timeout, Wait, watching
from rsspot.models import VMCloudspace, VMPool, VMSSHKey

app = noun("Virtual machines without Kubernetes, in VM cloudspaces.")
pools = noun("Pools of like machines in a VM cloudspace.")
keys = noun("SSH keys that may log in to machines.")
app.add_typer(pools, name="pools")
app.add_typer(keys, name="keys")

COLUMNS: Columns[VMCloudspace] = (
    Column("NAME", lambda item: item.name),
    Column("REGION", lambda item: item.region, 1),
    Column("PHASE", lambda item: item.phase or "accepted", toned=True),
    Column("MACHINES", lambda item: len(item.servers), 2),
    Column("SSH KEY", lambda item: item.ssh_key, 3),
    Column("CREATED", lambda item: item.created_at, 4),
)

POOLS: Columns[VMPool] = (
    Column("NAME", lambda item: item.name),
    Column("IN", lambda item: item.vm_cloudspace, 2),
    Column("CLASS", lambda item: item.server_class, 3),
    Column("IMAGE", lambda item: item.image, 4),
    Column("PAYS", lambda item: item.bid_price, 1),
    Column("STATUS", lambda item: item.bid_status, toned=True),
    Column("HAS", lambda item: f"{item.won_count or 0}/{item.desired or 0}", right=True),
)

KEYS: Columns[VMSSHKey] = (
    Column("NAME", lambda item: item.name),
    Column("FINGERPRINT", lambda item: item.fingerprint, 1),
    Column("DESCRIPTION", lambda item: item.description, 2),
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the VM cloudspace.")]
Pool = Annotated[str, typer.Argument(metavar="POOL", help="Its name.")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="Its name.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.command("list", cls=Command)
def list_(ctx: typer.Context) -> None:
    """Show all VM cloudspaces."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.vm_cloudspaces.list()
    session.show([item for item in found if session.region in {None, item.region}], COLUMNS)


@app.command(cls=Command)
def get(ctx: typer.Context, name: Name) -> None:
    """Show all about one."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.show_one(spot.vm_cloudspaces.get(name))


@app.command(cls=Command)
def create(
    ctx: typer.Context,
    name: Name,
    *,
    ssh_key: Annotated[
        str | None, typer.Option(metavar="KEY", help="May log in (see `rsspot vms keys`).")
    ] = None,
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="Called before a machine is taken away.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Take the one that is there, if there is one.")
    ] = False,
    wait: Wait = False,
    timeout: Timeout = 1800.0,
    poll: Poll = 5.0,
) -> None:
    """Create a VM cloudspace in --region (or the region of the profile)."""
    session = Session.of(ctx)
    with session.client() as spot:
        made = spot.vm_cloudspaces.create(
            name, ssh_key=ssh_key, webhook=webhook, if_exists="return" if keep else "error"
        )
        if wait:
            with watching(session, name, _state) as seen:
                made = spot.vm_cloudspaces.wait_until_ready(
                    name, timeout=timeout, poll=poll, on_progress=seen
                )
    session.show([made], COLUMNS)


@app.command(cls=Command)
def wait(ctx: typer.Context, name: Name, *, timeout: Timeout = 1800.0, poll: Poll = 5.0) -> None:
    """Wait until a VM cloudspace is ready, and show how it goes."""
    session = Session.of(ctx)
    with session.client() as spot, watching(session, name, _state) as seen:
        ready = spot.vm_cloudspaces.wait_until_ready(
            name, timeout=timeout, poll=poll, on_progress=seen
        )
    session.show([ready], COLUMNS)


@app.command(cls=Command)
def delete(
    ctx: typer.Context,
    name: Name,
    *,
    cascade: Annotated[
        bool, typer.Option("--cascade", help="Its pools first; waits until all are gone.")
    ] = False,
    yes: Yes = False,
    timeout: Timeout = 1800.0,
    poll: Poll = 5.0,
) -> None:
    """Delete a VM cloudspace and its machines."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.confirm(f"Delete VM cloudspace {name} and its machines?", yes=yes)
        with watching(session, name, _state) as seen:
            if cascade:
                seen(None)
            spot.vm_cloudspaces.delete(name, cascade=cascade, timeout=timeout, poll=poll)
    session.note(f"VM cloudspace {name} {'is gone' if cascade else 'is being deleted'}.")


@pools.command("list", cls=Command)
def list_pools(
    ctx: typer.Context,
    of: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Only of this VM cloudspace.")
    ] = None,
) -> None:
    """Show the pools."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.vm_pools.list(vm_cloudspace=of)
    session.show(found, POOLS)


@pools.command("create", cls=Command)
def create_pool(
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
    key: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Same key, same pool: it is made only once.")
    ] = None,
) -> None:
    """Get machines: by a bid, or at a fixed price."""
    session = Session.of(ctx)
    with session.client() as spot:
        made = spot.vm_pools.create(
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
    session.show([made], POOLS)


@pools.command("scale", cls=Command)
def scale_pool(
    ctx: typer.Context,
    name: Pool,
    count: Annotated[int, typer.Argument(metavar="N", help="So many machines.")],
) -> None:
    """Ask for more or fewer machines."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.show([spot.vm_pools.update(name, desired=count)], POOLS)


@pools.command("bid", cls=Command)
def bid_pool(
    ctx: typer.Context,
    name: Pool,
    price: Annotated[str, typer.Argument(metavar="USD", help="For a machine and hour.")],
) -> None:
    """Change the bid of a pool."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.show([spot.vm_pools.update(name, bid_price=price)], POOLS)


@pools.command("delete", cls=Command)
def delete_pool(ctx: typer.Context, name: Pool, *, yes: Yes = False) -> None:
    """Delete a pool; its machines go."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.confirm(f"Delete VM pool {name} and its machines?", yes=yes)
        spot.vm_pools.delete(name)
    session.note(f"VM pool {name} is being deleted.")


@keys.command("list", cls=Command)
def list_keys(ctx: typer.Context) -> None:
    """Show the keys."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.vm_ssh_keys.list()
    session.show(found, KEYS)


@keys.command("add", cls=Command)
def add_key(
    ctx: typer.Context,
    name: Key,
    file: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="The .pub file.")
    ],
    *,
    description: Annotated[str | None, typer.Option(metavar="TEXT", help="For people.")] = None,
) -> None:
    """Store a public key."""
    session = Session.of(ctx)
    with session.client() as spot:
        made = spot.vm_ssh_keys.create(
            name, public_key=text_of(session, file), description=description
        )
    session.show([made], KEYS)


@keys.command("delete", cls=Command)
def delete_key(ctx: typer.Context, name: Key, *, yes: Yes = False) -> None:
    """Delete a key."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.confirm(f"Delete SSH key {name}?", yes=yes)
        spot.vm_ssh_keys.delete(name)
    session.note(f"SSH key {name} is deleted.")


def _state(item: VMCloudspace | None) -> str:
    return "going" if item is None else item.phase or "accepted"
