"""Tables that fit the terminal: columns read their values and are hidden by rank."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from attrs import frozen

from rsspot.cli.output.formatting import UNREADABLE, format_money, format_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

__all__ = ["Column", "Columns", "fields_table", "table"]

T = TypeVar("T")

GAP = 2
COLORS = {
    "green": {"ready", "running", "won", "winning", "healthy", "active", "registered", "fulfilled"},
    "red": {"error", "failed", "lost", "losing", "outbid", "unhealthy"},
}
COLOR_OF = {word: color for color, words in COLORS.items() for word in words}


@frozen
class Column(Generic[T]):
    """One column. On a narrow terminal the highest `rank` is hidden first; 0 is always shown."""

    title: str
    read: Callable[[T], Any]
    rank: int = 0
    right: bool = False
    colored: bool = False


Columns: TypeAlias = tuple[Column[T], ...]


def table(items: Sequence[T], columns: Columns[T], width: int | None, *, color: bool) -> str:
    """Return the items as a table of at most `width` characters (None: no limit)."""
    from rich.cells import cell_len

    formatted = [_format([_read(column, item) for item in items]) for column in columns]
    widths = [
        max(map(cell_len, (column.title, *texts)))
        for column, (texts, _) in zip(columns, formatted, strict=True)
    ]
    shown, hidden = _choose_columns([column.rank for column in columns], widths, width)
    lines = _lines([columns[at] for at in shown], [formatted[at] for at in shown], width, color)
    if hidden:
        titles = ", ".join(columns[at].title for at in hidden)
        note = f"(too narrow for {titles}; --output json shows everything)"
        lines += f"\x1b[2m{note}\x1b[0m\n" if color else f"{note}\n"
    return lines


class _Unreadable:
    def __str__(self) -> str:
        return UNREADABLE


def _read(column: Column[T], item: T) -> Any:
    try:
        return column.read(item)
    except Exception:  # noqa: BLE001 - one bad value must not hide the list
        return _Unreadable()


def _format(values: list[Any]) -> tuple[list[str], bool]:
    """Return the texts of a column, and whether they are numbers."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, Decimal) for value in known):
        return format_money(values), True
    numbers = bool(known) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in known
    )
    return [format_value(value) for value in values], numbers


def _choose_columns(
    ranks: list[int], widths: list[int], width: int | None
) -> tuple[list[int], list[int]]:
    """Return the columns that are shown and those that are hidden."""
    shown = [*range(len(ranks))]
    while width is not None and sum(widths[at] + GAP for at in shown) - GAP > width:
        last = max(shown, key=lambda at: (ranks[at], at))
        if ranks[last] == 0:
            break
        shown.remove(last)
    return shown, [at for at in range(len(ranks)) if at not in shown]


def _lines(
    columns: Sequence[Column[T]],
    formatted: list[tuple[list[str], bool]],
    width: int | None,
    color: bool,  # noqa: FBT001 - of this module only
) -> str:
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), header_style="bold")
    for column, (_, numbers) in zip(columns, formatted, strict=True):
        right = column.right or numbers
        grid.add_column(Text(column.title), justify="right" if right else "left", overflow="fold")
    for row in zip(*(texts for texts, _ in formatted), strict=True):
        cells = [
            Text(text, style=_color(text) if column.colored else "")
            for column, text in zip(columns, row, strict=True)
        ]
        grid.add_row(*cells)
    return _print(grid, width, color=color)


def _color(text: str) -> str:
    return COLOR_OF.get(text.partition(" ")[0].casefold(), "yellow" if text != "-" else "")


def fields_table(rows: Iterable[tuple[str, str]], *, color: bool) -> str:
    """Return names and values, one pair per line."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, padding=(0, GAP, 0, 0), show_header=False)
    grid.add_column(style="bold")
    grid.add_column()
    for title, text in rows:
        grid.add_row(Text(title), Text(text))
    return _print(grid, None, color=color)


def _print(renderable: Any, width: int | None, *, color: bool) -> str:
    """Return the output of rich, without space at the ends of lines."""
    import io

    from rich.console import Console

    console = Console(
        file=io.StringIO(),
        width=width or 10_000,
        force_terminal=color,
        color_system="standard" if color else None,
        highlight=False,
        legacy_windows=False,
    )
    with console.capture() as captured:
        console.print(renderable, soft_wrap=False)
    return "".join(f"{line.rstrip()}\n" for line in captured.get().splitlines())
