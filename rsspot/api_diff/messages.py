"""Compare the parameters, bodies and responses of two operations."""

from __future__ import annotations

from email.message import Message
from typing import TYPE_CHECKING, Any

from rsspot.api_diff.difference import (
    Difference,
    Level,
    Place,
    deprecations,
    lacking,
    necessity,
    required,
)
from rsspot.api_diff.forms import as_text, form
from rsspot.api_diff.leftovers import other_keys
from rsspot.api_diff.nodes import resolve
from rsspot.api_diff.schemas import merged, types_of
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.document import OperationNode
    from rsspot.api_diff.schema_comparison import SchemaComparison
    from rsspot.shapes import Json

__all__ = [
    "bodies",
    "keyed",
    "parameter_differences",
    "responses",
    "schema_of",
    "serialization_differences",
]


PARAMETER = frozenset(
    {"$ref", "name", "in", "required", "deprecated", "schema", "content", "style", "explode"}
    | {"allowReserved"}
)
MEDIA_TYPE = frozenset({"schema", "encoding"})
HOLDER = frozenset({"$ref", "content", "required", "headers"})
"""Keys of a parameter or header, of a media type, and of a body or response, which are compared
one by one."""


def keyed(root: Json, operation: OperationNode) -> dict[str, Json]:
    """Return the parameters by their name in reports; those of the path by their position."""
    return {_key(operation, each): each for each in operation.parameters(root)}


def _key(operation: OperationNode, parameter: Json) -> str:
    # The name of a path parameter is not on the wire, and the case of a header is not either.
    name, place = str(parameter.get("name")), str(parameter.get("in"))
    if place == "path":
        before = operation.path.partition("{" + name + "}")[0]
        return f"path parameter {before.count('{') + 1}"
    return f"{place} parameter {name.lower() if place == 'header' else name}"


def schema_of(parameter: Json) -> Json:
    """Return the schema of its values, which may be in `content`."""
    content: Json = parameter.get("content") or {}
    holder: Json = next(iter(content.values())) if content else parameter
    schema: Any = holder.get("schema", {})
    return schema if is_object(schema) else {}


def parameter_differences(
    name: str, one: dict[str, Json], other: dict[str, Json], *, evidence: bool
) -> Iterator[Difference]:
    """Yield the parameters that only one of them has, or that only one of them requires."""
    for key in one.keys() | other.keys():
        where = f"{name} {key}"
        ours, upstream = one.get(key), other.get(key)
        if ours is None and upstream is not None:
            needed = upstream.get("required") is True and not _is_ignored_header(upstream)
            level = Level.BREAKING if needed else Level.ADDITION
            yield Difference(level, "parameter", where, "absent", necessity(needed=needed))
        elif ours is not None and upstream is None:
            level = lacking(evidence=evidence or "x-evidence" in ours)
            needed = ours.get("required") is True
            yield Difference(level, "parameter", where, necessity(needed=needed), "absent")
        elif ours is not None and upstream is not None:
            flags = [each.get("required") is True for each in (ours, upstream)]
            yield from required(Place(where, sent=True), ours=flags[0], upstream=flags[1])
            yield from deprecations(where, ours, upstream)


def serialization_differences(
    where: str, ours: tuple[Json, Json], upstream: tuple[Json, Json]
) -> Iterator[Difference]:
    """Compare the serialization of a value; each side is a document and its parameter."""
    yield from other_keys(where, ours, upstream, PARAMETER)
    one, other = (_serialization(*each) for each in (ours, upstream))
    for kind in one.keys() | other.keys():
        left, right = one.get(kind, "the default"), other.get(kind, "the default")
        if left != right:
            yield Difference(Level.BREAKING, kind, where, left, right)


def _serialization(root: Json, parameter: Json) -> dict[str, str]:
    place = parameter.get("in")
    if content := parameter.get("content"):
        return {"style": f"as {next(iter(content))}"}
    style = str(parameter.get("style", "form" if place in {"query", "cookie"} else "simple"))
    types = set(types_of(merged(root, schema_of(parameter))))
    made: dict[str, str] = {}
    if not types or types & {"array", "object"}:
        explode = parameter.get("explode", style in {"form", "deepObject"})
        made = {"style": style, "explode": str(bool(explode)).lower()}
    elif style in {"label", "matrix"}:
        made = {"style": style}
    if parameter.get("allowReserved") is True:
        made["allowReserved"] = "true"
    return made


def _is_ignored_header(parameter: Json) -> bool:
    """Return whether it is a header that OpenAPI ignores (3.1.1, parameter object)."""
    headers = {"accept", "content-type", "authorization"}
    return parameter.get("in") == "header" and str(parameter.get("name")).lower() in headers


def bodies(
    schemas: SchemaComparison, ours: OperationNode, upstream: OperationNode, place: Place
) -> Iterator[Difference]:
    """Compare request bodies: a media type of ours that the other one lacks is breaking."""
    one = resolve(schemas.ours, ours.node.get("requestBody", {}))
    other = resolve(schemas.upstream, upstream.node.get("requestBody", {}))
    inside = place.within(" body", evidence=False)
    flags = [each.get("required") is True for each in (one, other)]
    yield from required(inside, ours=flags[0], upstream=flags[1])
    yield from other_keys(inside.where, (schemas.ours, one), (schemas.upstream, other), HOLDER)
    left, right = _by_media_type(one), _by_media_type(other)
    for kind in left.keys() | right.keys():
        where = f"{place.where} {kind}"
        if kind not in right:
            yield Difference(Level.BREAKING, "media type", where, "sent", "absent")
        elif kind not in left:
            yield Difference(Level.ADDITION, "media type", where, "absent", "taken")
        else:
            pair = _schema(left[kind]), _schema(right[kind])
            yield from schemas.differences(*pair, inside)
            sides = (schemas.ours, left[kind]), (schemas.upstream, right[kind])
            yield from other_keys(where, *sides, MEDIA_TYPE)
            encodings = [as_text(_encoding(*side)) for side in sides]
            if encodings[0] != encodings[1]:
                yield Difference(Level.BREAKING, "encoding", where, *encodings)


