"""Two schemas side by side, on the way that their values go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.api_diff.constraints import constraints
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
from rsspot.api_diff.schemas import merged
from rsspot.api_diff.shape import Shape, alternatives, name_of, shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.values import Json

__all__ = ["SchemaComparison"]


class SchemaComparison:
    """Two documents, and the pairs of named schemas that were compared already."""

    def __init__(self, ours: Json, upstream: Json) -> None:
        self.ours = ours
        self.upstream = upstream
        self._seen: set[tuple[int, int, bool, bool]] = set()

    def differences(self, ours: Json, upstream: Json, place: Place) -> Iterator[Difference]:
        """What a program that is built on our schema would notice."""
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
        """How many alternatives there are: one more to read, or one less to send, is breaking."""
        left, right = len(_choices(ours)), len(_choices(upstream))
        more = right > left
        if left == right or not (place.sent or more):
            return
        level = Level.BREAKING if more is not place.sent else Level.COMPATIBLE
        yield Difference(level, "alternatives", place.where, str(left), str(right))

    def _alternatives(self, ours: Json, upstream: Json) -> list[tuple[Json, Json]]:
        """Each alternative of ours with the most similar one of the other's."""
        left, right = _choices(ours), _choices(upstream)
        if len(left) * len(right) == 1:
            return []
        if len(left) < len(right):
            return [(_nearest(self.ours, left, self.upstream, each), each) for each in right]
        if len(right) > 1:
            return [(each, _nearest(self.upstream, right, self.ours, each)) for each in left]
        return [(_nearest(self.ours, left, self.upstream, upstream), upstream)]

    def _properties(self, one: Shape, other: Shape, place: Place) -> Iterator[Difference]:
        # An object of which nothing is said cannot contradict what is said of it.
        opaque = not other.properties
        for name in one.properties.keys() | other.properties.keys():
            ours, upstream = one.properties.get(name), other.properties.get(name)
            known = shape(self.ours, ours) if ours else Shape()
            theirs = shape(self.upstream, upstream) if upstream else Shape()
            inside = place.within(f".{name}", evidence=known.evidence)
            if ours is not None and upstream is not None:
                yield from _ways(known, theirs, inside)
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


def _ways(one: Shape, other: Shape, place: Place) -> Iterator[Difference]:
    """A property that is only read in one document, or only sent."""
    for kind, ours, upstream, way in (
        ("readOnly", one.sent, other.sent, place.sent),
        ("writeOnly", one.read, other.read, not place.sent),
    ):
        if ours != upstream and way:
            # What we send and the other one only returns may be refused, or passed over.
            level = Level.BREAKING if ours else Level.ADDITION
            said = [str(not each).lower() for each in (ours, upstream)]
            yield Difference(level, kind, place.where, *said)


def _choices(node: Json) -> list[Json]:
    """The alternatives that are not `null`; the schema itself where it has none."""
    return [each for each in alternatives(node) if each.get("type") != "null"] or [node]


def _nearest(root: Json, choices: list[Json], other_root: Json, other: Json) -> Json:
    """The one that shares the most properties, then types, with the other schema."""
    wanted = shape(other_root, other)

    def shared(each: Json) -> tuple[int, int]:
        found = shape(root, each)
        common = len(found.properties.keys() & wanted.properties.keys())
        differing = len(found.properties.keys() ^ wanted.properties.keys())
        return common - differing, len(found.types & wanted.types)

    return max(choices, key=shared)
