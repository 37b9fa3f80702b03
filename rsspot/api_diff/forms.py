"""Parts of a document in a normal form, without texts and names, so that they can be compared."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from rsspot.api_diff.nodes import resolve
from rsspot.api_diff.schemas import merged
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from rsspot.shapes import Json

__all__ = ["WORDS", "as_text", "form"]

WORDS = frozenset(
    {"description", "summary", "title", "example", "examples", "externalDocs", "$comment"}
    | {"x-evidence", "x-facts"}
)
"""Keys that only readers use; the last two are marks of our own document."""
SCHEMAS = frozenset({"$defs", "definitions", "$id", "$anchor", "$schema", "$dynamicAnchor"})
"""Keys of a schema that hold or name others, which are compared where they are used."""
DATA = frozenset({"default", "enum", "const", "required"})
"""Keys with data, in which no text is ignored; the order in a list means nothing."""

BY_NAME = frozenset(
    {"properties", "content", "headers", "patternProperties", "dependentSchemas", "mapping"}
    | {"dependentRequired", "encoding", "links", "callbacks", "responses", "variables", "webhooks"}
)
"""Keys of objects whose own keys are names, not words of OpenAPI."""


LONGEST = 100
"""Maximum characters of a value in a report."""


def as_text(value: Any) -> str:
    """Return a value as text for a report; a long one is cut, with a hash of the whole."""
    if value is None:
        return "not mentioned"
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= LONGEST:
        return text
    shown = text[:LONGEST].rpartition(" ")[0] or text[:LONGEST]
    return f"{shown} … ({hashlib.sha256(text.encode()).hexdigest()[:8]})"


def form(root: Json, node: Any, *, hidden: str = "", skipped: frozenset[str] = frozenset()) -> Any:
    """Return the normal form of a node: references followed, `allOf` merged, texts removed.

    Properties with the flag `hidden` are left out, and so are the keys in `skipped`.
    """
    return _form(root, node, (), hidden, skipped)


def _form(
    root: Json, node: Any, inside: tuple[int, ...], hidden: str, skipped: frozenset[str]
) -> Any:
    if is_array(node):
        return [_form(root, each, inside, hidden, skipped) for each in node]
    if not is_object(node):
        return node
    target = resolve(root, node)
    if id(target) in inside:
        return "again"
    inside = (*inside, id(target))
    node = merged(root, node)
    made: Json = {}
    for key in sorted(node.keys() - WORDS - SCHEMAS - skipped):
        child = node[key]
        if key in DATA:
            made[key] = sorted(child, key=str) if is_array(child) else child
            continue
        if key == "content" and is_object(child):
            child = {kind.partition(";")[0].strip().lower(): each for kind, each in child.items()}
        if key == "headers" and is_object(child):
            child = {name.lower(): each for name, each in child.items()}
        if key in BY_NAME and is_object(child):
            made[key] = {
                name: _form(root, each, inside, hidden, skipped)
                for name, each in child.items()
                if not (is_object(each) and hidden and merged(root, each).get(hidden) is True)
            }
        else:
            made[key] = _form(root, child, inside, hidden, skipped)
    return made
