"""Commands that were run. What looks like a secret is taken out before anything is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable

    from rsspot.state.database import Database

__all__ = ["Command", "History", "redact"]

MASK = "[secret]"
_WORD = r"[\w-]{0,40}(?:token|secret|password|passwd|key|authorization|credential)s?"
# Bounds and possessive quantifiers keep long texts from taking quadratic time.
_RULES = (
    (re.compile(r"(?<![\w-])[\w-]{8,}+\.[\w-]{8,}+\.[\w-]{8,}+"), MASK),
    (re.compile(r"(?i)\b(bearer|basic)\s+[^\s'\"]+"), rf"\1 {MASK}"),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]{0,20}://)[^\s/@]+@"), rf"\1{MASK}@"),
    (re.compile(rf"(?i)(--?{_WORD})([= ]+)('[^']*'|\"[^\"]*\"|[^\s]+)"), rf"\1\2{MASK}"),
    (
        re.compile(rf"(?i)([\"']?{_WORD}[\"']?\s*[=:]\s*)('[^']*'|\"[^\"]*\"|[^\s,;&}}]+)"),
        rf"\1{MASK}",
    ),
)


def redact(text: str) -> str:
    """`text` without secrets: flags, `key=value`, bearers, JWT shapes, credentials in URLs."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


@frozen
class Command:
    """A command, and when it ran: seconds since the epoch."""

    at: float
    command: str


class History:
    """Commands, oldest first."""

    def __init__(self, database: Callable[[], Database], now: Callable[[], float]) -> None:
        self._database = database
        self._now = now

    def add(self, command: str) -> None:
        """Keep a command, without its secrets."""
        self._database().add("history", {"at": self._now(), "command": redact(command)})

    def list(self, limit: int = 100) -> list[Command]:
        """The last `limit` commands."""
        rows = self._database().rows("history", newest=limit)
        return [Command(row["at"], row["command"]) for row in rows]

    def search(self, text: str) -> builtins.list[Command]:
        """The commands that have `text` in them, whatever its case."""
        rows = self._database().rows("history")
        wanted = text.casefold()
        found = [row for row in rows if wanted in row["command"].casefold()]
        return [Command(row["at"], row["command"]) for row in found]

    def suggest(self, prefix: str, limit: int = 5) -> builtins.list[str]:
        """Commands that begin with `prefix`, the last used first, each once."""
        rows = self._database().rows("history")[::-1]
        known = dict.fromkeys(row["command"] for row in rows)
        return [command for command in known if command.startswith(prefix)][:limit]

    def clear(self) -> None:
        """Forget all commands."""
        self._database().delete("history", ())
