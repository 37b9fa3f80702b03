"""Compare two schemas, in the direction in which their values travel."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rsspot.api_diff.difference import (
    Difference,
    Level,
    Place,
    enums,
    lacking,
    necessity,
    required,
    types,
)
from rsspot.api_diff.nodes import resolve
from rsspot.api_diff.schemas import Shape, alternatives, merged, name_of, shape
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.shapes import Json

__all__ = [
    "SchemaComparison",
    "constraints",
]

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
"""Pairs of formats: every value of the first is valid in the second."""


def constraints(one: Json, other: Json, place: Place) -> Iterator[Difference]:
    """Yield the differences of two merged schemas in these keywords; `one` is ours."""
    yield from _format(one.get("format"), other.get("format"), place)
    one, other = _limits(one), _limits(other)
    for keys, sign in ((LOWEST, 1), (HIGHEST, -1)):
        for key in keys:
            ours, upstream = one.get(key), other.get(key)
            if ours != upstream:
                tighter = _is_tighter(ours, upstream, sign)
                yield _difference(key, ours, upstream, place, breaking=place.sent and tighter)
    for key in WHOLE:
        ours, upstream = one.get(key) or None, other.get(key) or None
        if ours != upstream:
            yield _difference(
                key, ours, upstream, place, breaking=place.sent and upstream is not None
            )
    yield from _default(one, other, place)
    yield from _further(one, other, place)
    if other.get("deprecated") is True and one.get("deprecated") is not True:
        yield Difference(Level.COMPATIBLE, "deprecated", place.where, "in use", "deprecated")


def _difference(key: str, ours: Any, upstream: Any, place: Place, *, breaking: bool) -> Difference:
    level = Level.BREAKING if breaking else Level.COMPATIBLE
    return Difference(level, key, place.where, _text(ours), _text(upstream))


def _text(value: Any) -> str:
    return "not mentioned" if value is None else json.dumps(value, ensure_ascii=False)


def _limits(schema: Json) -> Json:
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
    """Compare members beyond the properties: allowed unless the schema forbids them."""
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


class SchemaComparison:
    """Two documents, and the pairs of named schemas that were compared already."""

    def __init__(self, ours: Json, upstream: Json) -> None:
        self.ours = ours
        self.upstream = upstream
        self._seen: set[tuple[int, int, bool, bool]] = set()

    def differences(self, ours: Json, upstream: Json, place: Place) -> Iterator[Difference]:
        """Yield the differences that a program built on our schema would notice."""
        one, other = shape(self.ours, ours), shape(self.upstream, upstream)
        if name := name_of(ours):
            place = Place(name, place.sent, evidence=place.evidence or one.evidence)
            left, right = resolve(self.ours, ours), resolve(self.upstream, upstream)
            key = id(left), id(right), place.sent, place.evidence
            if key in self._seen:
                return
            self._seen.add(key)
        yield from types(one, other, place)
        if pairs := self._alternatives(ours, upstream):
            yield from self._choices(ours, upstream, place)
            for pair in pairs:
                yield from self.differences(*pair, place)
            return
        left, right = merged(self.ours, ours), merged(self.upstream, upstream)
        yield from constraints(left, right, place)
        yield from enums(one, other, place)
        if one.items is not None and other.items is not None:
            inside = place.within("[]", evidence=False)
            yield from self.differences(one.items, other.items, inside)
        if one.values is not None and other.values is not None:
            inside = place.within("{}", evidence=False)
            yield from self.differences(one.values, other.values, inside)
        if other.properties or one.properties:
            yield from self._properties(one, other, place)

    def _choices(self, ours: Json, upstream: Json, place: Place) -> Iterator[Difference]:
        """Compare the number of alternatives: one more to read or one less to send is breaking."""
        left, right = len(_choices(ours)), len(_choices(upstream))
        more = right > left
        if left == right or not (place.sent or more):
            return
        level = Level.BREAKING if more is not place.sent else Level.COMPATIBLE
        yield Difference(level, "alternatives", place.where, str(left), str(right))

    def _alternatives(self, ours: Json, upstream: Json) -> list[tuple[Json, Json]]:
        """Compare each alternative of ours with the most similar one of the other document."""
        left, right = _choices(ours), _choices(upstream)
        if len(left) * len(right) == 1:
            return []
        if len(left) < len(right):
            return [(_nearest(self.ours, left, self.upstream, each), each) for each in right]
        if len(right) > 1:
            return [(each, _nearest(self.upstream, right, self.ours, each)) for each in left]
        return [(_nearest(self.ours, left, self.upstream, upstream), upstream)]

    def _properties(self, one: Shape, other: Shape, place: Place) -> Iterator[Difference]:
        # An object without a description cannot contradict another description.
        opaque = not other.properties
        for name in one.properties.keys() | other.properties.keys():
            ours, upstream = one.properties.get(name), other.properties.get(name)
            known = shape(self.ours, ours) if ours else Shape()
            theirs = shape(self.upstream, upstream) if upstream else Shape()
            inside = place.within(f".{name}", evidence=known.evidence)
            if ours is not None and upstream is not None:
                yield from _compare_direction(known, theirs, inside)
            if not (known.sent if place.sent else known.read):
                continue
            if not (theirs.sent if place.sent else theirs.read):
                continue
            if upstream is None:
                level = Level.COMPATIBLE if opaque else lacking(evidence=inside.evidence)
                said = necessity(needed=name in one.required)
                yield Difference(level, "property", inside.where, said, "absent")
            elif ours is None:
                needed = name in other.required
                level = Level.BREAKING if needed and place.sent else Level.ADDITION
                said = necessity(needed=needed)
                yield Difference(level, "property", inside.where, "absent", said)
            else:
                yield from required(
                    inside, ours=name in one.required, upstream=name in other.required
                )
                yield from self.differences(ours, upstream, inside)


def _compare_direction(one: Shape, other: Shape, place: Place) -> Iterator[Difference]:
    """Compare whether a property is only read, or only sent."""
    for kind, ours, upstream, way in (
        ("readOnly", one.sent, other.sent, place.sent),
        ("writeOnly", one.read, other.read, not place.sent),
    ):
        if ours != upstream and way:
            # What we send may be refused or ignored if the other document only returns it.
            level = Level.BREAKING if ours else Level.ADDITION
            said = [str(not each).lower() for each in (ours, upstream)]
            yield Difference(level, kind, place.where, *said)


def _choices(node: Json) -> list[Json]:
    """Return the alternatives that are not `null`, or the schema itself if it has none."""
    return [each for each in alternatives(node) if each.get("type") != "null"] or [node]


def _nearest(root: Json, choices: list[Json], other_root: Json, other: Json) -> Json:
    """Return the one that shares the most properties, then types, with the other schema."""
    wanted = shape(other_root, other)

    def shared(each: Json) -> tuple[int, int]:
        found = shape(root, each)
        common = len(found.properties.keys() & wanted.properties.keys())
        differing = len(found.properties.keys() ^ wanted.properties.keys())
        return common - differing, len(found.types & wanted.types)

    return max(choices, key=shared)
