"""One run of the command line: its global options, its client, and its output."""

from __future__ import annotations

import os
import re
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar, cast

from rsspot.cli.dry_run import DryRuns
from rsspot.cli.process import CLOSED_PIPE, await_interrupt, discard_stdout

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from typing import NoReturn, Self, TextIO

    import typer

    from rsspot import SpotClient
    from rsspot.cli.output.rendering import Form
    from rsspot.cli.output.table import Columns
    from rsspot.flow.clock import Clock
    from rsspot.state import StateStore
    from rsspot.wire.events import CallEvent

__all__ = ["Session"]

T = TypeVar("T")

PASSWORD = re.compile(r"(://[^/@:\s]*):[^@]*(?=@)|([?&])password=[^&]*&?", re.IGNORECASE)
"""In the URL of a database: after the user, or as a parameter."""


class Session:
    """What commands need. `client_options` override the configuration."""

    def __init__(self, **client_options: Any) -> None:
        self.global_options: dict[str, Any] = {}
        self.arguments: Sequence[str] = ()
        """The words of the command line, without the name of the program."""
        self._client_options = client_options
        self.cleanup: ExitStack[bool | None] = ExitStack()
        self._kept: ExitStack[bool | None] | None = None
        self._kept_client: SpotClient | None = None
        self.dry_run: DryRuns = DryRuns(self)
        self.state_path: str = ""
        """The state file of the client that was used, if any."""
        self.used_client: SpotClient | None = None
        """The client that was used last, if any; it may be closed."""
        self.calls: int = 0
        """How many calls were made."""
        self.warned: bool = False
        """Whether a warning was shown."""
        self.unfinished_writes: list[tuple[str, str]] = []
        """Method and path of each write that was interrupted before its response arrived."""

    @classmethod
    def of(cls, ctx: typer.Context) -> Self:
        """Return the session of a command."""
        return cast("Self", ctx.obj)

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
    def clock(self) -> Clock:
        """The clock of the client and of the command."""
        from rsspot.flow.clock import SYSTEM_CLOCK

        return cast("Clock", self._client_options.get("clock") or SYSTEM_CLOCK)

    @contextmanager
    def keep_client(self) -> Generator[None]:
        """Let all clients in a `with` share one, without a cache, for a command that runs often."""
        with ExitStack() as kept:
            self._kept = kept
            try:
                yield
            finally:
                self._kept, self._kept_client = None, None

    def client(self, **more: Any) -> SpotClient:
        """Return a client with the global options, to use in a `with`. Raises `ConfigError`."""
        from rsspot import CacheConfig, SpotClient

        if self._kept is not None:
            if self._kept_client is None:
                kept, self._kept = self._kept, None
                self._kept_client = kept.enter_context(
                    self.client(cache=CacheConfig(enabled=False))
                )
                self._kept = kept
            # Closing the copy leaves the other open.
            return cast("SpotClient", self._kept_client.with_options())

        if self.global_options.get("verbose"):
            from rsspot.cli.request_log import log_requests

            self.cleanup.enter_context(log_requests())
        options: dict[str, Any] = {
            **{name: self.global_options.get(name) for name in ("profile", "org", "region")},
            "config_path": self.config_path,
            "user_agent_suffix": "cli",
            "on_event": self._record_event,
            **self._client_options,
            **more,
        }
        spot = SpotClient(**options)
        self.used_client = spot
        self.state_path = spot.state.path
        if self.dry_run.chosen:
            self.cleanup.enter_context(spot)
            spot = spot.dry_run(self.dry_run.report)
        if self.region is not None and "token_provider" not in more:
            try:
                self._check_region(spot, self.region)
            except BaseException:
                spot.close()
                raise
        return spot

    def owner_filter(self, spot: SpotClient) -> Callable[[str], bool]:
        """Return a function that tells whether a cloudspace (or VM cloudspace) is in --region."""
        if self.region is None:
            return lambda _: True
        groups = (spot.cloudspaces.list(), spot.vm_cloudspaces.list())
        names = {item.name for group in groups for item in group if item.region == self.region}
        return names.__contains__

    def public_client(self) -> SpotClient:
        """Return a client that can read public prices, though there is no token.

        Without a token, a call that needs one raises the `ConfigError` that says how to sign in.
        """
        from rsspot.errors import ConfigError

        try:
            return self.client()
        except ConfigError as error:
            if error.key != "refresh_token" or "no refresh token" not in error.message:
                raise
            missing = error

        def refuse() -> str:
            raise missing

        return self.client(token_provider=refuse)

    def state(self) -> StateStore:
        """Return the state store of the settings in use, to use in a `with`."""
        from rsspot.state import StateStore

        with self.client(token_provider=str) as spot:
            path, shared = spot.state.path, self._client_options.get("state")
        return shared if isinstance(shared, StateStore) else StateStore(path or None)

    def _check_region(self, spot: SpotClient, region: str) -> None:
        from rsspot.errors import RequestError
        from rsspot.models.names import did_you_mean

        try:
            known = [item.name for item in spot.with_options(timeout=10).regions.list()]
        except RequestError:  # the command itself reports it, if it matters
            return
        if known and region not in known:
            self.refuse(
                f"--region is {region!r:.80}, but there is no such region",
                did_you_mean(region, known) or "`rsspot regions` lists them",
            )

    def _record_event(self, event: CallEvent) -> None:
        self.calls += 1
        if isinstance(event.error, KeyboardInterrupt) and event.method not in {"GET", "HEAD"}:
            self.unfinished_writes.append((event.method, event.url))

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

    @property
    def command_line(self) -> str:
        """The command line, to copy and run again; passwords of URLs are left out."""
        import shlex

        words = (PASSWORD.sub(r"\1\2", word) for word in self.arguments)
        return shlex.join(["rsspot", *words])

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
        if sys.stderr.isatty() and "`" not in text and "\n" not in text:  # no command to copy
            from rsspot.cli.output.cells import wrap_after

            text = wrap_after(label, text)
        if label and self.use_color(sys.stderr):
            label = f"\x1b[{'31' if kind == 'Error' else '33'};1m{label}\x1b[0m"
        sys.stderr.write(f"{label}{text}\n")
        sys.stderr.flush()

    def warn(self, message: Warning | str, *_args: Any, **_options: Any) -> None:
        """Show a warning in one line; stands in for `warnings.showwarning`."""
        self.warned = True
        self.note(str(message), "Warning")

    def refuse(self, message: str, hint: str) -> NoReturn:
        """Raise `InvalidInput`: the command cannot be carried out as written."""
        from rsspot.errors import InvalidInput

        raise InvalidInput(message, hint=hint)

    def ask(self, question: str, *, yes: bool) -> None:
        """Ask before an ordinary change, where there is a person to ask; a program goes on."""
        if self.can_prompt:
            self.confirm(question, yes=yes)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ask for confirmation, unless `yes`; end the command if it is declined."""
        if yes or self.dry_run.chosen:
            return
        if not self.can_prompt:
            self.refuse(f"{question} Standard input is not a terminal", "Confirm with --yes")
        import typer

        if not typer.confirm(question, err=True):
            self.note("Nothing was changed.")
            raise typer.Exit(1)
