"""Building blocks of commands: global options on each command, and imports on first use."""

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from rsspot.cli.examples import EXAMPLES
from rsspot.cli.options import GLOBAL_OPTIONS, ROOT_OPTIONS, WATCH_OPTIONS, WRITE_OPTIONS

__all__ = [
    "CommandEntry",
    "ListCommand",
    "ListGroup",
    "LiveCommand",
    "RootGroup",
    "RsspotCommand",
    "RsspotGroup",
    "WriteCommand",
    "command_group",
    "single_command",
]


def _with_global_options(ctx: Any, own: list[Any]) -> list[Any]:
    added = (*GLOBAL_OPTIONS, *ROOT_OPTIONS) if ctx.parent is None else GLOBAL_OPTIONS
    return [*own[:-1], *added, *own[-1:]]  # the last one is --help


def _write_options(command: Any, ctx: Any, formatter: Any) -> None:
    """Write arguments, options and global options as three lists."""
    shared = {id(option) for option in GLOBAL_OPTIONS}
    lists: dict[str, list[tuple[str, str]]] = {
        "Arguments": [],
        "Options": [],
        "Global options": [],
    }
    for option in command.get_params(ctx):
        title = "Global options" if id(option) in shared else "Options"
        title = "Arguments" if option.param_type_name == "argument" else title
        record = option.get_help_record(ctx)
        if record is not None:
            lists[title].append(record)
    for title, records in lists.items():
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


def _write_examples(ctx: Any, formatter: Any) -> None:
    """Write the examples of a command as they are, without wrapping them."""
    words: list[str] = []
    while ctx.parent is not None:
        words.insert(0, ctx.info_name)
        ctx = ctx.parent
    lines = EXAMPLES.get(" ".join(words), ())
    if lines:
        with formatter.section("Examples"):
            for line in lines:
                formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


class RsspotCommand(TyperCommand):
    """A command that takes the global options."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _with_global_options(ctx, super().get_params(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _write_options(self, ctx, formatter)
        _write_examples(ctx, formatter)


class WriteCommand(RsspotCommand):
    """A command that changes something through the API, and takes --dry-run."""

    def get_params(self, ctx: Any) -> list[Any]:
        params = super().get_params(ctx)
        shared = len(params) - len(_with_global_options(ctx, [])) - 1
        return [*params[:shared], *WRITE_OPTIONS, *params[shared:]]


def _with_watch_options(ctx: Any, params: list[Any]) -> list[Any]:
    shared = len(params) - len(_with_global_options(ctx, [])) - 1
    return [*params[:shared], *WATCH_OPTIONS, *params[shared:]]


def _invoke(session: Any, run: Callable[[], Any], *, is_live: bool) -> Any:
    """Run a command once, or repeatedly."""
    interval = session.global_options.get("interval")
    if is_live:
        from rsspot.cli.live import read_interval, run_live

        return run_live(session, run, read_interval(interval))
    return run()


class ListCommand(RsspotCommand):
    """A command that shows a list, and takes --watch."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _with_watch_options(ctx, super().get_params(ctx))

    def invoke(self, ctx: Any) -> Any:
        """Run the command, once or repeatedly."""
        return _invoke(ctx.obj, partial(super().invoke, ctx), is_live=self.is_live(ctx))

    def is_live(self, ctx: Any) -> bool:
        """Return whether the command is repeated."""
        return bool(ctx.obj.global_options.get("watch"))


class LiveCommand(ListCommand):
    """A command that is repeated by default on a terminal."""

    def is_live(self, ctx: Any) -> bool:
        """Return whether the command is repeated."""
        return super().is_live(ctx) or (ctx.obj.is_terminal and not ctx.params.get("once"))


class RsspotGroup(TyperGroup):
    """A group of commands that takes the global options."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _with_global_options(ctx, super().get_params(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        self.format_commands(ctx, formatter)
        _write_options(self, ctx, formatter)
        _write_examples(ctx, formatter)


class ListGroup(RsspotGroup):
    """A group that shows a list if no command is given, and takes --watch."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _with_watch_options(ctx, super().get_params(ctx))

    def invoke(self, ctx: Any) -> Any:
        """Run the given command, or show the list, once or repeatedly."""
        run = partial(super().invoke, ctx)
        if [*getattr(ctx, "_protected_args", ()), *ctx.args]:
            return run()
        return _invoke(ctx.obj, run, is_live=bool(ctx.obj.global_options.get("watch")))


class CommandEntry(NamedTuple):
    """A top-level command: its section of the help, its description, and its location.

    `target` is ``module:name`` in rsspot.cli.commands.
    """

    section: str
    help: str
    target: str

    def load(self) -> Any:
        """Import the command."""
        module, _, name = self.target.partition(":")
        return get_command(getattr(import_module(f"rsspot.cli.commands.{module}"), name))


class RootGroup(RsspotGroup):
    """The top level: a command is imported when it is used, not when it is listed."""

    entries: Mapping[str, CommandEntry] = {}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        known: Any = dict.fromkeys(self.entries)  # typer suggests similar names from these
        self.commands = known

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as in the base class
        """Return the names in the order of the table."""
        return [*self.entries]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as in the base class
        """Import and return the command of this name, or return None."""
        if cmd_name not in self.entries:
            return None
        command = self.entries[cmd_name].load()
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - see above
        """Write the table, section by section, without importing anything."""
        for section in dict.fromkeys(entry.section for entry in self.entries.values()):
            rows = [
                (n, entry.help) for n, entry in self.entries.items() if entry.section == section
            ]
            with formatter.section(section):
                formatter.write_dl(rows)


def command_group(text: str, kind: type[TyperGroup] = RsspotGroup, **options: Any) -> typer.Typer:
    """Return an empty group of commands. Its help is unformatted, which needs no further import."""
    chosen: dict[str, Any] = {
        "no_args_is_help": True,
        "add_completion": False,
        "context_settings": {"help_option_names": ["-h", "--help"]},
        **options,
    }
    return typer.Typer(cls=kind, help=text, rich_markup_mode=None, **chosen)


def single_command(
    kind: type[RsspotCommand] = RsspotCommand, **options: Any
) -> Callable[[Callable[..., None]], typer.Typer]:
    """Return a decorator that makes a function a top-level command; options as in typer."""

    def decorate(function: Callable[..., None]) -> typer.Typer:
        holder = typer.Typer(add_completion=False, rich_markup_mode=None)
        holder.command(cls=kind, **options)(function)
        return holder

    return decorate
