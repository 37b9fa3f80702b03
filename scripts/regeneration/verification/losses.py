"""Losses: what a package does not do although its document says so, and which are accepted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rsspot.api_diff import source
from rsspot.api_diff.problem import Problem, one_line
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from pathlib import Path


__all__ = ["KINDS", "Accepted", "Loss", "accepted_in"]

KINDS = frozenset(
    {"operation", "server", "parameter", "body", "media type", "response", "schema", "property"}
    | {"optional"}
)
"""Kinds of losses; `optional` means that something cannot be left out."""


@dataclass(frozen=True)
class Loss:
    """One thing in the document that the package does not do.

    `where` is an operation or a JSON pointer, `lost` what was lost there, in words that stay the
    same from run to run; `detail` has what was expected and what was found. `pointer` is the place
    in the document.
    """

    kind: str
    where: str
    lost: str
    detail: str
    pointer: str

    def __str__(self) -> str:
        detail = f" ({one_line(self.detail, 400)})" if self.detail else ""
        return f"{one_line(self.where, 300)}: {one_line(self.lost, 200)}{detail}"


def is_part(value: Any, whole: Any) -> bool:
    """Return whether a sample is the other one without some of its members."""
    if not is_object(value) or not is_object(whole):
        return False
    return all(key in whole and whole[key] == each for key, each in value.items())


def without_optional(loss: Loss) -> Loss:
    """Return the loss of a sample that is fine with all of its members."""
    return replace(loss, kind="optional", lost=f"{loss.lost} without what is optional in it")


@dataclass(frozen=True)
class Accepted:
    """A loss that a file names with its reason, for documents of one title."""

    file: str
    number: int
    document: str
    where: str
    lost: str
    reason: str


def accepted_in(path: Path, key: str = "losses") -> tuple[Accepted, ...]:
    """Return the losses below `key` of a YAML file. Raises `Problem` if one is incomplete."""
    root = source.plain(source.read(path))
    nodes = root.get(key, [])
    if not is_array(nodes):
        raise Problem(f"{path}: `{key}` must be a list; write `{key}: []` for none")
    return tuple(_accepted(path, key, number, node) for number, node in enumerate(nodes, start=1))


def _accepted(path: Path, key: str, number: int, node: Any) -> Accepted:
    wanted = ("document", "where", "lost", "reason")
    given = node if is_object(node) else {}
    for name in wanted:
        if not isinstance(given.get(name), str) or not given[name].strip():
            raise Problem(f"{path}: `{key}` {number} has no `{name}`; give {', '.join(wanted)}")
    if unknown := sorted(given.keys() - set(wanted)):
        raise Problem(f"{path}: `{key}` {number} has `{unknown[0]}`, which is not known; remove it")
    return Accepted(str(path), number, *(str(given[name]) for name in wanted))
