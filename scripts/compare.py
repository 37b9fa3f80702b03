"""Show how a published document differs from ours: the breaking differences first.

python scripts/compare.py UPSTREAM [--json]      UPSTREAM is a file or a URL

Exit status: 0 nothing breaking, 1 something breaking, 2 input that cannot be used.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from typing import TYPE_CHECKING

import comparison
import document
import problem
from difference import Level
from problem import squeeze
from project import OURS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from difference import Difference
    from document import Document
    from project import Project

__all__ = ["main"]

COLUMNS = ("level", "what", "where", "ours", "upstream")
WIDTH = 60


def main(arguments: Sequence[str] | None = None, project: Project = OURS) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("upstream", help="the published document: a file or a URL")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = parser.parse_args(arguments)
    upstream = document.load(given.upstream)
    ours = document.load(project.document)
    found = comparison.compare(ours, upstream)
    print(_json(ours, upstream, found) if given.json else _table(found))
    return 1 if any(each.level is Level.BREAKING for each in found) else 0


def _json(ours: Document, upstream: Document, found: Sequence[Difference]) -> str:
    content = {
        "ours": {"version": ours.version, "sha256": ours.sha256},
        "upstream": {"version": upstream.version, "sha256": upstream.sha256},
        "summary": _summary(found),
        "differences": [
            {
                "level": each.level.name.lower(),
                "kind": each.kind,
                "where": each.where,
                "ours": each.ours,
                "upstream": each.upstream,
            }
            for each in found
        ],
    }
    return json.dumps(content, indent=2)


def _table(found: Sequence[Difference]) -> str:
    if not found:
        return "no differences"
    rows = [
        (each.level.name.lower(), each.kind, each.where, each.ours, each.upstream) for each in found
    ]
    cells = [COLUMNS, *(tuple(squeeze(cell, 2 * WIDTH) for cell in row) for row in rows)]
    widths = [min(WIDTH, max(map(len, column))) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    ]
    summary = ", ".join(f"{count} {level}" for level, count in _summary(found).items())
    return "\n".join([*lines, "", summary])


def _summary(found: Sequence[Difference]) -> dict[str, int]:
    counts = Counter(each.level for each in found)
    return {level.name.lower(): counts[level] for level in Level}


if __name__ == "__main__":
    sys.exit(problem.run(main))
