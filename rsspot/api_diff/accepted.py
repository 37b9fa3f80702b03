"""Differences that a file accepts, each with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rsspot.api_diff import source
from rsspot.api_diff.problem import Problem, one_line
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rsspot.api_diff.difference import Difference

__all__ = ["ACCEPTED", "Accepted", "check", "load", "split"]

ACCEPTED = Path(__file__).with_name("accepted.yaml")
"""The differences from the vendor's document that are known and accepted."""
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


def load(path: Path, title: str) -> tuple[Accepted, ...]:
    """Return the accepted differences from the document of a title. Raises `Problem`.

    The file has `documents`, a list; each has the `title` of a document and `differences`. Several
    differences of one kind and reason may be rows of `each`: where, ours, upstream.
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
    return tuple(
        _accepted(path, number, part)
        for number, node in enumerate(nodes, start=1)
        for part in _parts(path, number, node)
    )


def _parts(path: Path, number: int, node: Any) -> Iterator[Any]:
    """Yield each difference of an entry, which may have several of one kind and reason."""
    if not is_object(node) or "each" not in node:
        yield node
        return
    rows: Any = node["each"]
    for row in rows if is_array(rows) else [None]:
        if not is_array(row) or len(row) != len(KEYS[1:4]):
            names = ", ".join(KEYS[1:4])
            raise Problem(f"{path}: difference {number} has a wrong `each`; list [{names}] in it")
        yield {**node, **dict(zip(KEYS[1:4], row, strict=True))}


def _accepted(path: Path, number: int, node: Any) -> Accepted:
    fields = node if is_object(node) else {}
    for key in KEYS:
        if not isinstance(fields.get(key), str) or not fields[key].strip():
            raise Problem(f"{path}: difference {number} has no `{key}`; give {', '.join(KEYS)}")
    return Accepted(str(path), number, *(str(fields[key]) for key in KEYS))


def split(
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


def check(known: Sequence[Accepted], taken: Sequence[tuple[Difference, Accepted]]) -> None:
    """Raise `Problem` for entries that accept nothing."""
    used = {id(by) for _, by in taken}
    for each in known:
        if id(each) not in used:
            raise Problem(
                f"{each.file}: difference {each.number}, {each.kind} {one_line(each.where)}, "
                "no longer exists; remove it"
            )
