"""What a generated package cannot do although its document says it, and what is accepted of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rsspot.api_diff import source
from rsspot.api_diff.problem import Problem, squeeze
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from regeneration.overlay import Applied

__all__ = ["KINDS", "Accepted", "Loss", "accepted_in", "judge"]

KINDS = frozenset(
    {"operation", "server", "parameter", "body", "media type", "response", "schema", "property"}
    | {"optional"}
)
"""What can be lost; `optional` is that something may be absent."""
SHOWN = 20


@dataclass(frozen=True)
class Loss:
    """One thing of the document that did not survive.

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
        detail = f" ({squeeze(self.detail, 400)})" if self.detail else ""
        return f"{squeeze(self.where, 300)}: {squeeze(self.lost, 200)}{detail}"


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
    """Return the losses that a YAML file names below `key`. `Problem` where one is not complete."""
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


def judge(
    name: str,
    title: str,
    losses: Iterable[Loss],
    *,
    accepted: Sequence[Accepted] = (),
    applied: Sequence[Applied] = (),
) -> list[Loss]:
    """Return the losses that are accepted. Raises `Problem` for others, and for what accepts none.

    `title` is that of the document; `applied` are the actions of the overlay and their places.
    """
    mine = [each for each in accepted if each.document == title]
    naming = [each for each in applied if each.action.loses and each.changed]
    used: set[int] = set()
    taken: list[Loss] = []
    left: list[Loss] = []
    for loss in losses:
        named = [id(each) for each in mine if (each.where, each.lost) == (loss.where, loss.lost)]
        named += [id(each) for each in naming if each.names(loss.kind, loss.pointer)]
        used.update(named)
        (taken if named else left).append(loss)
    if left:
        raise Problem(_message(name, title, left))
    for each in mine:
        if id(each) not in used:
            raise Problem(
                f"{each.file}: `losses` {each.number}, {squeeze(each.where)}: "
                f"{squeeze(each.lost)}, is no longer lost; remove it"
            )
    for action in naming:
        if id(action) not in used:
            kinds = ", ".join(action.action.loses)
            raise Problem(
                f"{action.file}: {action.action.title}, names a loss ({kinds}), but none follows "
                "from it; remove `x-loses`"
            )
    return taken


def _message(name: str, title: str, left: Sequence[Loss]) -> str:
    first = left[0]
    lines = [f"{name}: {each}" for each in left[:SHOWN]]
    if len(left) > SHOWN:
        lines.append(f"{name}: and {len(left) - SHOWN} more")
    paste = (
        f"- {{document: {_quoted(title)}, where: {_quoted(first.where)}, "
        f"lost: {_quoted(first.lost)}, reason: …}}"
    )
    advice = f"correct it in the document or by an overlay action, or accept it: add `{paste}`"
    lines[-1] += f"; {advice} to `losses` in openapi/generator.yaml"
    return "\n".join(lines)


def _quoted(text: str) -> str:
    import json

    return json.dumps(squeeze(text, 300), ensure_ascii=False)
