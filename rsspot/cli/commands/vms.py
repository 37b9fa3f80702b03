"""`rsspot vms …`: virtual machines without Kubernetes, their pools and their keys."""

from typing import Annotated

import typer

from rsspot import CacheConfig
from rsspot.cli.command import Command, noun
from rsspot.cli.commands import vm_keys, vm_pools
from rsspot.cli.commands.deletion import Deletion
from rsspot.cli.options import Cascade, Keep, KeepPools, Poll, Timeout, Wait, Yes
from rsspot.cli.output.progress import phase_of, wait_for
from rsspot.cli.output.table import Column, Columns
from rsspot.cli.session import Session
from rsspot.models import VMCloudspace

app = noun("Virtual machines without Kubernetes, in VM cloudspaces.")
app.add_typer(vm_pools.app, name="pools")
app.add_typer(vm_keys.app, name="keys")

COLUMNS: Columns[VMCloudspace] = (
    Column("NAME", lambda item: item.name),
    Column("REGION", lambda item: item.region, 1),
    Column("PHASE", lambda item: item.phase or "accepted", toned=True),
    Column("MACHINES", lambda item: len(item.servers), 2),
    Column("SSH KEY", lambda item: item.ssh_key, 3),
    Column("CREATED", lambda item: item.created_at, 4),
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Of the VM cloudspace.")]


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
    keep: Keep = False,
    wait: Wait = False,
    timeout: Timeout = 1800.0,
    poll: Poll = 5.0,
) -> None:
    """Create one in --region (or in the region of the profile)."""
    session = Session.of(ctx)
    with session.client() as spot:
        made = spot.vm_cloudspaces.create(
            name, ssh_key=ssh_key, webhook=webhook, if_exists="return" if keep else "error"
        )
        if wait:
            ready = spot.vm_cloudspaces.wait_until_ready
            made = wait_for(
                session,
                ready,
                name,
                phase_of,
                timeout=timeout,
                poll=poll,
                interrupted=f"No longer waiting. VM cloudspace {name} is still being created; "
                f"to wait again: rsspot vms wait {name}",
            )
    session.show([made], COLUMNS)


@app.command(cls=Command)
def wait(ctx: typer.Context, name: Name, *, timeout: Timeout = 1800.0, poll: Poll = 5.0) -> None:
    """Wait until one is ready, and show how it goes."""
    session = Session.of(ctx)
    with session.client() as spot:
        ready = spot.vm_cloudspaces.wait_until_ready
        found = wait_for(
            session,
            ready,
            name,
            phase_of,
            timeout=timeout,
            poll=poll,
            interrupted="No longer waiting. Nothing was changed.",
        )
    session.show([found], COLUMNS)


@app.command(cls=Command)
def delete(
    ctx: typer.Context,
    name: Name,
    *,
    cascade: Cascade = False,
    keep_pools: KeepPools = False,
    yes: Yes = False,
    wait: Wait = False,
    timeout: Timeout = 1800.0,
    poll: Poll = 5.0,
) -> None:
    """Delete a VM cloudspace, and its pools with --cascade.

    Pools that are left go on costing, so while there are any, say --cascade or --keep-pools.
    """
    session = Session.of(ctx)
    with session.client(cache=CacheConfig(enabled=False)) as spot:
        Deletion(
            session=session,
            group=spot.vm_cloudspaces,
            noun="VM cloudspace",
            name=name,
            pools=lambda: [*map(vm_pools.owned, spot.vm_pools.list(vm_cloudspace=name))],
            command=f"rsspot vms delete {name} --cascade",
        ).run(
            cascade=cascade, keep_pools=keep_pools, yes=yes, wait=wait, timeout=timeout, poll=poll
        )
