"""The options that every command takes, before or behind its name."""

from typing import Annotated, Any

import typer
from typer.main import get_command

__all__ = ["EVERYWHERE", "FIRST"]

OUTPUTS = ("table", "json", "yaml", "name")


def _keep(ctx: typer.Context, option: typer.CallbackParam, value: Any) -> None:
    # Every command has these options, and its parents too: the last one that is given wins.
    if value is None or value is False:
        return
    if option.name == "output" and value not in OUTPUTS:
        raise typer.BadParameter(f"{value!r} is none of {', '.join(OUTPUTS)}", ctx, option)
    ctx.obj.told[option.name] = value


def _version(value: bool) -> None:  # noqa: FBT001 - as typer calls it
    if value:
        from rsspot.cli.versions import versions

        typer.echo(versions())
        raise typer.Exit


def _shared(*names: str, text: str, metavar: str | None = None) -> Any:
    return typer.Option(*names, metavar=metavar, help=text, callback=_keep, expose_value=False)


def _everywhere(
    profile: Annotated[
        str | None, _shared(text="Use this profile of the configuration.", metavar="NAME")
    ] = None,
    org: Annotated[
        str | None, _shared(text="Work in this organization (name or id).", metavar="NAME")
    ] = None,
    region: Annotated[
        str | None, _shared(text="Work in, or show, this region only.", metavar="NAME")
    ] = None,
    config: Annotated[
        str | None, _shared(text="Read this configuration file.", metavar="FILE")
    ] = None,
    output: Annotated[
        str | None,
        _shared("--output", "-o", text="Show it as table, json, yaml or name.", metavar="FORM"),
    ] = None,
    *,
    no_color: Annotated[
        bool, _shared("--no-color", text="No colours, as with NO_COLOR in the environment.")
    ] = False,
    verbose: Annotated[
        bool, _shared("--verbose", "-v", text="Show on stderr which requests are sent.")
    ] = False,
    debug: Annotated[
        bool, _shared("--debug", text="Show where in the code an error arose.")
    ] = False,
) -> None:
    """Is never called: typer makes options of its arguments."""


def _only_first(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and exit.",
            is_eager=True,
            callback=_version,
            expose_value=False,
        ),
    ] = False,
) -> None:
    """Is never called: typer makes an option of its argument."""


def _options_of(function: Any) -> tuple[Any, ...]:
    holder = typer.Typer(add_completion=False)
    holder.command()(function)
    return tuple(get_command(holder).params)


EVERYWHERE = _options_of(_everywhere)
FIRST = _options_of(_only_first)
