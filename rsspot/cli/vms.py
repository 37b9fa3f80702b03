"""`rsspot vms …`: virtual machines without Kubernetes, their pools and their keys."""

from typing import Annotated

import typer

from rsspot.cli import vm_keys, vm_pools
from rsspot.cli.command import Command, noun
from rsspot.cli.session import Session
from rsspot.cli.table import Column, Columns
from rsspot.cli.waiting import Poll, Timeout, Wait, watching
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


def _state(item: VMCloudspace | None) -> str:
    return "going" if item is None else item.phase or "accepted"
