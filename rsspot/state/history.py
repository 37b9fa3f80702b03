"""The history of commands. Secrets are removed before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rsspot.arguments import check_arguments, check_whole
from rsspot.state.kinds import KINDS
from rsspot.state.text import storable

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterable

    from rsspot.state.database import Database, Row

__all__ = ["Command", "History"]


class Command(NamedTuple):
    """A command, and when it ran: seconds since the epoch."""

    at: float
    command: str


@check_arguments(KINDS)
class History:
    """The recorded commands, oldest first."""

    def __init__(self, database: Callable[[], Database], now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    def add(self, command: str, *, has_secrets: bool = True) -> None:
        """Store a command without its secrets.

        has_secrets: whether it may have any; False for words that the program knows.

        Values of flags, variables, headers, JSON and URLs are removed unless they are known to be
        harmless. Single words are best effort: a short secret without a sign, as in
        ``login hunter2``, is not recognized and is stored.
        """
        text = command
        if has_secrets:
            from rsspot.redaction.redact import redact

            text = storable(redact(command))
        self._database().add("history", {"at": self._now(), "command": text})

    def take_over(self, commands: Iterable[Command]) -> int:
        """Store commands with the times at which they ran, without their secrets.

        Those that are already stored are not added again. Returns how many were added.
        """
        from rsspot.redaction.redact import redact

        known = {(row["at"], row["command"]) for row in self._database().rows("history")}
        added = 0
        for each in commands:
            row = {"at": each.at, "command": storable(redact(each.command))}
            if (row["at"], row["command"]) not in known:
                self._database().add("history", row)
                added += 1
        return added

    def list(self, limit: int = 100) -> list[Command]:
        """Return the last `limit` commands."""
        check_whole("limit", limit)
        rows = self._rows()[-limit:] if limit > 0 else []
        return [Command(row["at"], row["command"]) for row in rows]

    def search(self, text: str) -> builtins.list[Command]:
        """Return the commands that contain `text`, ignoring case."""
        rows = self._rows()
        wanted = text.casefold()
        found = [row for row in rows if wanted in row["command"].casefold()]
        return [Command(row["at"], row["command"]) for row in found]

    def suggest(self, prefix: str, limit: int = 5) -> builtins.list[str]:
        """Return commands that begin with `prefix`, the last used first, each once."""
        check_whole("limit", limit)
        rows = self._rows()[::-1]
        known = dict.fromkeys(row["command"] for row in rows)
        return [command for command in known if command.startswith(prefix)][:limit]

    def _rows(self) -> builtins.list[Row]:
        # Imported commands were stored later than they ran.
        return sorted(self._database().rows("history"), key=lambda row: float(row["at"]))

    def clear(self) -> None:
        """Delete all commands."""
        self._database().delete("history", ())
