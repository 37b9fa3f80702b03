"""Decide which losses are accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.api_diff.problem import Problem, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from regeneration.overlay import Applied
    from regeneration.verification.losses import Accepted, Loss

__all__ = ["judge"]


SHOWN = 20


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
                f"{each.file}: `losses` {each.number}, {one_line(each.where)}: "
                f"{one_line(each.lost)}, is no longer lost; remove it"
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

    return json.dumps(one_line(text, 300), ensure_ascii=False)
