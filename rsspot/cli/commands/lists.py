"""`rsspot regions`, `classes`, `servers` and `orgs`: commands that show one list."""

from typing import Annotated

import typer

from rsspot import SpotClient
from rsspot.cli import completion
from rsspot.cli.command import ListCommand, single_command
from rsspot.cli.output.catalogue import CLASSES, REGIONS
from rsspot.cli.output.column import Column, Columns
from rsspot.cli.session import Session
from rsspot.errors import NotFoundError
from rsspot.models import Organization, Server
from rsspot.models.names import did_you_mean

SERVERS: Columns[Server] = (
    Column("NAME", lambda item: item.display_name or item.name, is_id=True),
    Column("CLOUDSPACE", lambda item: item.cloudspace, 1),
    Column("CLASS", lambda item: item.server_class, 3),
    Column("ADDRESS", lambda item: item.address),
    Column("STATE", lambda item: item.error or item.state, 2, colored=True),
    Column("POOL", lambda item: item.pool, 5, is_id=True),
    Column("TYPE", lambda item: item.type, 4),
)

ORGANIZATIONS: Columns[Organization] = (
    Column("NAME", lambda item: item.name),
    Column("SHOWN AS", lambda item: item.display_name, 2),
    Column("ID", lambda item: item.id, 1),
    Column("NAMESPACE", lambda item: item.namespace, 3),
)


@single_command(ListCommand)
def regions(ctx: typer.Context) -> None:
    """List the regions."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.regions.list()
    session.show([item for item in found if session.region in {None, item.name}], REGIONS)


@single_command(ListCommand)
def classes(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[CLASS]",
            autocompletion=completion.classes,
            help="Show the details of this class.",
        ),
    ] = None,
) -> None:
    """List the server classes and their capacity. Prices are in US dollars an hour."""
    session = Session.of(ctx)
    with session.client() as spot:
        if name is not None:
            session.show_one(spot.server_classes.get(name))
            return
        found = spot.server_classes.list()
    session.show([item for item in found if session.region in {None, item.region}], CLASSES)


@single_command(ListCommand)
def servers(
    ctx: typer.Context,
    owner: Annotated[
        str | None,
        typer.Argument(
            metavar="[CLOUDSPACE]",
            autocompletion=completion.cloudspaces,
            help="Only this cloudspace or VM cloudspace.",
        ),
    ] = None,
) -> None:
    """List all servers and virtual machines."""
    session = Session.of(ctx)
    with session.client() as spot:
        is_here = session.owner_filter(spot)
        found = [item for item in spot.inventory.servers() if owner in {None, item.cloudspace}]
        if not found and owner is not None:
            check_owner(spot, owner)
    session.show([item for item in found if is_here(item.cloudspace)], SERVERS)


@single_command(ListCommand)
def orgs(ctx: typer.Context) -> None:
    """List your organizations. An access token is valid for only one of them."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.organizations.list()
    session.show(found, ORGANIZATIONS)


def check_owner(spot: SpotClient, name: str) -> None:
    """Raise `NotFoundError` unless there is a cloudspace or VM cloudspace of this name."""
    known = [*spot.cloudspaces.list(), *spot.vm_cloudspaces.list()]
    names = [item.name for item in known]
    if name not in names:
        raise NotFoundError(
            f"There is no cloudspace {name!r}",
            hint=did_you_mean(name, names) or "`rsspot cloudspaces list` lists them",
        )
