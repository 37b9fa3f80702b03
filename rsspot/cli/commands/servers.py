"""`rsspot servers`."""

from typing import Annotated

import typer

from rsspot import SpotClient
from rsspot.cli.command import Command, noun
from rsspot.cli.output.table import Column, Columns
from rsspot.cli.session import Session
from rsspot.errors import NotFoundError
from rsspot.models import Server
from rsspot.models.names import did_you_mean

app = noun("All servers and virtual machines there are now.")

COLUMNS: Columns[Server] = (
    Column("NAME", lambda item: item.display_name or item.name),
    Column("ADDRESS", lambda item: item.address),
    Column("CLASS", lambda item: item.server_class, 3),
    Column("IN", lambda item: item.cloudspace, 1),
    Column("POOL", lambda item: item.pool, 5),
    Column("STATE", lambda item: item.error or item.state, 2, toned=True),
    Column("TYPE", lambda item: item.type, 4),
)


@app.command(cls=Command)
def servers(
    ctx: typer.Context,
    of: Annotated[
        str | None,
        typer.Argument(metavar="[CLOUDSPACE]", help="Only of this (VM) cloudspace."),
    ] = None,
) -> None:
    """All servers and virtual machines there are now."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.inventory.servers()
        kept = [item for item in found if of in {None, item.cloudspace}]
        if not kept and of is not None:
            check_owner(spot, of)
    session.show(kept, COLUMNS)


def check_owner(spot: SpotClient, name: str) -> None:
    """Refuse the name of neither a cloudspace nor a VM cloudspace. Raises `NotFoundError`."""
    known = [*spot.cloudspaces.list(), *spot.vm_cloudspaces.list()]
    names = [item.name for item in known]
    if name not in names:
        raise NotFoundError(
            f"There is no cloudspace {name!r}",
            hint=did_you_mean(name, names) or "`rsspot cloudspaces list` shows them",
        )
