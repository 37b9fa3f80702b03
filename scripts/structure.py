"""The frame of an OpenAPI document: what has to be an object, a list or a text, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from values import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["METHODS", "faults"]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The keys of a path item that are operations."""

# `[kind]` is a list of a kind, `{kind}` an object whose values are of it; `kind?` may be a boolean.
PARTS: dict[str, dict[str, str]] = {
    "document": {
        "info": "object",
        "servers": "[server]",
        "security": "[object]",
        "paths": "{path item}",
        "webhooks": "{path item}",
        "components": "components",
    },
    "components": {
        "schemas": "{schema?}",
        "responses": "{response}",
        "parameters": "{parameter}",
        "requestBodies": "{body}",
        "pathItems": "{path item}",
    },
    "path item": {
        "parameters": "[parameter]",
        "servers": "[server]",
        **dict.fromkeys(METHODS, "operation"),
    },
    "operation": {
        "operationId": "text",
        "tags": "[text]",
        "parameters": "[parameter]",
        "requestBody": "body",
        "responses": "{response}",
        "servers": "[server]",
        "security": "[object]",
    },
    "server": {"url": "text"},
    "parameter": {"name": "text", "in": "text", "schema": "schema", "content": "{media type}"},
    "body": {"content": "{media type}"},
    "response": {"content": "{media type}"},
    "media type": {"schema": "schema"},
    "schema": {
        "title": "text",
        "type": "text or list",
        "enum": "list",
        "required": "[text]",
        "properties": "{schema?}",
        "items": "schema?",
        "additionalProperties": "schema?",
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), "[schema]"),
    },
}


def faults(root: Any) -> Iterator[tuple[str, str]]:
    """Every place that does not hold what OpenAPI puts there: a pointer, and what it must be."""
    waiting: list[tuple[str, str, Any]] = [("#", "document", root)]
    while waiting:
        where, kind, node = waiting.pop()
        if wanted := _wanted(kind, node):
            yield where, wanted
            continue
        for key, inner, child in _inside(kind, node):
            waiting.append((f"{where}/{key.replace('~', '~0').replace('/', '~1')}", inner, child))


def _wanted(kind: str, node: Any) -> str:
    """What the node must be, where it is something else."""
    if kind.endswith("?") and isinstance(node, bool):
        return ""
    if kind.startswith("text"):
        right = isinstance(node, str) or (kind == "text or list" and is_array(node))
        return "" if right else kind.replace("or", "or a")
    if kind == "list" or kind.startswith("["):
        return "" if is_array(node) else "a list"
    return "" if is_object(node) else "an object"


def _inside(kind: str, node: Any) -> Iterator[tuple[str, str, Any]]:
    """The parts of a node, each with its key and kind."""
    if is_array(node):
        inner = kind[1:-1] if kind.startswith("[") else "text"
        if kind != "list":
            yield from ((str(at), inner, child) for at, child in enumerate(node))
    elif is_object(node) and kind.startswith("{"):
        # An extension may stand in most of these objects, with any value.
        shown = {key: each for key, each in node.items() if is_object(each) or key[:2] != "x-"}
        yield from ((key, kind[1:-1], child) for key, child in shown.items())
    elif is_object(node):
        parts = PARTS.get(kind.removesuffix("?"), {})
        yield from ((key, inner, node[key]) for key, inner in parts.items() if key in node)
