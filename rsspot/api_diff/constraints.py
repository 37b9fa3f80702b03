"""What a schema says of its values beyond their types: formats, limits, defaults and so on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rsspot.api_diff.difference import Difference, Level
from rsspot.api_diff.values import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.difference import Place
    from rsspot.api_diff.values import Json

__all__ = ["constraints"]

LOWEST = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
HIGHEST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
WHOLE = (
    "pattern",
    "multipleOf",
    "uniqueItems",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "patternProperties",
    "dependentRequired",
    "dependentSchemas",
    "prefixItems",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contentMediaType",
    "contentEncoding",
    "discriminator",
)
"""Keywords that are compared as they are."""
WIDER = frozenset(
    {("int32", "int64"), ("float", "double"), ("int32", "double"), ("float", "int64")}
)
"""Formats of which the second holds every value of the first."""


def constraints(one: Json, other: Json, place: Place) -> Iterator[Difference]:
    """The differences between two merged schemas in these keywords; `one` is ours."""
    yield from _format(one.get("format"), other.get("format"), place)
    one, other = _limits(one), _limits(other)
    for keys, sign in ((LOWEST, 1), (HIGHEST, -1)):
        for key in keys:
            ours, upstream = one.get(key), other.get(key)
            if ours != upstream:
                tighter = _is_tighter(ours, upstream, sign)
                yield _said(key, ours, upstream, place, breaking=place.sent and tighter)
    for key in WHOLE:
        ours, upstream = one.get(key) or None, other.get(key) or None
        if ours != upstream:
            yield _said(key, ours, upstream, place, breaking=place.sent and upstream is not None)
    yield from _default(one, other, place)
    yield from _further(one, other, place)
    if other.get("deprecated") is True and one.get("deprecated") is not True:
        yield Difference(Level.COMPATIBLE, "deprecated", place.where, "in use", "deprecated")


def _said(key: str, ours: Any, upstream: Any, place: Place, *, breaking: bool) -> Difference:
    level = Level.BREAKING if breaking else Level.COMPATIBLE
    return Difference(level, key, place.where, _text(ours), _text(upstream))


def _text(value: Any) -> str:
    return "not mentioned" if value is None else json.dumps(value, ensure_ascii=False)


def _limits(schema: Json) -> Json:
    """The limits as OpenAPI 3.1 writes them; those that exclude nothing are left out."""
    made = {key: value for key, value in schema.items() if value not in ([], {})}
    for exclusive, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if made.get(exclusive) is True and plain in made:
            made[exclusive] = made.pop(plain)
        elif isinstance(made.get(exclusive), bool):
            del made[exclusive]
    for key in ("minLength", "minItems", "minProperties"):
        if made.get(key) == 0:
            del made[key]
    return made


def _is_tighter(ours: Any, upstream: Any, sign: int) -> bool:
    if ours is None or upstream is None:
        return upstream is not None
    try:
        return bool(sign * (upstream - ours) > 0)
    except TypeError:
        return True


def _format(ours: Any, upstream: Any, place: Place) -> Iterator[Difference]:
    if ours == upstream:
        return
    narrow, wide = (ours, upstream) if place.sent else (upstream, ours)
    safe = wide is None or (narrow, wide) in WIDER
    level = Level.COMPATIBLE if safe else Level.BREAKING
    yield Difference(level, "format", place.where, str(ours or "none"), str(upstream or "none"))


def _default(one: Json, other: Json, place: Place) -> Iterator[Difference]:
    if one.get("default") != other.get("default") or ("default" in one) != ("default" in other):
        both = "default" in one and "default" in other
        ours, upstream = (
            _text(each["default"]) if "default" in each else "not mentioned"
            for each in (one, other)
        )
        level = Level.BREAKING if both and place.sent else Level.COMPATIBLE
        yield Difference(level, "default", place.where, ours, upstream)


def _further(one: Json, other: Json, place: Place) -> Iterator[Difference]:
    """Members beyond the properties: allowed where nothing is said of them."""
    ours, upstream = (_beyond(each) for each in (one, other))
    if ours == upstream or not any("object" in _types(each) for each in (one, other)):
        return
    narrower = upstream == "none" or ours == "any"
    level = Level.BREAKING if place.sent and narrower else Level.COMPATIBLE
    yield Difference(level, "additionalProperties", place.where, ours, upstream)


def _beyond(schema: Json) -> str:
    value: Any = schema.get("additionalProperties", True)
    if is_object(value) and value:
        return "described"
    return "none" if value is False else "any"


def _types(schema: Json) -> Any:
    if "properties" in schema or "additionalProperties" in schema:
        return "object"
    return schema.get("type") or ()
