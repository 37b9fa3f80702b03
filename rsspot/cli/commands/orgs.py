"""`rsspot orgs`."""

import typer

from rsspot.cli.command import Command, noun
from rsspot.cli.output.table import Column, Columns
from rsspot.cli.session import Session
from rsspot.models import Organization

app = noun("The organizations that you belong to.")

COLUMNS: Columns[Organization] = (
    Column("NAME", lambda item: item.name),
    Column("SHOWN AS", lambda item: item.display_name, 2),
    Column("ID", lambda item: item.id, 1),
    Column("NAMESPACE", lambda item: item.namespace, 3),
)


@app.command(cls=Command)
def orgs(ctx: typer.Context) -> None:
    """The organizations that you belong to; a token works in one of them."""
    session = Session.of(ctx)
    with session.client() as spot:
        found = spot.organizations.list()
    session.show(found, COLUMNS)
