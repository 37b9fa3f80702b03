"""--columns, --sort and --no-headers: what of a list is shown, and in which order."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.cli.output.formatting import format_value
from rsspot.cli.output.table import read
from rsspot.errors import InvalidInput
from rsspot.models.names import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rsspot.cli.output.column import Column, Columns

__all__ = ["choose", "order", "pick"]

T = TypeVar("T")


def choose(columns: Columns[T], wanted: str) -> Columns[T]:
    """Return the columns of a comma-separated list, in its order. Raises `InvalidInput`."""
    titles = [column.title for column in columns]
    return tuple(columns[pick("--columns", titles, name)] for name in wanted.split(","))


def order(items: list[T], columns: Columns[T], wanted: str) -> list[T]:
    """Return the items by the value of a column; ``-`` before its title reverses the order.

    Items without a value come last. Raises `InvalidInput`.
    """
    title = wanted.strip()
    descending = title.startswith("-")
    column = columns[pick("--sort", [column.title for column in columns], title.removeprefix("-"))]
    known = [item for item in items if not _is_absent(column, item)]
    known.sort(key=lambda item: _rank(read(column, item)), reverse=descending)
    return [*known, *(item for item in items if _is_absent(column, item))]


def pick(option: str, titles: Iterable[str], name: str) -> int:
    """Return the place of a title, which may be written in any case. Raises `InvalidInput`."""
    known = [_folded(title) for title in titles]
    wanted = _folded(name)
    if wanted in known:
        return known.index(wanted)
    raise InvalidInput(
        f"{option} is {name.strip()!r:.80}, and there is no such column",
        argument=option,
        hint=did_you_mean(wanted, known) or f"Known names: {', '.join(known)}",
    )


def _folded(title: str) -> str:
    return "-".join(title.casefold().replace("_", " ").replace("-", " ").split())


def _is_absent(column: Column[T], item: T) -> bool:
    return read(column, item) in (None, "", ())


def _rank(value: Any) -> tuple[int, Any]:
    """Return a key that orders numbers and times by size, and anything else by its text."""
    if isinstance(value, datetime):
        return 1, value.timestamp()
    if isinstance(value, int | float | Decimal) and value == value:  # noqa: PLR0124 - not NaN
        return 0, value
    return 2, format_value(value).casefold()
