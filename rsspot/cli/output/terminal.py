"""Where a command writes, and whom it asks: results to stdout, messages and questions to stderr."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.cli.process import CLOSED_PIPE, await_interrupt, discard_stdout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import NoReturn, TextIO

    from rsspot.cli.output.column import Columns
    from rsspot.cli.output.rendering import Form

__all__ = ["Terminal"]

T = TypeVar("T")
UNWRAPPED = ("`", "run: ", "\n")
"""What messages contain that have a command to copy, or lines of their own."""


class Terminal:
    """The output of one command, in the format of its global options."""

    def __init__(self) -> None:
        self.global_options: dict[str, Any] = {}
        self.warned: bool = False
        """Whether a warning was shown."""

    @property
    def is_dry_run(self) -> bool:
        """Whether --dry-run was given."""
        return bool(self.global_options.get("dry_run"))

    @property
    def output(self) -> str:
        """The output format: `table`, `wide`, `csv`, `json`, `yaml`, `name` or `jsonpath=…`."""
        return str(self.global_options.get("output", "table"))

    @property
    def is_table(self) -> bool:
        """Whether the output is a table, which people read."""
        return self.output in {"table", "wide"}

    @property
    def reads_columns(self) -> bool:
        """Whether the output has columns, so that what they need has to be read."""
        return self.is_table or self.output == "csv"

    @property
    def form(self) -> Form:
        """How results are shown."""
        from rsspot.cli.output.rendering import Form

        return Form(
            output=self.output,
            columns=self.global_options.get("columns"),
            sort=self.global_options.get("sort"),
            headers=not self.global_options.get("no_headers"),
            color=self.use_color(sys.stdout),
        )

    @property
    def region(self) -> str | None:
        """The region of --region, or None."""
        return self.global_options.get("region")

    @property
    def config_path(self) -> str | None:
        """The configuration file of --config, or None."""
        return self.global_options.get("config")

    @property
    def is_terminal(self) -> bool:
        """Whether stdout is a terminal."""
        return sys.stdout.isatty()

    @property
    def can_prompt(self) -> bool:
        """Whether stdin is a terminal, so that a person can be asked."""
        return bool(sys.stdin) and sys.stdin.isatty()

    def use_color(self, stream: TextIO) -> bool:
        """Return whether to use color on this stream."""
        if self.global_options.get("no_color") or os.environ.get("NO_COLOR"):
            return False
        return stream.isatty() and os.environ.get("TERM") != "dumb"

    def use_live(self, stream: TextIO) -> bool:
        """Return whether this stream can show what changes in place."""
        return stream.isatty() and os.environ.get("TERM") != "dumb"

    def show(
        self,
        items: Iterable[T],
        columns: Columns[T],
        name: Callable[[T], object] = lambda item: getattr(item, "name", item),
    ) -> None:
        """Show a list in the output format. `name` returns the name of an item."""
        from rsspot.cli.output.rendering import render

        found = [*items]
        text = render(found, columns, name, self.form)
        if not found and self.is_table:
            self.note("Nothing found.")
            return
        self.write(text)

    def show_one(
        self, item: object, name: object = None, more: Iterable[tuple[str, object]] = ()
    ) -> None:
        """Show one object with all its fields, in the output format.

        more: names and values to add to a table or CSV, where they have a value.
        """
        from rsspot.cli.output.rendering import render_one

        self.write(render_one(item, self.form, name, more))

    def show_fields(self, rows: Iterable[tuple[str, str]]) -> None:
        """Show names and values, one pair per line."""
        from rsspot.cli.output.rendering import terminal_width
        from rsspot.cli.output.table import fields_table

        self.write(fields_table(rows, color=self.use_color(sys.stdout), width=terminal_width()))

    def write(self, text: str) -> None:
        """Write to stdout. A closed pipe ends the command silently."""
        await_interrupt()
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except OSError as error:
            discard_stdout()
            if isinstance(error, BrokenPipeError):
                import typer

                raise typer.Exit(CLOSED_PIPE) from None
            raise

    def note(self, text: str, kind: str = "") -> None:
        """Write a message to stderr, for a person. `kind` is a label such as Error or Hint."""
        from rsspot.cli.output.formatting import sanitize

        text = sanitize(text)
        label = f"{kind}: " if kind else ""
        if sys.stderr.isatty() and not any(mark in text for mark in UNWRAPPED):
            from rsspot.cli.output.text_width import wrap_after

            text = wrap_after(label, text)
        if label and self.use_color(sys.stderr):
            label = f"\x1b[{'31' if kind == 'Error' else '33'};1m{label}\x1b[0m"
        with suppress(OSError):  # a full disk there does not undo what the command did
            sys.stderr.write(f"{label}{text}\n")
            sys.stderr.flush()

    def warn(self, message: Warning | str, *_args: Any, **_options: Any) -> None:
        """Show a warning in one line, in place of `warnings.showwarning`."""
        self.warned = True
        self.note(str(message), "Warning")

    def refuse(self, message: str, hint: str) -> NoReturn:
        """Raise `InvalidInput`: the command cannot be carried out as written."""
        from rsspot.errors import InvalidInput

        raise InvalidInput(message, hint=hint)

    def ask(self, question: str, *, yes: bool) -> None:
        """Ask for confirmation of a change on a terminal; without one, continue."""
        if self.can_prompt:
            self.confirm(question, yes=yes)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ask for confirmation, unless `yes`; end the command if it is declined."""
        if yes or self.is_dry_run:
            return
        if not self.can_prompt:
            self.refuse(f"{question} Standard input is not a terminal", "Confirm with --yes")
        import typer

        if not typer.confirm(question, err=True):
            self.note("Nothing was changed.")
            raise typer.Exit(1)
