"""Compare two schemas, in the direction in which their values travel."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

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
from rsspot.api_diff.forms import WORDS, as_text, form
from rsspot.api_diff.keywords import constraints
from rsspot.api_diff.nodes import resolve
from rsspot.api_diff.schemas import ONE_OF, Shape, alternatives, merged, name_of, shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.shapes import Json

__all__ = ["SchemaComparison"]
TWO = 2
"""One alternative on each side: the schemas themselves."""


class SchemaComparison:
    """Two documents, and the pairs of named schemas that were compared already."""

    def __init__(self, ours: Json, upstream: Json) -> None:
        self.ours = ours
        self.upstream = upstream
        self._seen: set[tuple[int, int, bool, bool]] = set()
        self._paired: set[tuple[int, int, Place]] = set()
        self._kept: list[Json] = []  # so that no other object gets the id of one of them

    def differences(self, ours: Json, upstream: Json, place: Place) -> Iterator[Difference]:
        """Yield the differences that a program built on our schema would notice."""
        one, other = shape(self.ours, ours), shape(self.upstream, upstream)
        if name := name_of(ours):
            if not _has_more_than_reference(ours):
                place = Place(name, place.sent, evidence=place.evidence or one.evidence)
            pair = [
                each if _has_more_than_reference(each) else resolve(root, each)
                for root, each in ((self.ours, ours), (self.upstream, upstream))
            ]
            key = id(pair[0]), id(pair[1]), place.sent, place.evidence
            if key in self._seen:
                return
            self._seen.add(key)
            self._kept += pair
        if {"$ref"} <= ours.keys() & upstream.keys():
            yield from self._name_differences(ours, upstream, place)
        yield from types(one, other, place)
        left, right = merged(self.ours, ours), merged(self.upstream, upstream)
        if len(_choices(left)) + len(_choices(right)) > TWO:
            yield from self._alternatives(left, right, place)
            return
        yield from constraints((self.ours, left), (self.upstream, right), place)
        yield from enums(one, other, place)
        if one.items is not None or other.items is not None:
            inside = place.within("[]", evidence=False)
            yield from self.differences(one.items or {}, other.items or {}, inside)
        if one.values is not None and other.values is not None:
            inside = place.within("{}", evidence=False)
            yield from self.differences(one.values, other.values, inside)
        yield from self._properties(one, other, place)

    def _name_differences(self, ours: Json, upstream: Json, place: Place) -> Iterator[Difference]:
        """Compare the names of schemas, which are the names of classes."""
        pairs = (self.ours, ours), (self.upstream, upstream)
        one, other = (
            str(resolve(root, each).get("title") or each["$ref"].rpartition("/")[2])
            for root, each in pairs
        )
        if one != other:
            yield Difference(Level.COMPATIBLE, "name", place.where, one, other)

    def _alternatives(self, ours: Json, upstream: Json, place: Place) -> Iterator[Difference]:
        """Compare the most similar alternatives, and the keywords that all of them share."""
        left, right = _choices(ours), _choices(upstream)
        key = id(left[0]), id(right[0]), place
        if key in self._paired:
            return
        self._paired.add(key)
        self._kept += [left[0], right[0]]
        if len(left) > 1 and len(right) > 1:
            yield from self.differences(
                _without_alternatives(ours), _without_alternatives(upstream), place
            )
            kinds = [
                " and ".join(key for key in ONE_OF if key in each) for each in (ours, upstream)
            ]
            if kinds[0] != kinds[1]:
                yield Difference(Level.COMPATIBLE, "alternatives", place.where, *kinds)
        else:
            left, right = _with_common_keywords(ours, left), _with_common_keywords(upstream, right)
        for one, other in _most_similar_pairs(self.ours, left, self.upstream, right):
            if other is None:
                level = Level.BREAKING if place.sent else Level.COMPATIBLE
                found = _described(self.ours, one or {})
                yield Difference(level, "alternative", place.where, found, "absent")
            elif one is None:
                level = Level.COMPATIBLE if place.sent else Level.BREAKING
                found = _described(self.upstream, other)
                yield Difference(level, "alternative", place.where, "absent", found)
            else:
                yield from self.differences(one, other, place)

    def _properties(self, one: Shape, other: Shape, place: Place) -> Iterator[Difference]:
        # An object without a description cannot contradict another description.
        is_opaque = not other.properties
        more = (one.required | other.required) - one.properties.keys() - other.properties.keys()
        for name in sorted(more):
            inside = place.within(f".{name}", evidence=False)
            yield from required(inside, ours=name in one.required, upstream=name in other.required)
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
                level = Level.COMPATIBLE if is_opaque else lacking(evidence=inside.evidence)
                text = necessity(needed=name in one.required)
                yield Difference(level, "property", inside.where, text, "absent")
            elif ours is None:
                needed = name in other.required
                level = Level.BREAKING if needed and place.sent else Level.ADDITION
                text = necessity(needed=needed)
                yield Difference(level, "property", inside.where, "absent", text)
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
            flags = [str(not each).lower() for each in (ours, upstream)]
            yield Difference(level, kind, place.where, *flags)


def _choices(node: Json) -> list[Json]:
    """Return the alternatives that are not `null`, or the schema itself if it has none."""
    return [each for each in alternatives(node) if each.get("type") != "null"] or [node]


def _has_more_than_reference(schema: Json) -> bool:
    """Return whether a reference is only a part of a schema."""
    return bool(schema.keys() - WORDS - {"$ref"})


def _without_alternatives(schema: Json) -> Json:
    """Return a merged schema without its alternatives."""
    return {key: value for key, value in schema.items() if key not in ONE_OF}


def _with_common_keywords(schema: Json, choices: list[Json]) -> list[Json]:
    """Return the alternatives of a merged schema, each with the keywords that all of them share."""
    common = _without_alternatives(schema)
    if choices == [schema] or not common.keys() - WORDS - {"discriminator", "nullable"}:
        return choices
    return [{"allOf": [common, each]} for each in choices]


def _most_similar_pairs(
    root: Json, left: list[Json], other_root: Json, right: list[Json]
) -> Iterator[tuple[Json | None, Json | None]]:
    """Pair the most similar alternatives, each once; the rest are paired with None."""
    shapes = [shape(root, each) for each in left], [shape(other_root, each) for each in right]

    def distance(pair: tuple[int, int]) -> tuple[int, int, int]:
        one, other = shapes[0][pair[0]], shapes[1][pair[1]]
        common = len(one.properties.keys() & other.properties.keys())
        differing = len(one.properties.keys() ^ other.properties.keys())
        return differing - common, -len(one.types & other.types), abs(pair[0] - pair[1])

    ones, others = set(range(len(left))), set(range(len(right)))
    for at, there in sorted(product(ones, others), key=distance):
        if at in ones and there in others:
            ones.remove(at)
            others.remove(there)
            yield left[at], right[there]
    yield from ((left[at], None) for at in sorted(ones))
    yield from ((None, right[at]) for at in sorted(others))


def _described(root: Json, schema: Json) -> str:
    return name_of(schema) or as_text(form(root, schema))
