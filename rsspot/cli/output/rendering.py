"""Turn results into text: tables, JSON, YAML, or names."""

from __future__ import annotations

import io
import json
import shutil
import sys
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeGuard, TypeVar

from rsspot.cli.output.formatting import NOTHING, format_value
from rsspot.cli.output.table import fields_table, table
from rsspot.models.record import Record
from rsspot.models.view import View
from rsspot.shapes import is_mapping, is_sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsspot.cli.output.table import Columns

__all__ = ["render", "render_one", "to_json"]

T = TypeVar("T")

HIDDEN = frozenset({"generation", "resource_version"})
"""Fields that only programs need."""


def render(
    items: list[T], columns: Columns[T], name: Callable[[T], object], *, form: str, color: bool
) -> str:
    """Return a list as a table, a JSON or YAML list, or one name per line."""
    if form == "name":
        return "".join(f"{format_value(name(item))}\n" for item in items)
    if form != "table":
        return dump(form, [to_json(item) for item in items])
    return table(items, columns, _width(), color=color)


def render_one(item: object, name: object = None, *, form: str, color: bool) -> str:
    """Return one object as its fields, one per line, as JSON or YAML, or as its name."""
    if form == "name":
        return f"{format_value(getattr(item, 'name', name))}\n"
    if form != "table":
        return dump(form, to_json(item))
    # The terminal wraps long values, so that they can be copied.
    return fields_table(_fields(item), color=color)


def to_json(value: Any) -> Any:
    """Convert a result to what JSON can hold: a view as the API sends it, money as exact text.

    A record is written by its fields: its wire form is only a part of a response.
    """
    if not _is_record(value) and callable(to_dict := getattr(value, "to_dict", None)):
        return to_dict()
    if is_mapping(value):
        return {str(key): to_json(item) for key, item in value.items()}
    if is_sequence(value):
        return [to_json(item) for item in value]
    if names := _attributes(value):
        return {name: to_json(getattr(value, name)) for name in names}
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, datetime) else value


def dump(form: str, data: Any) -> str:
    """Write data as JSON or YAML."""
    if form == "json":
        return json.dumps(data, indent=2) + "\n"
    from ruamel.yaml import YAML

    writer: Any = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False
    stream = io.StringIO()
    writer.dump(data, stream)
    return stream.getvalue()


def _is_view(value: Any) -> TypeGuard[View[Any]]:
    return isinstance(value, View)


def _is_record(value: Any) -> TypeGuard[Record[Any]]:
    return isinstance(value, Record)


def _attributes(item: Any) -> list[str]:
    """Return the names of the fields of an attrs object; empty for anything else."""
    fields = getattr(item, "__attrs_attrs__", ())
    return [field.name for field in fields if not field.name.startswith("_")]


def _width() -> int | None:
    """Return the width of the terminal; None where there is none."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _fields(item: Any) -> Iterator[tuple[str, str]]:
    names = [*item.fields] if _is_view(item) else _attributes(item)
    for name in names:
        base = name.removesuffix("_text")
        if name in HIDDEN or (base != name and base in names):
            continue
        # A value that is known as a number and as text is shown as the API wrote it.
        value = getattr(item, f"{name}_text" if f"{name}_text" in names else name)
        text = format_value(tuple(map(_summary, value)) if is_sequence(value) else value)
        if text != NOTHING:
            yield base.replace("_", " "), text


def _summary(item: Any) -> str:
    """Describe a nested object in a few words."""
    if not _is_view(item):
        return format_value(item)
    known = (format_value(getattr(item, name)) for name in item.shown)
    return " ".join(text for text in known if text != NOTHING)
