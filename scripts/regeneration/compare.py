"""Show how a published document differs from ours: the breaking differences first.

python scripts/compare.py UPSTREAM [--json] [--strict]      UPSTREAM is a file or a URL

Exit status: 0 nothing breaking but what is accepted, 1 something breaking (with --strict: any
difference but what only our document has, with its source), 2 input that cannot be used, or an
accepted difference that no longer exists.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from regeneration.project import OURS
from rsspot.api_diff.report import ACCEPTED, report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regeneration.project import Project

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None, project: Project = OURS) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("upstream", help="the published document: a file or a URL")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--accepted", type=Path, default=ACCEPTED, help="another file of accepted differences"
    )
    parser.add_argument(
        "--strict", action="store_true", help="fail on any difference that is not accepted"
    )
    given = parser.parse_args(arguments)
    return report(
        project.document,
        given.upstream,
        accepted=given.accepted,
        as_json=given.json,
        strict=given.strict,
    )
