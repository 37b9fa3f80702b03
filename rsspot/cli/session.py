"""One run of the command line: what it was told, whom it calls, and where it writes."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

import typer

from rsspot.cli.process import CLOSED_PIPE, give_up_stdout

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from typing import NoReturn, Self, TextIO

    from rsspot import SpotClient
    from rsspot.cli.output.table import Columns
    from rsspot.wire.events import CallEvent

__all__ = ["Session"]

T = TypeVar("T")


class Session:
    """What commands need. `client_options` stand in for what the configuration says."""

    def __init__(self, **client_options: Any) -> None:
        self.told: dict[str, Any] = {}
        self._client_options = client_options
        self.until_the_end = ExitStack()
        self.unfinished_writes: list[tuple[str, str]] = []
        """Method and path of each write that was interrupted before its response came."""

    @classmethod
    def of(cls, ctx: typer.Context) -> Self:
        """The session that a command runs in."""
        return cast("Self", ctx.obj)

    @property
    def output(self) -> str:
        """How to show what comes back: `table`, `json`, `yaml` or `name`."""
        return str(self.told.get("output", "table"))

    @property
    def region(self) -> str | None:
        """The region that was named in this command, if any."""
        return self.told.get("region")

    @property
    def config_path(self) -> str | None:
        """The configuration file that was named in this command, if any."""
        return self.told.get("config")

    def client(self, **more: Any) -> SpotClient:
        """A client as this command wants it; use it in a `with`. Raises `ConfigError`."""
        from rsspot import SpotClient

        if self.told.get("verbose"):
            self.until_the_end.enter_context(_requests_logged())
        options: dict[str, Any] = {
            **{name: self.told.get(name) for name in ("profile", "org", "region")},
            "config_path": self.config_path,
            "user_agent_suffix": "cli",
            "on_event": self._noticed,
            **self._client_options,
            **more,
        }
        spot = SpotClient(**options)
        if self.region is not None and "token_provider" not in more:
            try:
                self._check_region(spot, self.region)
            except BaseException:
                spot.close()
                raise
        return spot

    def _check_region(self, spot: SpotClient, region: str) -> None:
        from rsspot.errors import RequestError
        from rsspot.models.names import did_you_mean

        try:
            known = [item.name for item in spot.with_options(timeout=10).regions.list()]
        except RequestError:  # it says so again where it matters
            return
        if known and region not in known:
            self.refuse(
                f"--region is {region!r:.80}, and there is no region of that name",
                did_you_mean(region, known) or "`rsspot regions` shows those that there are",
            )

    def _noticed(self, event: CallEvent) -> None:
        if isinstance(event.error, KeyboardInterrupt) and event.method not in {"GET", "HEAD"}:
            self.unfinished_writes.append((event.method, event.url))

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads stdout."""
        return sys.stdout.isatty()

    @property
    def is_asked(self) -> bool:
        """Whether somebody can be asked."""
        return bool(sys.stdin) and sys.stdin.isatty()

    def colours(self, stream: TextIO) -> bool:
        """Whether colours are wanted on this stream, and would be seen."""
        if self.told.get("no_color") or os.environ.get("NO_COLOR"):
            return False
        return stream.isatty() and os.environ.get("TERM") != "dumb"

    def show(
        self,
        items: Iterable[T],
        columns: Columns[T],
        name: Callable[[T], object] = lambda item: getattr(item, "name", item),
    ) -> None:
        """Show some things, in the form that was asked for."""
        from rsspot.cli.output.rendering import render

        self.write(render(self, [*items], columns, name))

    def show_one(self, item: object, name: object = None) -> None:
        """Show one thing with all its fields, in the form that was asked for."""
        from rsspot.cli.output.rendering import render_one

        self.write(render_one(self, item, name))

    def show_fields(self, rows: Iterable[tuple[str, str]]) -> None:
        """Show names and values, one pair a line."""
        from rsspot.cli.output.table import fields_table

        self.write(fields_table(rows, colours=self.colours(sys.stdout)))

    def write(self, text: str) -> None:
        """To stdout; a reader that has gone away ends the command without a word."""
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except OSError as error:
            give_up_stdout()
            if isinstance(error, BrokenPipeError):
                raise typer.Exit(CLOSED_PIPE) from None
            raise

    def note(self, text: str, kind: str = "") -> None:
        """To stderr: what a person wants to know, and a program that reads stdout does not."""
        from rsspot.cli.output.formatting import printable

        label = f"{kind}: " if kind else ""
        if label and self.colours(sys.stderr):
            label = f"\x1b[{'31' if kind == 'Error' else '33'};1m{label}\x1b[0m"
        sys.stderr.write(f"{label}{printable(text)}\n")
        sys.stderr.flush()

    def warn(self, message: Warning | str, *_args: Any, **_options: Any) -> None:
        """In place of `warnings.showwarning`: one line, without a place in the code."""
        self.note(str(message), "Warning")

    def refuse(self, message: str, hint: str) -> NoReturn:
        """End because the command cannot be meant so."""
        from rsspot.errors import InvalidInput

        raise InvalidInput(message, hint=hint)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Go on when `yes`, or when the person at the terminal says so; else end."""
        if yes:
            return
        if not self.is_asked:
            self.refuse(f"{question} Nobody can be asked here", "Say it with --yes")
        if not typer.confirm(question, err=True):
            self.note("Nothing was changed.")
            raise typer.Exit(1)


@contextmanager
def _requests_logged() -> Generator[None]:
    import logging

    log = logging.getLogger("rsspot")
    before = log.level, log.propagate
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(handler)
        log.setLevel(before[0])
        log.propagate = before[1]
