"""`rsspot vms …`: virtual machines without Kubernetes, their pools and their keys."""

from typing import Annotated

import typer

from rsspot.cli import vm_keys, vm_pools
from rsspot.cli.command import Command, noun
from rsspot.cli.options import Keep, Poll, Timeout, Wait, Yes
from rsspot.cli.session import Session
from rsspot.cli.table import Column, Columns
from rsspot.cli.waiting import phase_of, wait_for, watching
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
            made = wait_for(session, ready, name, phase_of, timeout=timeout, poll=poll)
    session.show([made], COLUMNS)


@app.command(cls=Command)
def wait(ctx: typer.Context, name: Name, *, timeout: Timeout = 1800.0, poll: Poll = 5.0) -> None:
    """Wait until one is ready, and show how it goes."""
    session = Session.of(ctx)
    with session.client() as spot:
        ready = spot.vm_cloudspaces.wait_until_ready
        found = wait_for(session, ready, name, phase_of, timeout=timeout, poll=poll)
    session.show([found], COLUMNS)


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
        with watching(session, name, phase_of) as seen:
            if cascade:
                seen(None)
            spot.vm_cloudspaces.delete(name, cascade=cascade, timeout=timeout, poll=poll)
    session.note(f"VM cloudspace {name} {'is gone' if cascade else 'is being deleted'}.")
