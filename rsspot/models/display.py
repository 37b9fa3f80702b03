"""How results are shown: on one line, and as an HTML table in a notebook."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsspot.shapes import is_mapping, is_sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["html_table", "one_line"]


def one_line(kind: type, pairs: Iterable[tuple[str, Any]]) -> str:
    """Return the class and the known values of some fields."""
    known = [f"{name}={_text(value)}" for name, value in pairs if value not in (None, "", ())]
    return f"<{' '.join([kind.__name__, *known])}>"


def html_table(kind: type, pairs: Iterable[tuple[str, Any]]) -> str:
    """Return an HTML table with a row for each field."""
    rows = "".join(
        f"<tr><th style='text-align:left'>{_escaped(name)}</th>"
        f"<td style='text-align:left'>{_cell(value)}</td></tr>"
        for name, value in pairs
    )
    return f"<table><caption>{kind.__name__}</caption>{rows}</table>"


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return f"{value:%Y-%m-%d %H:%M:%S %Z}" if isinstance(value, datetime) else str(value)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if is_mapping(value):
        return "<br>".join(_escaped(f"{key}={item}") for key, item in value.items())
    if is_sequence(value):
        return "<br>".join(map(_cell, value))
    return _escaped(_text(value))


def _escaped(text: str) -> str:
    from html import escape  # only in a notebook

    return escape(text)
