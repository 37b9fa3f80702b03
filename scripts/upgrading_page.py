"""Write the tables of docs/upgrading.md from rsspot/renamed: `python scripts/upgrading_page.py`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rsspot.renamed.arguments import ARGUMENTS
from rsspot.renamed.attributes import ATTRIBUTES
from rsspot.renamed.commands import COMMANDS, OPTIONS
from rsspot.renamed.names import NAMES
from rsspot.renamed.variables import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["PAGE", "written"]

PAGE = Path(__file__).parents[1] / "docs" / "upgrading.md"
MARK = "<!-- The tables below are written by scripts/upgrading_page.py. -->\n"


def written(text: str) -> str:
    """Return the page with up-to-date tables."""
    return text.partition(MARK)[0] + MARK + "\n" + "\n".join(_tables()) + "\n"


def _shown(argument: str) -> str:
    return "…" if argument == "*" else f"{argument}="


def _tables() -> Iterator[str]:
    yield "## Names\n"
    yield from _table("0.3.0", "now", ((f"`{name}`", now) for name, now in NAMES.items()))
    yield "\n## Arguments\n"
    yield from _table(
        "0.3.0",
        "now",
        (
            (f"`{'any method' if call == '*' else call}({_shown(argument)})`", now)
            for call, rows in ARGUMENTS.items()
            for argument, now in rows.items()
        ),
    )
    yield "\n## Attributes and methods\n"
    yield from _table(
        "0.3.0",
        "now",
        (
            (f"{owner}: `.{name}`", now)
            for owner, rows in ATTRIBUTES.items()
            for name, now in rows.items()
        ),
    )
    yield "\n## Commands\n"
    yield 'Those that say "the same" run under their old names; the others end with the new one.\n'
    rows = [
        (f"`{' '.join(words)}`", f"`{new.text}`{', the same' if new.words else ''}")
        for words, new in COMMANDS.items()
    ]
    rows += [
        (f"`{' '.join(words)} {option}`", text)
        for words, options in OPTIONS.items()
        for option, text in options.items()
    ]
    yield from _table("0.3.0", "now", rows)
    yield "\n## Environment variables\n"
    yield from _table(
        "0.3.0 and other tools",
        "now",
        ((f"`{name}`", instead) for name, (_, instead) in VARIABLES.items()),
    )


def _table(old: str, new: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"| {old} | {new} |"
    yield "| --- | --- |"
    for before, now in rows:
        yield f"| {before} | {now} |"


def main() -> int:
    """Write the page."""
    PAGE.write_text(written(PAGE.read_text("utf-8")), encoding="utf-8")
    print(f"Written to {PAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
