"""Describe the fields of a view by what openapi/spot.yaml says about them, for the reference."""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from rsspot.models.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["fields_section"]

DOCUMENT = Path(__file__).parents[1] / "openapi" / "spot.yaml"


def fields_section(path: str) -> str:
    """Return the section ``Attributes:`` for the view at a path; empty if there is none.

    path: full name of a class, such as ``rsspot.models.cloudspace.Cloudspace``.
    """
    module, _, name = path.rpartition(".")
    kind: Any = getattr(importlib.import_module(module), name, None)
    if View not in getattr(kind, "__mro__", ()):
        return ""
    lines = [f"    {line}" for line in _lines(kind)]
    if not lines:
        return ""
    return "\n".join(["Attributes:", *lines])


def _lines(kind: type[View[Any]]) -> Iterator[str]:
    types = {name: text for base in reversed(kind.__mro__) for name, text in _types(base)}
    for name, field in kind.fields.items():
        text = _description(kind.model, field.path)
        yield f"{name} ({types[name]}): `{'.'.join(field.path)}`{f': {text}' if text else ''}"


def _types(kind: type) -> Iterator[tuple[str, str]]:
    for name, text in vars(kind).get("__annotations__", {}).items():
        found = re.fullmatch(r"Field\[(.*)\]", str(text))
        if found:
            yield name, found[1]


def _description(model: str, path: tuple[str, ...]) -> str:
    if not model:  # a base of several kinds
        return ""
    part: dict[str, Any] = _schemas()[model]
    text = ""
    for key in path:
        part = _resolved(part)["properties"][key]
        text = part.get("description") or _resolved(part).get("description") or ""
    return " ".join(text.split())


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema behind references, and the one of several that is not null."""
    while True:
        options = [each for way in ("oneOf", "anyOf", "allOf") for each in schema.get(way, ())]
        if "$ref" in schema:
            schema = _schemas()[schema["$ref"].rpartition("/")[2]]
        elif options:
            schema = next(each for each in options if each.get("type") != "null")
        else:
            return schema


@cache
def _schemas() -> dict[str, Any]:
    reader: Any = YAML(typ="safe")
    found: dict[str, Any] = reader.load(DOCUMENT.read_text("utf-8"))["components"]["schemas"]
    return found
