"""Differences between two documents that no other comparison finds.

"No differences" must be true, so operations are converted to a normal form without texts and names.
If these forms differ, that is reported, but not what it means.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from rsspot.api_diff.difference import Difference, Level
from rsspot.api_diff.nodes import resolve
from rsspot.api_diff.schemas import merged
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.document import Document, OperationNode
    from rsspot.shapes import Json

__all__ = ["differences"]

WORDS = frozenset(
    {"description", "summary", "title", "example", "examples", "externalDocs", "tags"}
    | {"operationId", "$comment", "xml", "links", "servers", "security", "style", "explode"}
)
"""Keys that mean nothing to a program, or are compared elsewhere."""
DATA = frozenset({"default", "enum", "const", "required"})
"""Keys with data, in which no text is ignored; the order in a list means nothing."""


def differences(ours: Document, upstream: Document) -> Iterator[Difference]:
    """Yield the operations that differ in any part, webhooks and callbacks included."""
    left, right = (_forms(each) for each in (ours, upstream))
    for key in sorted(left.keys() | right.keys()):
        one, other = left.get(key), right.get(key)
        if one != other:
            where = _where(one, other, "")
            yield Difference(Level.COMPATIBLE, "other", f"{key}{where}", "one thing", "another")


def _forms(document: Document) -> Json:
    root = document.root
    found: Json = {
        re.sub(r"\{[^}]*\}", "{}", operation.title): _operation(root, operation)
        for operation in document.operations()
    }
    found["webhooks"] = _form(root, root.get("webhooks") or {}, ())
    return found


def _operation(root: Json, operation: OperationNode) -> Any:
    parameters = [_form(root, each, ()) for each in operation.parameters(root)]
    for parameter in parameters:
        if parameter.get("in") == "path":
            parameter["name"] = ""
        if parameter.get("in") == "header":
            parameter["name"] = parameter["name"].lower()
    form = {
        key: _form(root, each, (), hidden="writeOnly" if key == "responses" else "readOnly")
        for key, each in operation.node.items()
        if key not in WORDS and not key.startswith("x-")
    }
    return {**form, "parameters": sorted(parameters, key=str)}


def _form(root: Json, node: Any, inside: tuple[int, ...], *, hidden: str = "readOnly") -> Any:
    """Return the normal form of a node; `hidden` properties are not sent."""
    if is_array(node):
        return [_form(root, each, inside, hidden=hidden) for each in node]
    if not is_object(node):
        return node
    target = resolve(root, node)
    if id(target) in inside:
        return "again"
    inside = (*inside, id(target))
    node = merged(root, node)
    made: Json = {}
    for key in sorted(node):
        if key in WORDS or key.startswith("x-"):
            continue
        child = node[key]
        if key == "properties":
            made[key] = {
                name: _form(root, each, inside, hidden=hidden)
                for name, each in child.items()
                if not (is_object(each) and merged(root, each).get(hidden) is True)
            }
        elif key == "content":
            kinds = {kind.partition(";")[0].strip().lower(): each for kind, each in child.items()}
            made[key] = {
                kind: _form(root, each, inside, hidden=hidden) for kind, each in kinds.items()
            }
        elif key == "headers":
            made[key] = {name.lower(): _form(root, each, inside) for name, each in child.items()}
        elif key in DATA:
            made[key] = sorted(child, key=str) if is_array(child) else child
        else:
            made[key] = _form(root, child, inside, hidden=hidden)
    return made


def _where(one: Any, other: Any, place: str) -> str:
    """Return the first place in which two forms differ."""
    if is_object(one) and is_object(other):
        for key in sorted(one.keys() | other.keys()):
            if one.get(key) != other.get(key):
                return _where(one.get(key), other.get(key), f"{place} {key}")
    return place
