"""One difference between two descriptions of an API, and how much it matters.

Ours is the base: what counts is what a user of ours would notice if the other one were right.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.schemas import Shape
    from rsspot.shapes import Json

__all__ = [
    "Difference",
    "Level",
    "Place",
    "deprecations",
    "enums",
    "lacking",
    "necessity",
    "required",
    "types",
]


class Level(enum.IntEnum):
    """How much a difference matters; the worst first."""

    BREAKING = 0
    """A request of ours may be refused, or a response that we read may differ from ours."""
    ADDITION = 1
    """Only the other document has it."""
    COMPATIBLE = 2
    """Described differently, but a user of ours is safe."""
    EXTENSION = 3
    """Only ours has it, and ours says so: `x-evidence` names the source."""


@dataclass(frozen=True)
class Difference:
    """One difference: its kind, its place, and the content of both documents."""

    level: Level
    kind: str
    where: str
    ours: str
    upstream: str


@dataclass(frozen=True)
class Place:
    """A place in our document, its direction, and whether `x-evidence` covers it."""

    where: str
    sent: bool
    evidence: bool = False

    def within(self, name: str, *, evidence: bool) -> Place:
        """A place inside this one."""
        return Place(f"{self.where}{name}", self.sent, evidence=self.evidence or evidence)


def types(one: Shape, other: Shape, place: Place) -> Iterator[Difference]:
    """Compare types, and whether null is allowed."""
    if one.types != other.types:
        narrow, wide = (one, other) if place.sent else (other, one)
        yield Difference(
            Level.COMPATIBLE if _fits(narrow, wide) else Level.BREAKING,
            "type",
            place.where,
            one.type,
            other.type,
        )
    if one.nullable != other.nullable:
        risky = one.nullable if place.sent else other.nullable
        yield Difference(
            Level.BREAKING if risky and other.types else Level.COMPATIBLE,
            "null",
            place.where,
            "may be null" if one.nullable else "never null",
            "may be null" if other.nullable else "not mentioned",
        )


def _fits(narrow: Shape, wide: Shape) -> bool:
    """Return whether one type includes the other, or one of them is not described."""
    if not narrow.types or not wide.types:
        return True
    wider = wide.types | ({"integer"} if "number" in wide.types else set[str]())
    return narrow.types <= wider


def enums(one: Shape, other: Shape, place: Place) -> Iterator[Difference]:
    """Compare the values of a closed set."""
    if one.enum == other.enum:
        return
    if one.enum is None:
        # A value that we send must be one of theirs; a value that we read must be one of ours.
        level = Level.BREAKING if place.sent else Level.COMPATIBLE
    elif other.enum is None:
        level = Level.COMPATIBLE if place.sent else Level.BREAKING
    else:
        unsafe = one.enum - other.enum if place.sent else other.enum - one.enum
        level = Level.BREAKING if unsafe else Level.COMPATIBLE
    yield Difference(level, "enum", place.where, _listed(one), _listed(other))


def _listed(each: Shape) -> str:
    return "open" if each.enum is None else ", ".join(sorted(each.enum))


def required(place: Place, *, ours: bool, upstream: bool) -> Iterator[Difference]:
    """Compare whether it is required."""
    if ours != upstream:
        # Missing a need breaks what is sent; promising too much breaks what is read.
        risky = upstream if place.sent else ours
        level = Level.BREAKING if risky else Level.COMPATIBLE
        where = place.where
        yield Difference(
            level, "required", where, necessity(needed=ours), necessity(needed=upstream)
        )


def deprecations(where: str, ours: Json, upstream: Json) -> Iterator[Difference]:
    """Compare whether something should no longer be used."""
    flags = [each.get("deprecated") is True for each in (ours, upstream)]
    if flags[0] != flags[1]:
        shown = ("deprecated" if each else "in use" for each in flags)
        yield Difference(Level.COMPATIBLE, "deprecated", where, *shown)


def necessity(*, needed: bool) -> str:
    """The text for reports."""
    return "required" if needed else "optional"


def lacking(*, evidence: bool) -> Level:
    """Return the level of something that only ours has."""
    return Level.EXTENSION if evidence else Level.BREAKING
