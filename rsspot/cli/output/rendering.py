"""From results to text: one way for all kinds of results and all forms of output."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.cli.output.formatting import NOTHING, cell
from rsspot.cli.output.structured import attributes, is_view, plain, structured
from rsspot.cli.output.table import fields_table, table
from rsspot.models.shapes import is_sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsspot.cli.output.table import Columns
    from rsspot.cli.session import Session

__all__ = ["render", "render_one"]

T = TypeVar("T")

DULL = frozenset({"generation", "resource_version"})
"""Fields that only programs want."""


def render(
    session: Session, items: list[T], columns: Columns[T], name: Callable[[T], object]
) -> str:
    """Some results: a table, a JSON or YAML list, or a name a line."""
    if session.output == "name":
        return "".join(f"{cell(name(item))}\n" for item in items)
    if session.output != "table":
        return structured(session.output, [plain(item) for item in items])
    if not items:
        session.note("Nothing there.")
        return ""
    return table(items, columns, _width(), colours=session.colours(sys.stdout))


def render_one(session: Session, item: object, name: object = None) -> str:
    """One result: its fields one a line, its JSON or YAML, or its name."""
    if session.output == "name":
        return f"{cell(getattr(item, 'name', name))}\n"
    if session.output != "table":
        return structured(session.output, plain(item))
    # Long values are left for the terminal to wrap, so that they can be copied.
    return fields_table(_fields(item), colours=session.colours(sys.stdout))


def _width() -> int | None:
    """How many cells a line has; None where no terminal limits it."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _fields(item: Any) -> Iterator[tuple[str, str]]:
    names = [*item.fields] if is_view(item) else attributes(item)
    for name in names:
        twin = name.removesuffix("_text")
        if name in DULL or (twin != name and twin in names):
            continue
        # What is known as a number and as text is shown as it was written.
        value = getattr(item, f"{name}_text" if f"{name}_text" in names else name)
        text = cell(tuple(map(_brief, value)) if is_sequence(value) else value)
        if text != NOTHING:
            yield twin.replace("_", " "), text


def _brief(item: Any) -> str:
    """A part of a result in a few words."""
    if not is_view(item):
        return cell(item)
    known = (cell(getattr(item, name)) for name in item.shown)
    return " ".join(text for text in known if text != NOTHING)
