"""Differences between two documents that no other comparison finds.

"No differences" must be true, so operations are converted to a normal form without texts and names.
If these forms differ, that is reported, but not what it means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rsspot.api_diff.difference import Difference, Level
from rsspot.api_diff.forms import WORDS, as_text, form
from rsspot.shapes import is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.document import Document, OperationNode
    from rsspot.shapes import Json

__all__ = ["differences", "other_keys"]

NAMES = frozenset({"tags", "operationId", "servers", "security", "style", "explode"})
"""Keys that are compared elsewhere, and may be written in several ways."""

MERGED = {"x-also": "allOf", "x-both": "oneOf"}
"""Keys of merged schemas, and the keys that they come from."""


def other_keys(
    where: str, ours: tuple[Json, Json], upstream: tuple[Json, Json], known: frozenset[str]
) -> Iterator[Difference]:
    """Yield the keys that differ beside `known` ones; each side is a document and its node."""
    (one_root, one), (other_root, other) = ours, upstream
    for key in sorted((one.keys() | other.keys()) - known - WORDS):
        left = form(one_root, {key: one.get(key)})[key]
        right = form(other_root, {key: other.get(key)})[key]
        if left != right:
            kind = MERGED.get(key, key)
            yield Difference(Level.COMPATIBLE, kind, where, as_text(left), as_text(right))


def differences(ours: Document, upstream: Document) -> Iterator[Difference]:
    """Yield the operations that differ in any part."""
    left, right = (_forms(each) for each in (ours, upstream))
    for key in sorted(left.keys() | right.keys()):
        one, other = left.get(key), right.get(key)
        if one != other:
            place, values = _first_difference(one, other, "")
            yield Difference(Level.COMPATIBLE, "other", f"{key}{place}", *map(as_text, values))


def _forms(document: Document) -> Json:
    return {
        re.sub(r"\{[^}]*\}", "{}", operation.title): _operation(document.root, operation)
        for operation in document.operations()
    }


def _operation(root: Json, operation: OperationNode) -> Any:
    parameters = [form(root, each, skipped=NAMES) for each in operation.parameters(root)]
    for parameter in parameters:
        if parameter.get("in") == "path":
            parameter["name"] = ""
        if parameter.get("in") == "header":
            parameter["name"] = parameter["name"].lower()
    made = {
        key: form(
            root, each, hidden="writeOnly" if key == "responses" else "readOnly", skipped=NAMES
        )
        for key, each in operation.node.items()
        if key not in WORDS | NAMES
    }
    return {**made, "parameters": sorted(parameters, key=str)}


def _first_difference(one: Any, other: Any, place: str) -> tuple[str, tuple[Any, Any]]:
    """Return the first place in which two forms differ, and what is there."""
    if is_object(one) and is_object(other):
        for key in sorted(one.keys() | other.keys()):
            if one.get(key) != other.get(key):
                return _first_difference(one.get(key), other.get(key), f"{place} {key}")
    return place, (one, other)
