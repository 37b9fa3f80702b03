"""A column of a table: what it reads from an item, and how it may be shown."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Column", "Columns", "T"]


T = TypeVar("T")


class Column(Generic[T]):
    """One column.

    title: in capitals; --columns and --sort find it in any case.
    rank: on a narrow terminal the highest rank is hidden first; 0 is always shown.
    right: whether text is aligned to the right, as numbers always are.
    colored: whether the color follows from the first word, such as ready or lost.
    color: returns the color of an item, where its first word does not tell.
    format: returns the text of a number with a unit, such as memory, or of a time.
    is_id: whether UUIDs are shortened where they do not fit.
    wraps: whether it has sentences, which are wrapped before a column is hidden.
    optional: whether it is left out when no item has a value.
    below: whether its values are shown below the table where the column does not fit.
    """

    # Not an attrs class, whose module costs as much time as all else of a warm list.
    def __init__(
        self,
        title: str,
        read: Callable[[T], Any],
        rank: int = 0,
        *,
        right: bool = False,
        colored: bool = False,
        color: Callable[[T], str] | None = None,
        format: Callable[[Any], str | None] | None = None,  # noqa: A002 - named like the option
        is_id: bool = False,
        wraps: bool = False,
        optional: bool = False,
        below: bool = False,
    ) -> None:
        self.title = title
        self.read = read
        self.rank = rank
        self.right = right
        self.colored = colored
        self.color = color
        self.format = format
        self.is_id = is_id
        self.wraps = wraps
        self.optional = optional
        self.below = below

    def always_shown(self) -> Column[T]:
        """Return this column as one that the user selected."""
        other = copy(self)
        other.rank, other.optional = 0, False
        return other


Columns: TypeAlias = tuple[Column[T], ...]
