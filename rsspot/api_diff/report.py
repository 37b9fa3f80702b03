"""Report differences as a table or as JSON, and those that a file accepts with a reason."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rsspot.api_diff import accepted as accepted_differences
from rsspot.api_diff import comparison, document
from rsspot.api_diff.accepted import ACCEPTED
from rsspot.api_diff.difference import Level
from rsspot.api_diff.problem import Problem, one_line, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsspot.api_diff.accepted import Accepted
    from rsspot.api_diff.difference import Difference
    from rsspot.api_diff.document import Document

__all__ = [
    "ACCEPTED",
    "ours",
    "report",
]

COLUMNS = ("level", "what", "where", "ours", "upstream")
WIDTH = 60


def ours() -> Path:
    """Return the document that the installed `rsspot_api` was generated from."""
    import rsspot_api

    folder = Path(rsspot_api.__file__).parent
    found = sorted(folder.glob("openapi.*"))
    if not found:
        raise Problem(f"{folder}: has no document; install rsspot again")
    return found[0]


@dataclass(frozen=True)
class _Report:
    ours: Document
    upstream: Document
    found: Sequence[Difference]
    accepted: Sequence[tuple[Difference, Accepted]]

    @property
    def summary(self) -> dict[str, int]:
        counts = Counter(each.level for each in self.found)
        return {level.name.lower(): counts[level] for level in Level}

    def json(self) -> str:
        content = {
            "ours": {"version": self.ours.version, "sha256": self.ours.sha256},
            "upstream": {"version": self.upstream.version, "sha256": self.upstream.sha256},
            "summary": self.summary,
            "differences": [_object(each) for each in self.found],
            "accepted": [_object(each) | {"reason": by.reason} for each, by in self.accepted],
        }
        return json.dumps(content, indent=2)

    def table(self) -> str:
        known = f" beside {len(self.accepted)} accepted ones" if self.accepted else ""
        if not self.found:
            return f"no differences{known}"
        rows = [
            (each.level.name.lower(), each.kind, each.where, each.ours, each.upstream)
            for each in self.found
        ]
        cells = [COLUMNS, *(tuple(one_line(cell, 2 * WIDTH) for cell in row) for row in rows)]
        widths = [min(WIDTH, max(map(len, column))) for column in zip(*cells, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in cells
        ]
        summary = ", ".join(f"{count} {level}" for level, count in self.summary.items())
        return "\n".join([*lines, "", f"{summary}{known}"])


def report(
    base: Path,
    upstream: str,
    *,
    accepted: Path | None = ACCEPTED,
    as_json: bool = False,
    strict: bool = False,
) -> int:
    """Print the differences of the document at `upstream` (a file or a URL) from that at `base`.

    Differences in the file `accepted`, each with a reason, are counted separately. Returns the exit
    status: 0 nothing breaking, 1 something breaking, or with `strict` anything but an extension.
    Raises `Problem` for what cannot be used, and
    for an accepted difference that no longer exists.
    """
    theirs = document.load(upstream)
    mine = document.load(base)
    found = comparison.compare(mine, theirs)
    known = accepted_differences.load(accepted, theirs.title) if accepted else ()
    left, taken = accepted_differences.split(found, known)
    made = _Report(mine, theirs, left, taken)
    show(made.json() if as_json else made.table())
    accepted_differences.check(known, taken)
    failing = {Level.BREAKING, Level.ADDITION, Level.COMPATIBLE} if strict else {Level.BREAKING}
    return 1 if any(each.level in failing for each in left) else 0


def _object(each: Difference) -> dict[str, str]:
    return {
        "level": each.level.name.lower(),
        "kind": each.kind,
        "where": each.where,
        "ours": each.ours,
        "upstream": each.upstream,
    }
