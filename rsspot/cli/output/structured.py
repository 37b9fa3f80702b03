"""Results as JSON and YAML: views as the API sends them, records by their fields."""

from __future__ import annotations

import io
import json
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeGuard

from rsspot.models.record import Record
from rsspot.models.shapes import is_mapping, is_sequence
from rsspot.models.view import View

__all__ = ["attributes", "is_view", "plain", "structured"]


def is_view(value: Any) -> TypeGuard[View[Any]]:
    """Whether it is a view."""
    return isinstance(value, View)


def _is_record(value: Any) -> TypeGuard[Record[Any]]:
    return isinstance(value, Record)


def attributes(item: Any) -> list[str]:
    """The names of the fields of an attrs object; empty for anything else."""
    fields = getattr(item, "__attrs_attrs__", ())
    return [field.name for field in fields if not field.name.startswith("_")]


def plain(value: Any) -> Any:
    """What JSON can hold: views are as the API sends them; money stays exact, as text.

    A record is by its fields: its wire form is only a part, and does not say where it belongs.
    """
    if not _is_record(value) and callable(to_dict := getattr(value, "to_dict", None)):
        return to_dict()
    if is_mapping(value):
        return {str(key): plain(item) for key, item in value.items()}
    if is_sequence(value):
        return [plain(item) for item in value]
    if names := attributes(value):
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, datetime) else value


def structured(form: str, data: Any) -> str:
    """JSON or YAML."""
    if form == "json":
        return json.dumps(data, indent=2) + "\n"
    from ruamel.yaml import YAML

    writer: Any = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False
    stream = io.StringIO()
    writer.dump(data, stream)
    return stream.getvalue()
