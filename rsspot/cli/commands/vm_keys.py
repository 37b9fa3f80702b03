"""`rsspot vms keys …`."""

from pathlib import Path
from typing import Annotated

import typer

from rsspot.cli.command import Command, noun
from rsspot.cli.input import text_of
from rsspot.cli.options import Yes
from rsspot.cli.output.table import Column, Columns
from rsspot.cli.session import Session
from rsspot.models import VMSSHKey

app = noun("SSH keys that may log in to machines.")

COLUMNS: Columns[VMSSHKey] = (
    Column("NAME", lambda item: item.name),
    Column("FINGERPRINT", lambda item: item.fingerprint, 1),
    Column("DESCRIPTION", lambda item: item.description, 2),
)

Key = Annotated[str, typer.Argument(metavar="KEY", help="Its name.")]


@app.command("list", cls=Command)
def list_(ctx: typer.Context) -> None:
    """Show the keys."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.vm_ssh_keys.list()
    session.show(found, COLUMNS)


@app.command(cls=Command)
def add(
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
    session.show([made], COLUMNS)


@app.command(cls=Command)
def delete(ctx: typer.Context, name: Key, *, yes: Yes = False) -> None:
    """Delete a key."""
    session = Session.of(ctx)
    with session.client() as spot:
        session.confirm(f"Delete SSH key {name}?", yes=yes)
        spot.vm_ssh_keys.delete(name)
    session.note(f"SSH key {name} is deleted.")
