"""Report differences as a table or as JSON, and those that a file accepts with a reason."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsspot.api_diff import comparison, document, source
from rsspot.api_diff.difference import Level
from rsspot.api_diff.problem import Problem, one_line, show
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsspot.api_diff.difference import Difference
    from rsspot.api_diff.document import Document

__all__ = [
    "ACCEPTED",
    "Accepted",
    "ours",
    "report",
]

KEYS = ("kind", "where", "ours", "upstream", "reason")


@dataclass(frozen=True)
class Accepted:
    """An accepted difference, as in a report, and the reason."""

    file: str
    number: int
    kind: str
    where: str
    ours: str
    upstream: str
    reason: str

    def names(self, difference: Difference) -> bool:
        """Return whether this is the same difference."""
        mine = self.kind, self.where, self.ours, self.upstream
        return mine == (
            difference.kind,
            difference.where,
            difference.ours,
            difference.upstream,
        )


def _load(path: Path, title: str) -> tuple[Accepted, ...]:
    """Return the accepted differences from the document of a title. Raises `Problem`.

    The file has `documents`, a list; each has the `title` of a document and `differences`.
    """
    root = source.plain(source.read(path))
    documents = root.get("documents")
    if not is_array(documents) or not all(map(is_object, documents)):
        raise Problem(f"{path}: has no `documents`; list what is accepted of which document")
    nodes: list[Any] = []
    for each in documents:
        if not is_array(each.get("differences")):
            raise Problem(f"{path}: a document has no `differences`; list them")
        nodes += each["differences"] if each.get("title") == title else []
    return tuple(_accepted(path, number, node) for number, node in enumerate(nodes, start=1))


def _accepted(path: Path, number: int, node: Any) -> Accepted:
    fields = node if is_object(node) else {}
    for key in KEYS:
        if not isinstance(fields.get(key), str) or not fields[key].strip():
            raise Problem(f"{path}: difference {number} has no `{key}`; give {', '.join(KEYS)}")
    return Accepted(str(path), number, *(str(fields[key]) for key in KEYS))


def _sort(
    found: Sequence[Difference], known: Sequence[Accepted]
) -> tuple[list[Difference], list[tuple[Difference, Accepted]]]:
    """Return the differences that are not accepted, and those that are, with their entries."""
    left: list[Difference] = []
    taken: list[tuple[Difference, Accepted]] = []
    for each in found:
        by = next((accepted for accepted in known if accepted.names(each)), None)
        if by:
            taken.append((each, by))
        else:
            left.append(each)
    return left, taken


def _check(known: Sequence[Accepted], taken: Sequence[tuple[Difference, Accepted]]) -> None:
    """Raise `Problem` for entries that accept nothing."""
    used = {id(by) for _, by in taken}
    for each in known:
        if id(each) not in used:
            raise Problem(
                f"{each.file}: difference {each.number}, {each.kind} {one_line(each.where)}, "
                "no longer exists; remove it"
            )


ACCEPTED = Path(__file__).with_name("accepted.yaml")
"""The differences from the vendor's document that are known and accepted."""
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
    base: Path, upstream: str, *, accepted: Path | None = ACCEPTED, as_json: bool = False
) -> int:
    """Print the differences of the document at `upstream` (a file or a URL) from that at `base`.

    Differences in the file `accepted`, each with a reason, are counted separately. Returns the exit
    status: 0 nothing breaking, 1 something breaking. Raises `Problem` for what cannot be used, and
    for an accepted difference that no longer exists.
    """
    theirs = document.load(upstream)
    mine = document.load(base)
    found = comparison.compare(mine, theirs)
    known = _load(accepted, theirs.title) if accepted else ()
    left, taken = _sort(found, known)
    made = _Report(mine, theirs, left, taken)
    show(made.json() if as_json else made.table())
    _check(known, taken)
    return 1 if any(each.level is Level.BREAKING for each in left) else 0


def _object(each: Difference) -> dict[str, str]:
    return {
        "level": each.level.name.lower(),
        "kind": each.kind,
        "where": each.where,
        "ours": each.ours,
        "upstream": each.upstream,
    }
