"""How commands are made: options that stand anywhere, and nouns that are imported when used."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from rsspot.cli.global_options import EVERYWHERE, FIRST

__all__ = ["Command", "Group", "Noun", "Nouns", "noun"]


def _with_shared(ctx: Any, own: list[Any]) -> list[Any]:
    added = (*EVERYWHERE, *FIRST) if ctx.parent is None else EVERYWHERE
    return [*own[:-1], *added, *own[-1:]]  # the last one is --help


def _write_options(command: Any, ctx: Any, formatter: Any) -> None:
    """Arguments, options, and the options of every command, in three lists."""
    shared = {id(option) for option in EVERYWHERE}
    lists: dict[str, list[tuple[str, str]]] = {
        "Arguments": [],
        "Options": [],
        "Options of every command": [],
    }
    for option in command.get_params(ctx):
        title = "Options of every command" if id(option) in shared else "Options"
        title = "Arguments" if option.param_type_name == "argument" else title
        record = option.get_help_record(ctx)
        if record is not None:
            lists[title].append(record)
    for title, records in lists.items():
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


class Command(TyperCommand):
    """A command."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _with_shared(ctx, super().get_params(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        _write_options(self, ctx, formatter)


class Group(TyperGroup):
    """Some commands under one noun."""

    def get_params(self, ctx: Any) -> list[Any]:
        return _with_shared(ctx, super().get_params(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:
        self.format_commands(ctx, formatter)
        _write_options(self, ctx, formatter)


class Noun(NamedTuple):
    """A command of the first level: in which part of the help, and what it does."""

    part: str
    help: str
    module: str


class Nouns(Group):
    """The first level: each command is imported when it is used, not when it is listed."""

    nouns: Mapping[str, Noun] = {}

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        known: Any = dict.fromkeys(self.nouns)  # typer suggests those that are nearly right
        self.commands = known

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as in the base class
        """Their names, in the order of the table."""
        return [*self.nouns]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002 - as in the base class
        """The command called so, imported now; None when there is none."""
        if cmd_name not in self.nouns:
            return None
        module = import_module(self.nouns[cmd_name].module)
        command = get_command(module.app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - see above
        """The table, part by part, without importing anything."""
        for part in dict.fromkeys(noun.part for noun in self.nouns.values()):
            rows = [(name, noun.help) for name, noun in self.nouns.items() if noun.part == part]
            with formatter.section(part):
                formatter.write_dl(rows)


def noun(text: str, kind: type[TyperGroup] = Group, **options: Any) -> typer.Typer:
    """A place for commands, with plain help: it needs no further import."""
    chosen: dict[str, Any] = {"no_args_is_help": True, "add_completion": False, **options}
    return typer.Typer(cls=kind, help=text, rich_markup_mode=None, **chosen)