def _encoding(root: Json, media: Json) -> Any:
    """Return the encoding of the parts of a body in a normal form; None if it has none."""
    made: Json = form(root, {"encoding": media.get("encoding") or {}})["encoding"]
    return {name: each for name, each in made.items() if each} or None


def responses(
    schemas: SchemaComparison, ours: OperationNode, upstream: OperationNode, place: Place
) -> Iterator[Difference]:
    """Compare responses: the statuses, and the bodies and headers of common ones."""
    left, right = _statuses(schemas.ours, ours), _statuses(schemas.upstream, upstream)
    name = place.where
    one, other = sorted(left.keys() - right.keys()), sorted(right.keys() - left.keys())
    if one:
        # Errors that only one describes can happen all the same; a success must be in both.
        yield Difference(Level.EXTENSION, "response", name, ", ".join(one), "absent")
    if other:
        level = Level.BREAKING if any(each < "3" for each in other) else Level.ADDITION
        yield Difference(level, "new response", name, "absent", ", ".join(other))
    for status in sorted(left.keys() & right.keys()):
        inside = place.within(f" {status}", evidence="x-evidence" in left[status])
        sides = (schemas.ours, left[status]), (schemas.upstream, right[status])
        yield from other_keys(inside.where, *sides, HOLDER)
        yield from _response_bodies(schemas, left[status], right[status], inside, status)
        yield from _headers(schemas, left[status], right[status], inside)


def _response_bodies(
    schemas: SchemaComparison, ours: Json, upstream: Json, place: Place, status: str
) -> Iterator[Difference]:
    left, right = _by_media_type(ours), _by_media_type(upstream)
    if not left or not right:
        if left or right:
            kinds = [", ".join(each) or "not mentioned" for each in (left, right)]
            lost = left and status < "4"
            level = lacking(evidence=place.evidence) if lost else Level.COMPATIBLE
            level = level if left else Level.ADDITION
            yield Difference(level, "response body", place.where, *kinds)
        return
    for kind in left.keys() - right.keys():
        level = Level.COMPATIBLE if left.keys() & right.keys() else Level.BREAKING
        yield Difference(level, "response media type", f"{place.where} {kind}", "read", "absent")
    for kind in right.keys() - left.keys():
        # Which of several is sent is negotiated; what is new may be what comes.
        where = f"{place.where} {kind}"
        yield Difference(Level.ADDITION, "response media type", where, "absent", "sent")
    for kind in left.keys() & right.keys():
        sides = (schemas.ours, left[kind]), (schemas.upstream, right[kind])
        yield from other_keys(f"{place.where} {kind}", *sides, MEDIA_TYPE | {"encoding"})
        yield from schemas.differences(_schema(left[kind]), _schema(right[kind]), place)


def _headers(
    schemas: SchemaComparison, ours: Json, upstream: Json, place: Place
) -> Iterator[Difference]:
    left, right = _by_header(schemas.ours, ours), _by_header(schemas.upstream, upstream)
    for name in left.keys() | right.keys():
        where = place.within(f" header {name}", evidence="x-evidence" in left.get(name, {}))
        if name not in right:
            level = lacking(evidence=where.evidence)
            yield Difference(level, "response header", where.where, "present", "absent")
        elif name not in left:
            yield Difference(Level.ADDITION, "response header", where.where, "absent", "present")
        else:
            flags = [each.get("required") is True for each in (left[name], right[name])]
            yield from required(where, ours=flags[0], upstream=flags[1])
            sides = (schemas.ours, left[name]), (schemas.upstream, right[name])
            yield from serialization_differences(where.where, *sides)
            pair = schema_of(left[name]), schema_of(right[name])
            yield from schemas.differences(*pair, where)


def _by_header(root: Json, response: Json) -> dict[str, Json]:
    # OpenAPI says to ignore a header of this name (3.1.1, response object).
    nodes: Json = response.get("headers") or {}
    return {
        name.lower(): resolve(root, each)
        for name, each in nodes.items()
        if is_object(each) and name.lower() != "content-type"
    }


def _by_media_type(holder: Json) -> dict[str, Json]:
    """Return the contents by media type in lower case, without charset."""
    content: Json = holder.get("content") or {}
    return {_media_type(kind): each for kind, each in content.items() if is_object(each)}


def _media_type(kind: str) -> str:
    message = Message()
    message["Content-Type"] = kind
    found: list[tuple[str, str]] = message.get_params([], unquote=True)
    more = [f"; {key.lower()}={value}" for key, value in found[1:] if key.lower() != "charset"]
    return "".join([kind.partition(";")[0].strip().lower(), *more])


def _schema(media: Json) -> Json:
    schema: Any = media.get("schema", {})
    return schema if is_object(schema) else {}


def _statuses(root: Json, operation: OperationNode) -> dict[str, Json]:
    nodes: Json = operation.node.get("responses", {})
    found = {status: each for status, each in nodes.items() if is_object(each)}
    return {
        str(status).upper(): resolve(root, each)
        for status, each in found.items()
        if not str(status).startswith("x-")
    }
