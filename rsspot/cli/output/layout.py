"""Which columns fit a terminal, and how wide each one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.cli.output.text_width import cell_width, shorten_ids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsspot.cli.output.column import Column

__all__ = ["GAP", "Shown", "fit"]

GAP = 2
MIN_WRAPPED = 24
"""Cells that a column of sentences gets before another column is hidden for it."""


class Shown:
    """A column with its texts and its width."""

    def __init__(self, column: Column[Any], texts: list[str], right: bool) -> None:  # noqa: FBT001 - one place
        self.column = column
        self.texts = texts
        self.right = right
        self.width: int = 0

    def measure(self) -> None:
        """Make it as wide as its widest text."""
        self.width = max(map(cell_width, (self.column.title, *self.texts)))

    @property
    def min_width(self) -> int:
        """The width that it needs to be shown: sentences can be wrapped."""
        return min(self.width, MIN_WRAPPED) if self.column.wraps else self.width


def fit(columns: Sequence[Shown], limit: int | None) -> tuple[list[Shown], list[Shown]]:
    """Set the widths of the columns; return those that fit, and the others.

    In a terminal of `limit` cells ids are shortened first. Then columns are hidden, the highest
    rank first. Then text is wrapped.
    """
    shown = [*columns]
    for item in shown:
        item.measure()
    if limit is None:
        return shown, []
    if _total(shown) > limit:
        for item in shown:
            if item.column.is_id or item.column.wraps:
                item.texts = shorten_ids(item.texts)
                item.measure()
    hidden: list[Shown] = []
    while sum(item.min_width + GAP for item in shown) - GAP > limit:
        last = max(shown, key=lambda item: (item.column.rank, shown.index(item)))
        if last.column.rank == 0:
            break
        shown.remove(last)
        hidden.append(last)
    _narrow(shown, limit)
    return shown, hidden[::-1]


def _total(shown: Sequence[Shown]) -> int:
    return sum(item.width + GAP for item in shown) - GAP


def _narrow(shown: Sequence[Shown], limit: int) -> None:
    """Make columns narrower until they fit: sentences first, then whatever is widest."""
    for item in (item for item in shown if item.column.wraps):
        item.width = max(item.min_width, min(item.width, limit - _total(shown) + item.width))
    while _total(shown) > limit:
        widest = max(shown, key=lambda item: item.width)
        if widest.width == 1:
            break
        widest.width -= 1
