"""`rsspot api`: what no other command covers."""

from typing import Annotated

import typer

from rsspot.cli.command import Command, noun
from rsspot.cli.input import body_of, labels_of
from rsspot.cli.output.structured import structured
from rsspot.cli.session import Session

app = noun("Call the API itself, signed in.")

NAMESPACE = "{namespace}"


@app.command(cls=Command)
def api(
    ctx: typer.Context,
    method: Annotated[str, typer.Argument(metavar="METHOD", help="GET, POST, PATCH, …")],
    path: Annotated[
        str, typer.Argument(metavar="PATH", help="{namespace} in it is your organization's.")
    ],
    *,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", metavar="NAME=VALUE", help="Of the query; repeat it."),
    ] = None,
    body: Annotated[
        str | None, typer.Option("--json", metavar="JSON", help="The body: JSON, @file, or -.")
    ] = None,
    header: Annotated[
        list[str] | None, typer.Option("--header", metavar="NAME=VALUE", help="Repeat it.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before a DELETE.")] = False,
) -> None:
    """Call the API itself, signed in, and show the answer as JSON."""
    session = Session.of(ctx)
    with session.client() as spot:
        if NAMESPACE in path:
            path = path.replace(NAMESPACE, spot.organizations.current().namespace)
        if method.upper() == "DELETE":  # of a collection, it takes all that is in it
            session.confirm(f"DELETE {path}?", yes=yes)
        answer = spot.request(
            method.upper(),
            path,
            params=labels_of(session, "--param", param),
            json=body_of(session, body),
            headers=labels_of(session, "--header", header),
        )
    form = "yaml" if session.output == "yaml" else "json"
    text = answer.text if answer.content is None else structured(form, answer.content)
    session.write(text)
