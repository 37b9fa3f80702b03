"""Parse changes of labels and taints, in the syntax of kubectl."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from rsspot.models import Taint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rsspot.cli.session import Session
    from rsspot.models import NodeTaint
    from rsspot.models.pool import Effect

__all__ = ["change_taints", "read_label_changes"]


def read_label_changes(session: Session, changes: Iterable[str]) -> dict[str, str | None]:
    """Return labels by key; None removes one. Raises `InvalidInput`."""
    found: dict[str, str | None] = {}
    for text in changes:
        key, equals, value = text.partition("=")
        if not equals and key.endswith("-") and len(key) > 1:
            key, new = key[:-1], None
        elif equals and key:
            new = value
        else:
            session.refuse(f"{text!r:.80} is not a label", "Write key=value, or key- to remove it")
        if key in found:
            session.refuse(f"The label {key} is given twice", "Give it once")
        found[key] = new
    return found


def change_taints(
    session: Session, taints: Iterable[NodeTaint], changes: Sequence[str]
) -> list[Taint | str]:
    """Return the taints of a pool after some changes. Raises `InvalidInput`."""
    known = {
        (item.key, item.effect): Taint(item.key, cast("Effect", item.effect), item.value or None)
        for item in taints
    }
    for text in changes:
        if not text.endswith("-"):
            taint = Taint.parse(text)
            known[taint.key, taint.effect] = taint
            continue
        key, _, effect = text[:-1].partition(":")
        key = key.partition("=")[0]
        gone = [one for one in known if one[0] == key and effect in {"", one[1]}]
        if not gone:
            session.refuse(
                f"The pool has no taint {text[:-1]!r:.80}",
                f"It has: {', '.join(':'.join(one) for one in known) or 'none'}",
            )
        for one in gone:
            del known[one]
    return [*known.values()]
