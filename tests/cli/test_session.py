"""The session in docs/cli.md is what happens: its commands succeed, and print what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
BLOCK = re.compile(r"^```(console|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SKIPPED = ("pip", "rsspot sandbox", "rsspot --help")


def steps() -> Iterator[tuple[list[str], str]]:
    """Each command of the session, and what the page says that the last of a block prints."""
    blocks = BLOCK.findall(PAGE)
    for at, (language, text) in enumerate(blocks):
        if language != "console":
            continue
        after = blocks[at + 1] if at + 1 < len(blocks) else ("", "")
        shown = after[1] if after[0] == "text" else ""
        commands = [line.partition("  #")[0].strip() for line in text.splitlines()]
        for command in commands:
            if not command.startswith(SKIPPED):
                yield shlex.split(command), shown if command == commands[-1] else ""


def pattern(line: str) -> str:
    """The expression for a line in which … stands for anything."""
    parts = (re.escape(part) for part in line.split("…"))
    return ".*".join(re.sub(r"(\\ )+", r"\\s+", part) for part in parts)


def test_the_session_of_the_page_is_what_happens(
    rsspot: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    pool, ran = "", 0
    for command, shown in steps():
        assert command[0] == "rsspot"
        done = rsspot(*(pool if word == "<pool>" else word for word in command[1:]), terminal=True)
        assert done.status == 0, (command, done.err)
        if shown.startswith("…\n") or "\n…\n" in shown:
            assert re.match("\n".join(map(pattern, shown.split("\n…\n")[0].split("\n"))), done.out)
        elif shown:
            expected = "\n".join(map(pattern, shown.strip().split("\n")))
            assert re.fullmatch(expected, done.out.strip()), (command, done.out)
        if command[1:3] == ["pools", "list"]:
            pool = done.out.strip()[:8]
        ran += 1
    assert ran > 10


def test_every_status_and_command_of_the_page_exists() -> None:
    from rsspot.cli.app import COMMANDS
    from rsspot.cli.failures import STATUSES

    listed = {int(status) for status in re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)}
    assert listed == {0, 1, 2, 130} | {status for _, status in STATUSES}
    table = PAGE.partition("## Commands")[2].partition("## Options")[0]
    named = set(re.findall(r"`([a-z-]+)", table))
    assert set(COMMANDS) <= named
