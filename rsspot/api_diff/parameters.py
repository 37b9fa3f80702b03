"""The parameters of two operations side by side: which there are, and how they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.api_diff.difference import Difference, Level, Place, lacking, necessity, required
from rsspot.api_diff.schemas import merged, types_of
from rsspot.api_diff.values import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.document import OperationNode
    from rsspot.api_diff.values import Json

__all__ = ["differences", "keyed", "schema_of", "writing"]


def keyed(root: Json, operation: OperationNode) -> dict[str, Json]:
    """The parameters by the name that a report gives them; those of the path by their order."""
    return {_key(operation, each): each for each in operation.parameters(root)}


def _key(operation: OperationNode, parameter: Json) -> str:
    # The name of a path parameter is not on the wire, and the case of a header is not either.
    name, place = str(parameter.get("name")), str(parameter.get("in"))
    if place == "path":
        before = operation.path.partition("{" + name + "}")[0]
        return f"path parameter {before.count('{') + 1}"
    return f"{place} parameter {name.lower() if place == 'header' else name}"


def schema_of(parameter: Json) -> Json:
    """The schema of its values, also where that stands in `content`."""
    content: Json = parameter.get("content") or {}
    holder: Json = next(iter(content.values())) if content else parameter
    schema: Any = holder.get("schema", {})
    return schema if is_object(schema) else {}


def differences(
    name: str, one: dict[str, Json], other: dict[str, Json], *, evidence: bool
) -> Iterator[Difference]:
    """The parameters that only one of them has, or that only one of them requires."""
    for key in one.keys() | other.keys():
        where = f"{name} {key}"
        ours, upstream = one.get(key), other.get(key)
        if ours is None and upstream is not None:
            needed = upstream.get("required") is True and not _ignored(upstream)
            level = Level.BREAKING if needed else Level.ADDITION
            yield Difference(level, "parameter", where, "absent", necessity(needed=needed))
        elif ours is not None and upstream is None:
            level = lacking(evidence=evidence or "x-evidence" in ours)
            needed = ours.get("required") is True
            yield Difference(level, "parameter", where, necessity(needed=needed), "absent")
        elif ours is not None and upstream is not None:
            flags = [each.get("required") is True for each in (ours, upstream)]
            yield from required(Place(where, sent=True), ours=flags[0], upstream=flags[1])
            if upstream.get("deprecated") is True and ours.get("deprecated") is not True:
                yield Difference(Level.COMPATIBLE, "deprecated", where, "in use", "deprecated")


def writing(
    where: str, ours: tuple[Json, Json], upstream: tuple[Json, Json]
) -> Iterator[Difference]:
    """How the value is written; each side is a document and its parameter."""
    one, other = (_written(*each) for each in (ours, upstream))
    for kind in one.keys() | other.keys():
        left, right = one.get(kind, "as usual"), other.get(kind, "as usual")
        if left != right:
            yield Difference(Level.BREAKING, kind, where, left, right)


def _written(root: Json, parameter: Json) -> dict[str, str]:
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


def _ignored(parameter: Json) -> bool:
    """Whether it is a header that OpenAPI defines to be ignored (3.1.1, parameter object)."""
    headers = {"accept", "content-type", "authorization"}
    return parameter.get("in") == "header" and str(parameter.get("name")).lower() in headers
