"""Tables that fit the terminal: each column reads its value from an item."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsspot.cli.output.formatting import NOTHING, UNREADABLE, format_money, format_value
from rsspot.cli.output.layout import GAP, Shown, fit
from rsspot.cli.output.text_width import cell_width, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from rsspot.cli.output.column import Column, Columns, T

__all__ = ["fields_table", "read", "table"]


COLORS = {
    "green": {"ready", "running", "won", "winning", "healthy", "active", "registered", "fulfilled"},
    "red": {"error", "failed", "lost", "losing", "outbid", "unhealthy"},
}
COLOR_OF = {word: color for color, words in COLORS.items() for word in words}
CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


def table(
    items: Sequence[T],
    columns: Columns[T],
    width: int | None,
    *,
    color: bool,
    headers: bool = True,
) -> str:
    """Return the items as a table of at most `width` characters (None: no limit)."""
    candidates: list[Shown] = []
    for column in columns:
        values = [read(column, item) for item in items]
        if column.optional and all(value in (None, "", ()) for value in values):
            continue
        texts, numbers = _format(values, column.format)
        candidates.append(Shown(column, texts, column.right or numbers))
    shown, hidden = fit(candidates, width)
    titles = [wrap(one.column.title, one.width) for one in shown]
    lines = [_line(titles, shown, ["bold"] * len(shown), color)]
    for at, item in enumerate(items):
        cells = [wrap(one.texts[at], one.width) for one in shown]
        styles = [_style(one.column, item, one.texts[at]) for one in shown]
        lines.append(_line(cells, shown, styles, color))
    text = "".join(lines if headers else lines[1:])
    return text if width is None else text + _below(hidden, shown[0].texts, width, color)


def _below(
    hidden: Sequence[Shown],
    names: Sequence[str],
    width: int,
    color: bool,  # noqa: FBT001 - of this module only
) -> str:
    """Return the notes on columns that do not fit."""
    notes = [
        (f"{name}: {text}", "yellow")
        for item in hidden
        if item.column.below
        for name, text in zip(names, item.texts, strict=True)
        if text != NOTHING
    ]
    if titles := ", ".join(item.column.title for item in hidden if not item.column.below):
        notes.append((f"(too narrow for {titles}; -o wide shows everything)", "dim"))
    return "".join(
        f"{_paint(line, style, color)}\n" for note, style in notes for line in wrap(note, width)
    )


class _Unreadable:
    def __str__(self) -> str:
        return UNREADABLE


def read(column: Column[T], item: T) -> Any:
    """Return the value of an item in a column; one that cannot be read is shown as such."""
    try:
        return column.read(item)
    except Exception:  # noqa: BLE001 - one bad value must not hide the list
        return _Unreadable()


def _format(
    values: list[Any], chosen: Callable[[Any], str | None] | None
) -> tuple[list[str], bool]:
    """Return the texts of a column, and whether they are numbers."""
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, Decimal) for value in known):
        return format_money(values), True
    numbers = bool(known) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in known
    )
    if chosen is not None and (numbers or all(isinstance(value, datetime) for value in known)):
        return [
            format_value(value if value is None else chosen(value)) for value in values
        ], numbers
    return [format_value(value) for value in values], numbers


def _line(
    cells: Sequence[list[str]],
    shown: Sequence[Shown],
    styles: Sequence[str],
    color: bool,  # noqa: FBT001 - of this module only
) -> str:
    """Return one row, as many lines high as its highest cell."""
    text = ""
    for at in range(max(map(len, cells), default=0)):
        parts = [
            _cell(lines[at] if at < len(lines) else "", one, style, color)
            for lines, one, style in zip(cells, shown, styles, strict=True)
        ]
        text += f"{(' ' * GAP).join(parts).rstrip()}\n"
    return text


def _cell(text: str, shown: Shown, style: str, color: bool) -> str:  # noqa: FBT001 - see above
    spaces = " " * (shown.width - cell_width(text))
    painted = _paint(text, style, color)
    return f"{spaces}{painted}" if shown.right else f"{painted}{spaces}"


def _paint(text: str, style: str, color: bool) -> str:  # noqa: FBT001 - of this module only
    return f"\x1b[{CODES[style]}m{text}\x1b[0m" if color and style and text else text


def _style(column: Column[T], item: T, text: str) -> str:
    if column.color is not None:
        try:
            return column.color(item)
        except Exception:  # noqa: BLE001 - as in `read`
            return ""
    if not column.colored or text == NOTHING:
        return ""
    return COLOR_OF.get(text.partition(" ")[0].casefold(), "yellow")


def fields_table(rows: Iterable[tuple[str, str]], *, color: bool, width: int | None = None) -> str:
    """Return names and values, one pair per line; values are wrapped at words."""
    pairs = [*rows]
    indent = max((cell_width(title) for title, _ in pairs), default=0)
    text = ""
    for title, value in pairs:
        first, *more = [value] if width is None else wrap(value, width - indent - GAP, split=False)
        head = _paint(title, "bold", color) + " " * (indent - cell_width(title) + GAP)
        text += f"{head}{first}".rstrip() + "\n"
        text += "".join(f"{' ' * (indent + GAP)}{line}\n" for line in more)
    return text
