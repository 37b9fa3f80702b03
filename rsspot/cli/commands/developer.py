"""`rsspot api`, `api-diff` and `sandbox`: commands for developers."""

from pathlib import Path
from typing import Annotated

import typer

from rsspot.cli.command import WriteCommand, single_command
from rsspot.cli.input import parse_pairs, read_json
from rsspot.cli.output.rendering import dump
from rsspot.cli.session import Session

NAMESPACE = "{namespace}"


@single_command(WriteCommand)
def api(
    ctx: typer.Context,
    method: Annotated[str, typer.Argument(metavar="METHOD", help="GET, POST, PATCH, …")],
    path: Annotated[
        str,
        typer.Argument(
            metavar="PATH", help="{namespace} stands for the namespace of your organization."
        ),
    ],
    *,
    param: Annotated[
        list[str] | None,
        typer.Option("--param", metavar="NAME=VALUE", help="Query parameter; may be repeated."),
    ] = None,
    body: Annotated[
        str | None,
        typer.Option("--json", metavar="JSON", help="Body: JSON, @file, or - for stdin."),
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option("--header", metavar="NAME=VALUE", help="Header; may be repeated."),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Do not ask for confirmation of a DELETE.")
    ] = False,
) -> None:
    """Send any request with your access token, and show the response as JSON."""
    session = Session.of(ctx)
    with session.client() as spot:
        if NAMESPACE in path:
            path = path.replace(NAMESPACE, spot.organizations.current().namespace)
        if method.upper() == "DELETE":  # of a collection, this deletes every object in it
            session.confirm(f"DELETE {path}?", yes=yes)
        response = spot.request(
            method.upper(),
            path,
            params=parse_pairs(session, "--param", param),
            json=read_json(session, body),
            headers=parse_pairs(session, "--header", header),
        )
    if session.output in {"csv", "name"}:
        session.refuse(
            f"-o {session.output} does not apply to a response", "Use json, yaml or jsonpath=…"
        )
    form = "json" if session.is_table else session.output
    text = response.text if response.content is None else dump(form, response.content)
    session.write(text)


@single_command(
    epilog="Exit status: 0 no breaking change, 1 breaking changes, 2 unusable input.",
)
def api_diff(
    ctx: typer.Context,
    document: Annotated[str, typer.Argument(help="The other API description: a file or a URL.")],
    accepted: Annotated[
        Path | None, typer.Option(help="File of accepted differences.", show_default=False)
    ] = None,
    *,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail on any difference that is not accepted.")
    ] = False,
) -> None:
    """Compare an API description with the one that rsspot is built on."""
    from rsspot.api_diff.problem import run
    from rsspot.api_diff.report import ACCEPTED, ours, report

    as_json = Session.of(ctx).output == "json"
    chosen = ACCEPTED if accepted is None else accepted
    raise typer.Exit(
        run(lambda: report(ours(), document, accepted=chosen, as_json=as_json, strict=strict))
    )


@single_command(
    add_help_option=False,
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
)
def sandbox(ctx: typer.Context) -> None:
    """Run a local Spot API until it is interrupted, like `python -m rsspot.sandbox`."""
    from rsspot.sandbox.__main__ import main  # it reports a missing extra itself

    words = [*Session.of(ctx).arguments]
    command = words[words.index("--") :] if "--" in words else []
    own = ctx.args[: len(ctx.args) - len(command) + 1] if command else ctx.args
    raise typer.Exit(main([*own, *command], prog="rsspot sandbox"))
