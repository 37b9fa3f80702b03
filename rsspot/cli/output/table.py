"""Tables: columns that know how to read their cells, and fit the width there is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from attrs import frozen

from rsspot.cli.output.formatting import UNREADABLE, cell, money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["Column", "Columns", "fields_table", "table"]

T = TypeVar("T")

GAP = 2
TONES = {
    "green": {"ready", "running", "won", "winning", "healthy", "active", "registered", "fulfilled"},
    "red": {"error", "failed", "lost", "losing", "outbid", "unhealthy"},
}
TONE_OF = {word: tone for tone, words in TONES.items() for word in words}


@frozen
class Column(Generic[T]):
    """One column. Where space is short, the one with the highest `rank` goes first; 0 stays."""

    title: str
    read: Callable[[T], Any]
    rank: int = 0
    right: bool = False
    toned: bool = False


Columns: TypeAlias = tuple[Column[T], ...]


def table(items: Sequence[T], columns: Columns[T], width: int | None, *, colours: bool) -> str:
    """The items as a table of at most `width` cells (None: as wide as it is)."""
    from rich.cells import cell_len

    written = [_written([_read(column, item) for item in items]) for column in columns]
    widths = [
        max(map(cell_len, (column.title, *texts)))
        for column, (texts, _) in zip(columns, written, strict=True)
    ]
    shown, hidden = _fitting([column.rank for column in columns], widths, width)
    lines = _lines([columns[at] for at in shown], [written[at] for at in shown], width, colours)
    if hidden:
        titles = ", ".join(columns[at].title for at in hidden)
        note = f"(too narrow for {titles}; --output json has everything)"
        lines += f"\x1b[2m{note}\x1b[0m\n" if colours else f"{note}\n"
    return lines


class _Unreadable:
    def __str__(self) -> str:
        return UNREADABLE


def _read(column: Column[T], item: T) -> Any:
    try:
        return column.read(item)
    except Exception:  # noqa: BLE001 - whatever one cell has, the list is shown
        return _Unreadable()


def _written(values: list[Any]) -> tuple[list[str], bool]:
    """The texts of a column, and whether they are numbers."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, Decimal) for value in known):
        return money(values), True
    numbers = bool(known) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in known
    )
    return [cell(value) for value in values], numbers


def _fitting(ranks: list[int], widths: list[int], width: int | None) -> tuple[list[int], list[int]]:
    """Which columns are shown, and which have to go."""
    shown = [*range(len(ranks))]
    while width is not None and sum(widths[at] + GAP for at in shown) - GAP > width:
        last = max(shown, key=lambda at: (ranks[at], at))
        if ranks[last] == 0:
            break
        shown.remove(last)
    return shown, [at for at in range(len(ranks)) if at not in shown]


def _lines(
    columns: Sequence[Column[T]],
    written: list[tuple[list[str], bool]],
    width: int | None,
    colours: bool,  # noqa: FBT001 - of this module only
) -> str:
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    for column, (_, numbers) in zip(columns, written, strict=True):
        right = column.right or numbers
        grid.add_column(Text(column.title), justify="right" if right else "left", overflow="fold")
    for row in zip(*(texts for texts, _ in written), strict=True):
        cells = [
            Text(text, style=_tone(text) if column.toned else "")
            for column, text in zip(columns, row, strict=True)
        ]
        grid.add_row(*cells)
    return _drawn(grid, width, colours=colours)


def _tone(text: str) -> str:
    return TONE_OF.get(text.partition(" ")[0].casefold(), "yellow" if text != "-" else "")


def fields_table(rows: Iterable[tuple[str, str]], *, colours: bool) -> str:
    """Names and values, one pair a line."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), show_header=False)
    grid.add_column(style="bold")
    grid.add_column()
    for title, text in rows:
        grid.add_row(Text(title), Text(text))
    return _drawn(grid, None, colours=colours)


def _drawn(thing: Any, width: int | None, *, colours: bool) -> str:
    """What rich makes of a thing, without space at the ends of lines."""
    import io

    from rich.console import Console

    console = Console(
        file=io.StringIO(),
        width=width or 10_000,
        force_terminal=colours,
        color_system="standard" if colours else None,
        highlight=False,
        legacy_windows=False,
    )
    with console.capture() as captured:
        console.print(thing, soft_wrap=False)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
