"""One run of the command line: its global options, its client, and its output."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, cast

from rsspot.cli.dry_run import DryRuns
from rsspot.cli.output.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from typing import Self

    import typer

    from rsspot import SpotClient
    from rsspot.flow.clock import Clock
    from rsspot.state import StateStore
    from rsspot.wire.events import CallEvent

__all__ = ["Session", "without_password"]

PASSWORD = re.compile(r"(://[^/@:\s]*):[^@]*(?=@)|([?&])password=[^&]*&?", re.IGNORECASE)
"""In the URL of a database: after the user, or as a parameter."""


class Session(Terminal):
    """What commands need. `client_options` override the configuration."""

    def __init__(self, **client_options: Any) -> None:
        super().__init__()
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
        self.unfinished_writes: list[tuple[str, str]] = []
        """Method and path of each write that was interrupted before its response arrived."""

    @classmethod
    def of(cls, ctx: typer.Context) -> Self:
        """Return the session of a command."""
        return cast("Self", ctx.obj)

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
        if self.is_dry_run:
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
    def command_line(self) -> str:
        """The command line, to copy and run again; passwords of URLs are left out."""
        import shlex

        return shlex.join(["rsspot", *map(without_password, self.arguments)])


def without_password(word: str) -> str:
    """Return a word of a command line without the password of a URL."""
    return PASSWORD.sub(r"\1\2", word)
