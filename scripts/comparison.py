"""Two descriptions of one API side by side: operations, parameters, bodies, answers, schemas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import document
from difference import Difference, Level, Place, enums, lacking, necessity, required, types
from shape import Shape, alternatives, name_of, shape
from values import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from document import Document, OperationNode
    from values import Json

__all__ = ["compare"]


def compare(ours: Document, upstream: Document) -> list[Difference]:
    """All differences, the worst level first, each place once."""
    worst: dict[tuple[str, str], Difference] = {}
    for found in _Comparison(ours, upstream).run():
        key = found.kind, found.where
        if key not in worst or found.level < worst[key].level:
            worst[key] = found
    return sorted(worst.values(), key=lambda each: (each.level, each.kind, each.where))


class _Comparison:
    """Two documents, and the pairs of named schemas that were compared already."""

    def __init__(self, ours: Document, upstream: Document) -> None:
        self.ours = ours.root
        self.upstream = upstream.root
        self.operations = [
            {_key(operation): operation for operation in each.operations()}
            for each in (ours, upstream)
        ]
        self.seen: set[tuple[int, int, bool, bool]] = set()

    def run(self) -> Iterator[Difference]:
        ours, upstream = self.operations
        for key in ours.keys() | upstream.keys():
            if key not in upstream:
                level = lacking(evidence="x-evidence" in ours[key].node)
                yield Difference(level, "operation", ours[key].title, "present", "absent")
            elif key not in ours:
                title = upstream[key].title
                yield Difference(Level.ADDITION, "operation", title, "absent", "present")
            else:
                yield from self._operation(ours[key], upstream[key])

    def _operation(self, ours: OperationNode, upstream: OperationNode) -> Iterator[Difference]:
        evidence = "x-evidence" in ours.node
        name = _name(ours)
        yield from self._parameters(ours, upstream, evidence=evidence)
        yield from self._bodies(ours, upstream, Place(name, sent=True, evidence=evidence))
        ours_answers = _answers(self.ours, ours)
        upstream_answers = _answers(self.upstream, upstream)
        place = Place(name, sent=False, evidence=evidence)
        yield from _statuses(name, ours_answers, upstream_answers)
        for status in ours_answers.keys() & upstream_answers.keys():
            answer, other = ours_answers[status], upstream_answers[status]
            if (one := _schema(answer)) and (two := _schema(other)):
                inside = place.within(f" {status}", evidence="x-evidence" in answer)
                yield from self._schemas(one, two, inside)

    def _parameters(
        self, ours: OperationNode, upstream: OperationNode, *, evidence: bool
    ) -> Iterator[Difference]:
        left = {_parameter_key(ours, each): each for each in ours.parameters(self.ours)}
        right = {
            _parameter_key(upstream, each): each for each in upstream.parameters(self.upstream)
        }
        for key in left.keys() | right.keys():
            where = f"{_name(ours)} {key}"
            one, other = left.get(key), right.get(key)
            if one is None and other is not None:
                needed = other.get("required") is True and not _ignored(other)
                level = Level.BREAKING if needed else Level.ADDITION
                yield Difference(level, "parameter", where, "absent", necessity(needed=needed))
            elif one is not None and other is None:
                level = lacking(evidence=evidence or "x-evidence" in one)
                needed = one.get("required") is True
                yield Difference(level, "parameter", where, necessity(needed=needed), "absent")
            elif one is not None and other is not None:
                yield from required(
                    Place(where, sent=True),
                    ours=one.get("required") is True,
                    upstream=other.get("required") is True,
                )
                place = Place(where, sent=True, evidence=evidence or "x-evidence" in one)
                yield from self._schemas(one.get("schema", {}), other.get("schema", {}), place)

    def _bodies(
        self, ours: OperationNode, upstream: OperationNode, place: Place
    ) -> Iterator[Difference]:
        one = document.resolve(self.ours, ours.node.get("requestBody", {}))
        other = document.resolve(self.upstream, upstream.node.get("requestBody", {}))
        inside = place.within(" body", evidence=False)
        yield from required(
            inside, ours=one.get("required") is True, upstream=other.get("required") is True
        )
        left, right = one.get("content", {}), other.get("content", {})
        for kind in left.keys() | right.keys():
            where = f"{_name(ours)} {kind}"
            if kind not in right:
                yield Difference(Level.BREAKING, "media type", where, "sent", "absent")
            elif kind not in left:
                yield Difference(Level.ADDITION, "media type", where, "absent", "taken")
            else:
                yield from self._schemas(
                    left[kind].get("schema", {}), right[kind].get("schema", {}), inside
                )

    def _schemas(self, ours: Json, upstream: Json, place: Place) -> Iterator[Difference]:
        one, other = shape(self.ours, ours), shape(self.upstream, upstream)
        if name := name_of(ours):
            place = Place(name, place.sent, evidence=place.evidence or one.evidence)
            left, right = (
                document.resolve(self.ours, ours),
                document.resolve(self.upstream, upstream),
            )
            key = id(left), id(right), place.sent, place.evidence
            if key in self.seen:
                return
            self.seen.add(key)
        yield from types(one, other, place)
        if pairs := self._alternatives(ours, upstream):
            for pair in pairs:
                yield from self._schemas(*pair, place)
            return
        yield from enums(one, other, place)
        if one.items is not None and other.items is not None:
            yield from self._schemas(one.items, other.items, place.within("[]", evidence=False))
        if one.values is not None and other.values is not None:
            yield from self._schemas(one.values, other.values, place.within("{}", evidence=False))
        if other.properties or one.properties:
            yield from self._properties(one, other, place)

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
            if not (known.sent if place.sent else known.read):
                continue
            inside = place.within(f".{name}", evidence=known.evidence)
            if upstream is None:
                level = Level.COMPATIBLE if opaque else lacking(evidence=inside.evidence)
                yield Difference(
                    level,
                    "property",
                    inside.where,
                    necessity(needed=name in one.required),
                    "absent",
                )
            elif ours is None:
                needed = name in other.required
                level = Level.BREAKING if needed and place.sent else Level.ADDITION
                yield Difference(
                    level, "property", inside.where, "absent", necessity(needed=needed)
                )
            else:
                yield from required(
                    inside, ours=name in one.required, upstream=name in other.required
                )
                yield from self._schemas(ours, upstream, inside)


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


def _key(operation: OperationNode) -> tuple[str, str]:
    # The name of a path parameter is not on the wire.
    return operation.method, re.sub(r"\{[^}]*\}", "{}", operation.path)


def _name(operation: OperationNode) -> str:
    return str(operation.node.get("operationId") or operation.title)


def _parameter_key(operation: OperationNode, parameter: Json) -> str:
    name, place = str(parameter.get("name")), str(parameter.get("in"))
    if place == "path":
        before = operation.path.partition("{" + name + "}")[0]
        return f"path parameter {before.count('{') + 1}"
    return f"{place} parameter {name}"


def _ignored(parameter: Json) -> bool:
    """Whether it is a header that OpenAPI defines to be ignored (3.1.1, parameter object)."""
    headers = {"accept", "content-type", "authorization"}
    return parameter.get("in") == "header" and str(parameter.get("name")).lower() in headers


def _answers(root: Json, operation: OperationNode) -> dict[str, Json]:
    answers: Json = operation.node.get("responses", {})
    found = {status: each for status, each in answers.items() if is_object(each)}
    return {str(status).upper(): document.resolve(root, each) for status, each in found.items()}


def _statuses(name: str, ours: Json, upstream: Json) -> Iterator[Difference]:
    """Errors that only one describes can happen all the same; a success must be in both."""
    one, other = sorted(ours.keys() - upstream.keys()), sorted(upstream.keys() - ours.keys())
    if one:
        yield Difference(Level.EXTENSION, "response", name, ", ".join(one), "absent")
    if other:
        level = Level.BREAKING if any(each < "3" for each in other) else Level.ADDITION
        yield Difference(level, "new response", name, "absent", ", ".join(other))


def _schema(answer: Json) -> Json | None:
    """The schema of the JSON of an answer."""
    content: Json = answer.get("content") or {}
    for kind, media in content.items():
        if "json" in kind and is_object(media):
            return media.get("schema")
    return None
