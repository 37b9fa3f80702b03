"""How OpenAPI writes the value of a parameter into a request (3.1.1, section 4.8.12)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from rsspot.shapes import Json

__all__ = ["Pairs", "in_path", "is_defined", "is_flat", "pairs", "text"]

Pairs = list[tuple[str, str]]

STYLES: dict[str, frozenset[str]] = {
    "path": frozenset({"simple", "label", "matrix"}),
    "query": frozenset({"form", "spaceDelimited", "pipeDelimited", "deepObject"}),
    "header": frozenset({"simple"}),
    "cookie": frozenset({"form"}),
}
"""The styles of each place."""
DELIMITERS = {"form": ",", "simple": ",", "spaceDelimited": " ", "pipeDelimited": "|"}


def text(value: Any) -> str:
    """Return a single value as text of a request."""
    return value if isinstance(value, str) else json.dumps(value)


def is_flat(value: Any) -> bool:
    """Return whether OpenAPI defines how the value is written: no nesting, no null, not empty."""
    if is_object(value) or is_array(value):
        inside = list(value.values()) if is_object(value) else cast("list[Any]", value)
        return bool(inside) and all(isinstance(each, str | int | float) for each in inside)
    return isinstance(value, str | int | float) and value != ""


def is_defined(parameter: Json, value: Any) -> bool:
    """Return whether OpenAPI defines the style for such a value in such a place (3.1.1, 4.8.12)."""
    style = parameter.get("style")
    if style is None:
        return True
    known = STYLES.get(str(parameter.get("in")), frozenset[str]())
    return style in known and (style != "deepObject" or is_object(value))


def _explodes(parameter: Json, style: str) -> bool:
    return bool(parameter.get("explode", style in {"form", "deepObject"}))


def pairs(parameter: Json, value: Any) -> Pairs:
    """Return the name-value pairs of a parameter in the query, in a cookie or in a form."""
    name = str(parameter["name"])
    style = str(parameter.get("style", "form"))
    explode = _explodes(parameter, style)
    if is_object(value):
        if style == "deepObject":
            return [(f"{name}[{key}]", text(each)) for key, each in value.items()]
        if explode:
            return [(key, text(each)) for key, each in value.items()]
        return [(name, _joined(value, DELIMITERS.get(style, ",")))]
    if is_array(value):
        if explode:
            return [(name, text(each)) for each in value]
        return [(name, DELIMITERS.get(style, ",").join(map(text, value)))]
    return [(name, text(value))]


def _joined(value: Json, delimiter: str, equals: str = "") -> str:
    if equals:
        return delimiter.join(f"{key}{equals}{text(each)}" for key, each in value.items())
    return delimiter.join(part for key, each in value.items() for part in (key, text(each)))


def in_path(parameter: Json, value: Any) -> str:
    """Return the text that takes the place of a path parameter, or that is sent as a header."""
    style = str(parameter.get("style", "simple"))
    explode = _explodes(parameter, style)
    escaped = _escaped(value) if parameter.get("in") == "path" else value
    name = str(parameter["name"])
    if style == "matrix":
        return _matrix(name, escaped, explode=explode)
    lead, delimiter = (".", "." if explode else ",") if style == "label" else ("", ",")
    if is_object(escaped):
        return lead + _joined(escaped, delimiter, "=" if explode else "")
    if is_array(escaped):
        return lead + delimiter.join(map(text, escaped))
    return lead + text(escaped)


def _matrix(name: str, value: Any, *, explode: bool) -> str:
    if is_object(value):
        return ";" + (_joined(value, ";", "=") if explode else f"{name}={_joined(value, ',')}")
    if is_array(value):
        each = list(map(text, value))
        return "".join(f";{name}={one}" for one in each) if explode else f";{name}={','.join(each)}"
    return f";{name}={text(value)}"


def _escaped(value: Any) -> Any:
    if is_object(value):
        return {_escaped(key): _escaped(each) for key, each in value.items()}
    if is_array(value):
        return [_escaped(each) for each in value]
    return quote(text(value), safe="")
