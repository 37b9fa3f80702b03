"""`rsspot vms …`: VM cloudspaces and SSH keys; their pools are in vm_pools.py."""

from pathlib import Path
from typing import Annotated

import typer
from typer import Typer

from rsspot.cli import completion
from rsspot.cli.command import ListCommand, RsspotCommand, WriteCommand, command_group
from rsspot.cli.commands.deletion import OwnerKind, add_delete
from rsspot.cli.commands.vm_pools import pools
from rsspot.cli.input import read_text
from rsspot.cli.options import Keep, Poll, Timeout, Wait, Yes
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.output.progress import describe_phase, wait_for
from rsspot.cli.session import Session
from rsspot.models import VMCloudspace, VMSSHKey

vms: Typer = command_group("Manage virtual machines without Kubernetes, in VM cloudspaces.")
keys: Typer = command_group("Manage the SSH keys that can log in to virtual machines.")
vms.add_typer(pools, name="pools")
vms.add_typer(keys, name="keys")

COLUMNS: Columns[VMCloudspace] = (
    Column("NAME", lambda item: item.name),
    Column("REGION", lambda item: item.region, 1),
    Column("PHASE", lambda item: item.phase or "accepted", colored=True),
    Column("MACHINES", lambda item: len(item.servers), 2),
    Column("SSH KEY", lambda item: item.ssh_key, 3),
    Column("CREATED", lambda item: item.created_at, 4),
)

KEYS: Columns[VMSSHKey] = (
    Column("NAME", lambda item: item.name),
    Column("FINGERPRINT", lambda item: item.fingerprint, 1),
    Column("DESCRIPTION", lambda item: item.description, 2),
)

Name = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help="Name of the VM cloudspace.",
        autocompletion=completion.vm_cloudspaces,
    ),
]
Key = Annotated[str, typer.Argument(metavar="KEY", help="Name of the key.")]


@vms.command("list", cls=ListCommand)
def list_(ctx: typer.Context) -> None:
    """List the VM cloudspaces."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.vm_cloudspaces.list()
    session.show([item for item in found if session.region in {None, item.region}], COLUMNS)


@vms.command(cls=RsspotCommand)
def get(ctx: typer.Context, name: Name) -> None:
    """Show the details of a VM cloudspace."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.show_one(spot.vm_cloudspaces.get(name))


@vms.command(cls=WriteCommand)
def create(
    ctx: typer.Context,
    name: Name,
    *,
    ssh_key: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="SSH key that can log in (see `rsspot vms keys`)."),
    ] = None,
    webhook: Annotated[
        str | None, typer.Option(metavar="URL", help="URL to call before a machine is taken away.")
    ] = None,
    keep: Keep = False,
    wait: Wait = False,
    timeout: Timeout = "30m",
    poll: Poll = "5s",
) -> None:
    """Create a VM cloudspace in --region, or in the region of the profile."""
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
                describe_phase,
                timeout=timeout,
                poll=poll,
                interrupted=f"Stopped waiting. VM cloudspace {name} is still being created. "
                f"To wait again, run: rsspot vms wait {name}",
            )
    session.show([made], COLUMNS)


@vms.command(cls=RsspotCommand)
def wait(ctx: typer.Context, name: Name, *, timeout: Timeout = "30m", poll: Poll = "5s") -> None:
    """Wait until a VM cloudspace is ready, and show the progress."""
    session = Session.of(ctx)
    with session.client() as spot:
        ready = spot.vm_cloudspaces.wait_until_ready
        found = wait_for(
            session,
            ready,
            name,
            describe_phase,
            timeout=timeout,
            poll=poll,
            interrupted="Stopped waiting. Nothing was changed.",
        )
    session.show([found], COLUMNS)


add_delete(
    vms,
    OwnerKind(
        noun="VM cloudspace",
        pool_noun="Pools",
        command="rsspot vms delete",
        group=lambda spot: spot.vm_cloudspaces,
        pools=lambda spot, name: spot.vm_pools.list(vm_cloudspace=name),
        names=typer.Argument(
            metavar="NAME...",
            help="Names of the VM cloudspaces.",
            autocompletion=completion.vm_cloudspaces,
        ),
    ),
)


@keys.command("list", cls=ListCommand)
def list_keys(ctx: typer.Context) -> None:
    """List the SSH keys."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.vm_ssh_keys.list()
    session.show(found, KEYS)


@keys.command("add", cls=WriteCommand)
def add_key(
    ctx: typer.Context,
    name: Key,
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Public key file (.pub)."),
    ],
    *,
    description: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Description of the key.")
    ] = None,
) -> None:
    """Add a public key."""
    session = Session.of(ctx)
    with session.client() as spot:
        made = spot.vm_ssh_keys.create(
            name, public_key=read_text(session, file), description=description
        )
    session.show([made], KEYS)


@keys.command("delete", cls=WriteCommand)
def delete_key(
    ctx: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="KEY...", help="Names of the keys.")],
    *,
    yes: Yes = False,
) -> None:
    """Delete SSH keys."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.confirm(f"Delete SSH key {', '.join(names)}?", yes=yes)
        with session.dry_run.several():
            for name in names:
                spot.vm_ssh_keys.delete(name)
    for name in names:
        session.note(f"SSH key {name} has been deleted.")
