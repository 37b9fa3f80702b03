"""`rsspot api-diff`."""

from pathlib import Path
from typing import Annotated

import typer

from rsspot.api_diff.problem import run
from rsspot.api_diff.report import ACCEPTED, ours, report
from rsspot.cli.command import Command, noun
from rsspot.cli.session import Session

app = noun("How a document of the API differs from the one that rsspot is built on.")


@app.command(
    cls=Command,
    epilog="Exit status: 0 no breaking change, 1 breaking changes, 2 unusable input.",
)
def api_diff(
    ctx: typer.Context,
    document: Annotated[str, typer.Argument(help="The other document: a file or a URL.")],
    accepted: Annotated[
        Path, typer.Option(help="File of differences that are accepted.", show_default=False)
    ] = ACCEPTED,
) -> None:
    """Compare a document of the API with the one that rsspot is built on."""
    as_json = Session.of(ctx).output == "json"
    status = run(lambda: report(ours(), document, accepted=accepted, as_json=as_json))
    raise typer.Exit(status)
