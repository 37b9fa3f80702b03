"""Compare the keywords of two merged schemas that limit or describe a single value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.api_diff.difference import Difference, Level, deprecations
from rsspot.api_diff.forms import SCHEMAS, as_text, form
from rsspot.api_diff.leftovers import other_keys
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.difference import Place
    from rsspot.shapes import Json

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
"""Keywords that are compared as a whole."""
COMPARED = frozenset(
    {"$ref", "type", "nullable", "enum", "const", "properties", "required", "items", "allOf"}
    | {"additionalProperties", "oneOf", "anyOf", "readOnly", "writeOnly", "deprecated", "default"}
    | {"format", *LOWEST, *HIGHEST, *WHOLE, *SCHEMAS}
)
"""Keywords that are compared one by one, here or elsewhere."""
WIDER = frozenset(
    {("int32", "int64"), ("float", "double"), ("int32", "double"), ("float", "int64")}
)
"""Pairs of formats: every value of the first is valid in the second."""


def constraints(
    ours: tuple[Json, Json], upstream: tuple[Json, Json], place: Place
) -> Iterator[Difference]:
    """Yield the differences in these keywords; each side is a document and its merged schema."""
    (one_root, one), (other_root, other) = ours, upstream
    yield from _format_differences(one.get("format"), other.get("format"), place)
    yield from other_keys(place.where, ours, upstream, COMPARED)
    one, other = _normal_limits(one), _normal_limits(other)
    for keys, sign in ((LOWEST, 1), (HIGHEST, -1)):
        for key in keys:
            least, most = one.get(key), other.get(key)
            if least != most:
                tighter = _is_tighter(least, most, sign)
                yield _difference(key, least, most, place, breaking=place.sent and tighter)
    for key in WHOLE:
        mine = _normal_value(one_root, key, one.get(key))
        theirs = _normal_value(other_root, key, other.get(key))
        if mine != theirs:
            yield _difference(key, mine, theirs, place, breaking=place.sent and theirs is not None)
    yield from _default_differences(one, other, place)
    yield from _additional_properties(one, other, place)
    yield from deprecations(place.where, one, other)


def _difference(key: str, ours: Any, upstream: Any, place: Place, *, breaking: bool) -> Difference:
    level = Level.BREAKING if breaking else Level.COMPATIBLE
    return Difference(level, key, place.where, as_text(ours), as_text(upstream))


def _normal_value(root: Json, key: str, value: Any) -> Any:
    """Return the value of a keyword in a normal form; None if it excludes nothing."""
    if key == "uniqueItems":
        return value or None
    is_empty = value is None or value is True or value == [] or (value == {} and key != "not")
    return None if is_empty else form(root, {key: value})[key]


def _normal_limits(schema: Json) -> Json:
    """Return the limits in the form of OpenAPI 3.1, without those that exclude nothing."""
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


def _format_differences(ours: Any, upstream: Any, place: Place) -> Iterator[Difference]:
    if ours == upstream:
        return
    narrow, wide = (ours, upstream) if place.sent else (upstream, ours)
    safe = wide is None or (narrow, wide) in WIDER
    level = Level.COMPATIBLE if safe else Level.BREAKING
    yield Difference(level, "format", place.where, str(ours or "none"), str(upstream or "none"))


def _default_differences(one: Json, other: Json, place: Place) -> Iterator[Difference]:
    if one.get("default") != other.get("default") or ("default" in one) != ("default" in other):
        both = "default" in one and "default" in other
        ours, upstream = (
            as_text(each["default"]) if "default" in each else "not mentioned"
            for each in (one, other)
        )
        level = Level.BREAKING if both and place.sent else Level.COMPATIBLE
        yield Difference(level, "default", place.where, ours, upstream)


def _additional_properties(one: Json, other: Json, place: Place) -> Iterator[Difference]:
    """Compare `additionalProperties`, which are allowed unless the schema forbids them."""
    ours, upstream = (_allowed_additions(each) for each in (one, other))
    if ours == upstream or not any("object" in _types(each) for each in (one, other)):
        return
    narrower = upstream == "none" or ours == "any"
    level = Level.BREAKING if place.sent and narrower else Level.COMPATIBLE
    yield Difference(level, "additionalProperties", place.where, ours, upstream)


def _allowed_additions(schema: Json) -> str:
    value: Any = schema.get("additionalProperties", True)
    if is_object(value) and value:
        return "described"
    return "none" if value is False else "any"


def _types(schema: Json) -> Any:
    if "properties" in schema or "additionalProperties" in schema:
        return "object"
    return schema.get("type") or ()
