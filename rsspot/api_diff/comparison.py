"""Two descriptions of one API side by side: operations, parameters, bodies, responses, schemas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rsspot.api_diff import leftovers, parameters, surroundings
from rsspot.api_diff.contents import bodies, responses
from rsspot.api_diff.difference import Difference, Level, Place, lacking
from rsspot.api_diff.schema_comparison import SchemaComparison

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.document import Document, OperationNode

__all__ = ["compare"]


def compare(ours: Document, upstream: Document) -> list[Difference]:
    """All differences, the worst level first, each place once.

    Where there is none, the documents are the same but for their words: titles, descriptions,
    examples, names of operations, tags and schemas, extensions, and what no operation uses.
    """
    worst: dict[tuple[str, str], Difference] = {}
    for found in _differences(ours, upstream):
        key = found.kind, found.where
        if key not in worst or found.level < worst[key].level:
            worst[key] = found
    if not worst:
        worst = {(each.kind, each.where): each for each in leftovers.differences(ours, upstream)}
    return sorted(worst.values(), key=lambda each: (each.level, each.kind, each.where))


def _differences(ours: Document, upstream: Document) -> Iterator[Difference]:
    left, right = (
        {_key(operation): operation for operation in each.operations()} for each in (ours, upstream)
    )
    schemas = SchemaComparison(ours.root, upstream.root)
    for key in left.keys() | right.keys():
        if key not in right:
            level = lacking(evidence="x-evidence" in left[key].node)
            yield Difference(level, "operation", left[key].title, "present", "absent")
        elif key not in left:
            title = right[key].title
            yield Difference(Level.ADDITION, "operation", title, "absent", "present")
        else:
            yield from _operation(schemas, left[key], right[key])


def _operation(
    schemas: SchemaComparison, ours: OperationNode, upstream: OperationNode
) -> Iterator[Difference]:
    evidence = "x-evidence" in ours.node
    name = str(ours.node.get("operationId") or ours.title)
    left, right = (schemas.ours, ours), (schemas.upstream, upstream)
    if upstream.node.get("deprecated") is True and ours.node.get("deprecated") is not True:
        yield Difference(Level.COMPATIBLE, "deprecated", name, "in use", "deprecated")
    yield from surroundings.servers(name, left, right)
    yield from surroundings.security(name, left, right)
    one, other = parameters.keyed(*left), parameters.keyed(*right)
    yield from parameters.differences(name, one, other, evidence=evidence)
    for key in one.keys() & other.keys():
        where = f"{name} {key}"
        covered = evidence or "x-evidence" in one[key]
        pair = parameters.schema_of(one[key]), parameters.schema_of(other[key])
        yield from parameters.writing(
            where, (schemas.ours, one[key]), (schemas.upstream, other[key])
        )
        yield from schemas.differences(*pair, Place(where, sent=True, evidence=covered))
    yield from bodies(schemas, ours, upstream, Place(name, sent=True, evidence=evidence))
    yield from responses(schemas, ours, upstream, Place(name, sent=False, evidence=evidence))


def _key(operation: OperationNode) -> tuple[str, str]:
    # The name of a path parameter is not on the wire.
    return operation.method, re.sub(r"\{[^}]*\}", "{}", operation.path)
