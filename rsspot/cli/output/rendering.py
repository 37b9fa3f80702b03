"""Turn results into text: tables, JSON, YAML, CSV, names, or values at a JSONPath."""

from __future__ import annotations

import io
import json
import sys
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard, TypeVar

from rsspot.cli.output.formatting import NOTHING, format_memory, format_value
from rsspot.cli.output.selection import choose, order, pick
from rsspot.cli.output.table import fields_table, read, table
from rsspot.errors import InvalidInput
from rsspot.models.quantities import read_memory
from rsspot.models.view import View
from rsspot.shapes import is_mapping, is_sequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rsspot.cli.output.column import Columns
    from rsspot.models.record import Record

__all__ = ["Form", "dump", "render", "render_one", "terminal_width", "to_json"]

T = TypeVar("T")

HIDDEN = frozenset({"generation", "resource_version"})
"""Fields that only programs need."""


class Form(NamedTuple):
    """How to show results.

    output: `table`, `wide`, `csv`, `json`, `yaml`, `name` or `jsonpath=…`.
    columns: titles of columns, separated by commas, of a table, wide table or CSV.
    sort: the title of the column to sort a list by, with `-` before it for the reverse order.
    headers: whether tables and CSV begin with the titles of the columns.
    """

    output: str = "table"
    columns: str | None = None
    sort: str | None = None
    headers: bool = True
    color: bool = False

    @property
    def is_table(self) -> bool:
        """Whether the output is for people."""
        return self.output in {"table", "wide"}

    @property
    def width(self) -> int | None:
        """The width that a table may have; None: any."""
        return None if self.output == "wide" else terminal_width()

    def check(self, *, one: bool) -> None:
        """Refuse options that do not fit together. Raises `InvalidInput`."""
        if self.columns is not None and not (self.is_table or self.output == "csv"):
            raise InvalidInput(
                f"--columns does not apply to -o {self.output.partition('=')[0]}",
                argument="--columns",
                hint="Use it with -o table, wide or csv; -o jsonpath=… chooses fields",
            )
        if one and self.sort is not None:
            raise InvalidInput(
                "--sort does not apply to a single object",
                argument="--sort",
                hint="Use it with a command that shows a list",
            )


def render(items: list[T], columns: Columns[T], name: Callable[[T], object], form: Form) -> str:
    """Return a list in the form that was chosen. Raises `InvalidInput`."""
    form.check(one=False)
    if form.sort is not None:
        items = order(items, columns, form.sort)
    chosen = columns if form.columns is None else choose(columns, form.columns)
    if form.output == "name":
        return "".join(f"{format_value(name(item))}\n" for item in items)
    if form.output == "csv":
        titles = [column.title for column in chosen] if form.headers else None
        return _csv(titles, ([read(column, item) for column in chosen] for item in items))
    if form.output.startswith("jsonpath="):
        # As for kubectl, the items are in a list object.
        return dump(form.output, {"items": [to_json(item) for item in items]})
    if not form.is_table:
        return dump(form.output, [to_json(item) for item in items])
    if form.columns is not None:  # what was asked for is not hidden
        chosen = tuple(column.always_shown() for column in chosen)
    return table(items, chosen, form.width, color=form.color, headers=form.headers)


def render_one(
    item: object, form: Form, name: object = None, more: Iterable[tuple[str, object]] = ()
) -> str:
    """Return one object in the form that was chosen; a table is its fields, one per line."""
    form.check(one=True)
    if form.output == "name":
        return f"{format_value(getattr(item, 'name', name))}\n"
    if not form.is_table and form.output != "csv":
        return dump(form.output, to_json(item))
    known = [(title, value) for title, value in more if value is not None]
    fields = [*_fields(item), *known]
    if form.columns is not None:
        titles = [title for title, _ in fields]
        fields = [fields[pick("--columns", titles, title)] for title in form.columns.split(",")]
    if form.output == "csv":
        head = [title.replace(" ", "_") for title, _ in fields] if form.headers else None
        return _csv(head, [[value for _, value in fields]])
    pairs = [(title, format_value(value)) for title, value in fields]
    return fields_table(pairs, color=form.color, width=form.width)


def _csv(titles: list[str] | None, rows: Iterable[Sequence[Any]]) -> str:
    """Return CSV (RFC 4180) with exact values: full ids, plain numbers, times in ISO 8601."""
    import csv

    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    if titles is not None:
        writer.writerow(titles)
    writer.writerows([_exact(value) for value in row] for row in rows)
    return stream.getvalue()


def _exact(value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    text = format_value(value)
    return "" if text == NOTHING else text


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
    """Write data as JSON or YAML, or what a path finds in it. Raises `InvalidInput`."""
    if form.startswith("jsonpath="):
        from rsspot.cli.output.jsonpath import compile_template

        return compile_template(form.removeprefix("jsonpath=")).write(data)
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
    if not hasattr(value, "__attrs_attrs__"):
        return False
    from rsspot.models.record import Record  # loads attrs, which the quick path does without

    return isinstance(value, Record)


def _attributes(item: Any) -> list[str]:
    """Return the names of the fields of an attrs object; empty for anything else."""
    fields = getattr(item, "__attrs_attrs__", ())
    return [field.name for field in fields if not field.name.startswith("_")]


def terminal_width() -> int | None:
    """Return the width of the terminal; None where there is none."""
    if not sys.stdout.isatty():
        return None
    import shutil  # it loads what unpacks archives

    return shutil.get_terminal_size().columns


def _fields(item: Any) -> Iterator[tuple[str, Any]]:
    """Yield the names and values of the fields that have one."""
    names = [*item.fields] if _is_view(item) else _attributes(item)
    for name in names:
        base = name.removesuffix("_text")
        if name in HIDDEN or (base != name and base in names):
            continue
        value = getattr(item, name)
        if _is_memory(item, name):
            value = format_memory(value)
        if value is None and f"{name}_text" in names:
            value = getattr(item, f"{name}_text")
        if is_sequence(value):
            value = tuple(map(_summary, value))
        if format_value(value) != NOTHING:
            yield base.replace("_", " "), value


def _is_memory(item: Any, name: str) -> bool:
    if not _is_view(item):
        return name == "memory"
    return item.fields[name].read is read_memory


def _summary(item: Any) -> str:
    """Describe a nested object in a few words."""
    if not _is_view(item):
        return format_value(item)
    known = (format_value(getattr(item, name)) for name in item.shown)
    return " ".join(text for text in known if text != NOTHING)
