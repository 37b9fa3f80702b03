"""Differences that are known: a file names each with its reason, and fails when it is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rsspot.api_diff import reading, source
from rsspot.api_diff.problem import Problem, squeeze
from rsspot.api_diff.values import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rsspot.api_diff.difference import Difference

__all__ = ["Accepted", "check", "load", "sort"]

KEYS = ("kind", "where", "ours", "upstream", "reason")


@dataclass(frozen=True)
class Accepted:
    """A difference as the report has it, and why it is accepted."""

    file: str
    number: int
    kind: str
    where: str
    ours: str
    upstream: str
    reason: str

    def names(self, difference: Difference) -> bool:
        """Whether it is this very difference."""
        mine = self.kind, self.where, self.ours, self.upstream
        return mine == (
            difference.kind,
            difference.where,
            difference.ours,
            difference.upstream,
        )


def load(path: Path, title: str) -> tuple[Accepted, ...]:
    """The accepted differences from the document of that title. `Problem` where one is incomplete.

    The file has `documents`, a list; each has the `title` of a document and `differences`.
    """
    root = reading.plain(source.read(path))
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
    given = node if is_object(node) else {}
    for key in KEYS:
        if not isinstance(given.get(key), str) or not given[key].strip():
            raise Problem(f"{path}: difference {number} has no `{key}`; give {', '.join(KEYS)}")
    return Accepted(str(path), number, *(str(given[key]) for key in KEYS))


def sort(
    found: Sequence[Difference], known: Sequence[Accepted]
) -> tuple[list[Difference], list[tuple[Difference, Accepted]]]:
    """What is not accepted, and what is, with what accepts it."""
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
    """Raise `Problem` for what accepts nothing."""
    used = {id(by) for _, by in taken}
    for each in known:
        if id(each) not in used:
            raise Problem(
                f"{each.file}: difference {each.number}, {each.kind} {squeeze(each.where)}, "
                "is none any more; remove it"
            )
