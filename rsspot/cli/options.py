"""The global options, and options that several commands take with one meaning."""

from typing import Annotated, Any

import typer
from typer.main import get_command

from rsspot.cli import completion

__all__ = [
    "GLOBAL_OPTIONS",
    "ROOT_OPTIONS",
    "WATCH_OPTIONS",
    "WRITE_OPTIONS",
    "AboveOnDemand",
    "Cascade",
    "Keep",
    "KeepPools",
    "Key",
    "MaxNodes",
    "MinNodes",
    "Poll",
    "PoolName",
    "ServerClass",
    "Timeout",
    "Wait",
    "Yes",
]

FORMATS = ("table", "wide", "csv", "json", "yaml", "name")

Cascade = Annotated[
    bool, typer.Option("--cascade", help="Delete its pools first, and wait until all are deleted.")
]
KeepPools = Annotated[
    bool, typer.Option("--keep-pools", help="Keep its pools, which continue to cost money.")
]
AboveOnDemand = Annotated[
    bool,
    typer.Option("--allow-above-on-demand", help="Allow a bid above the on-demand price."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
Keep = Annotated[bool, typer.Option("--keep", help="Use the existing object if there is one.")]
Key = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT",
        help="Like --name, but use the existing pool if there is one.",
    ),
]
PoolName = Annotated[
    str | None,
    typer.Option("--name", metavar="NAME", help="Your own name for the pool (default: a UUID)."),
]
MinNodes = Annotated[
    int | None, typer.Option("--min", metavar="N", help="Minimum number of nodes (autoscaling).")
]
MaxNodes = Annotated[
    int | None, typer.Option("--max", metavar="N", help="Maximum number of nodes (autoscaling).")
]
Wait = Annotated[bool, typer.Option("--wait", help="Wait until done, and show the progress.")]


def _duration(text: str) -> str:
    return f"{text}s" if text.replace(".", "", 1).isdecimal() else text


Timeout = Annotated[
    str,
    typer.Option(
        metavar="DURATION",
        parser=_duration,
        show_default=True,
        help="Give up after this time, such as 90s or 2h.",
    ),
]
Poll = Annotated[
    str,
    typer.Option(
        metavar="DURATION", parser=_duration, show_default=True, help="Time between two checks."
    ),
]
ServerClass = Annotated[
    str,
    typer.Option(
        "--class",
        metavar="CLASS",
        autocompletion=completion.classes,
        help="A server class from `rsspot prices`.",
    ),
]


def _store(ctx: typer.Context, option: typer.CallbackParam, value: Any) -> None:
    # Every command has these options, and its parents too: the last one on the line wins.
    if value is None or value is False:
        return
    if option.name == "output":
        _check_format(ctx, option, value)
    ctx.obj.global_options[option.name] = value


def _check_format(ctx: typer.Context, option: typer.CallbackParam, value: str) -> None:
    if value.startswith("jsonpath="):
        from rsspot.cli.output.jsonpath import compile_template

        compile_template(value.removeprefix("jsonpath="))
    elif value not in FORMATS:
        raise typer.BadParameter(
            f"{value!r} is not one of {', '.join(FORMATS)} or jsonpath=….", ctx, option
        )


def _show_version(value: bool) -> None:  # noqa: FBT001 - as typer calls it
    if value:
        from rsspot.cli.process import versions

        typer.echo(versions())
        raise typer.Exit


def _global(*names: str, text: str, metavar: str | None = None, complete: Any = None) -> Any:
    return typer.Option(
        *names,
        metavar=metavar,
        help=text,
        callback=_store,
        expose_value=False,
        autocompletion=complete,
    )


def _global_options(  # noqa: PLR0917 - as typer reads it
    profile: Annotated[
        str | None,
        _global(
            text="Use this profile of the configuration file.",
            metavar="NAME",
            complete=completion.profiles,
        ),
    ] = None,
    org: Annotated[
        str | None, _global(text="Use this organization (name or id).", metavar="NAME")
    ] = None,
    region: Annotated[
        str | None,
        _global(
            text="Use this region, and show only this region.",
            metavar="NAME",
            complete=completion.regions,
        ),
    ] = None,
    config: Annotated[
        str | None, _global(text="Read this configuration file.", metavar="FILE")
    ] = None,
    output: Annotated[
        str | None,
        _global(
            "--output",
            "-o",
            text=f"Output format: {', '.join(FORMATS)} or jsonpath=TEMPLATE.",
            metavar="FORMAT",
            complete=completion.formats,
        ),
    ] = None,
    columns: Annotated[
        str | None, _global(text="Show these columns, such as name,region.", metavar="LIST")
    ] = None,
    sort: Annotated[
        str | None,
        _global(text="Sort by this column; --sort=-name reverses the order.", metavar="COLUMN"),
    ] = None,
    *,
    no_headers: Annotated[
        bool, _global("--no-headers", text="Do not show the titles of columns.")
    ] = False,
    no_color: Annotated[
        bool, _global("--no-color", text="Do not use colors (like NO_COLOR in the environment).")
    ] = False,
    verbose: Annotated[
        bool, _global("--verbose", "-v", text="Log each request to stderr.")
    ] = False,
    debug: Annotated[bool, _global("--debug", text="Show the traceback of an error.")] = False,
) -> None:
    """Declare options; never called."""


def _write_options(
    *,
    dry_run: Annotated[
        bool,
        _global("--dry-run", text="Show the request, have the server check it, change nothing."),
    ] = False,
) -> None:
    """Declare an option; never called."""


def _watch_options(
    *,
    watch: Annotated[bool, _global("--watch", text="Repeat the output until interrupted.")] = False,
    interval: Annotated[
        str | None,
        _global(
            text="Time between two updates of --watch, such as 30s (default: 15s).", metavar="TIME"
        ),
    ] = None,
) -> None:
    """Declare options; never called."""


def _root_options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and exit.",
            is_eager=True,
            callback=_show_version,
            expose_value=False,
        ),
    ] = False,
) -> None:
    """Declare an option; never called."""


def _options_of(function: Any) -> tuple[Any, ...]:
    holder = typer.Typer(add_completion=False)
    holder.command()(function)
    return tuple(get_command(holder).params)


GLOBAL_OPTIONS = _options_of(_global_options)
ROOT_OPTIONS = _options_of(_root_options)
WRITE_OPTIONS = _options_of(_write_options)
WATCH_OPTIONS = _options_of(_watch_options)
