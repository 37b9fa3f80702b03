"""The structure of an OpenAPI document: where it must have objects, lists and text."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.shapes import Json

__all__ = ["METHODS", "faults"]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""The keys of a path item that are operations."""

# `[kind]` is a list of a kind, `{kind}` an object whose values are of it; `kind?` may be a boolean,
# and `any` is not checked. Other keys are refused, but for those of extensions and schemas.
PARTS: dict[str, dict[str, str]] = {
    "document": {
        "openapi": "text",
        "info": "object",
        "servers": "[server]",
        "security": "[object]",
        "paths": "paths",
        "webhooks": "{path item}",
        "components": "components",
        **dict.fromkeys(("tags", "externalDocs", "jsonSchemaDialect", "$self"), "any"),
    },
    "components": {
        "schemas": "{schema?}",
        "responses": "{response}",
        "parameters": "{parameter}",
        "requestBodies": "{body}",
        "pathItems": "{path item}",
        "headers": "{header}",
        **dict.fromkeys(("examples", "securitySchemes", "links", "callbacks"), "object"),
    },
    "path item": {
        "parameters": "[parameter]",
        "servers": "[server]",
        **dict.fromkeys(METHODS, "operation"),
        **dict.fromkeys(("$ref", "summary", "description"), "any"),
    },
    "operation": {
        "operationId": "text",
        "tags": "[text]",
        "parameters": "[parameter]",
        "requestBody": "body",
        "responses": "{response}",
        "servers": "[server]",
        "security": "[object]",
        "deprecated": "flag",
        **dict.fromkeys(("summary", "description", "externalDocs", "callbacks"), "any"),
    },
    "server": {"url": "text", "variables": "{object}", "description": "any", "name": "any"},
    "parameter": {
        "name": "text",
        "in": "text",
        "required": "flag",
        "style": "text",
        "explode": "flag",
        "allowReserved": "flag",
        "deprecated": "flag",
        "allowEmptyValue": "flag",
        "schema": "schema",
        "content": "{media type}",
        **dict.fromkeys(("$ref", "summary", "description", "example", "examples"), "any"),
    },
    "body": {
        "content": "{media type}",
        "required": "flag",
        **dict.fromkeys(("$ref", "summary", "description"), "any"),
    },
    "response": {
        "content": "{media type}",
        "headers": "{header}",
        **dict.fromkeys(("$ref", "summary", "description", "links"), "any"),
    },
    "media type": {
        "schema": "schema",
        "encoding": "object",
        **dict.fromkeys(("example", "examples"), "any"),
    },
    "schema": {
        "title": "text",
        "type": "text or list",
        "enum": "list",
        "required": "[text]",
        "properties": "{schema?}",
        "items": "schema?",
        "additionalProperties": "schema?",
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), "[schema]"),
        **dict.fromkeys(("nullable", "readOnly", "writeOnly", "deprecated"), "flag"),
    },
}
TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
CLOSED_IN_CASE = (
    "type",
    "properties",
    "required",
    "items",
    "enum",
    "allOf",
    "anyOf",
    "oneOf",
    "additionalProperties",
    "format",
    "const",
    "nullable",
    "default",
)
"""Keys of a schema whose case is checked, since a schema may have any other key."""


def faults(root: Any) -> Iterator[tuple[str, str]]:
    """Yield every place with the wrong type: a pointer, and the problem."""
    waiting: list[tuple[str, str, Any]] = [("#", "document", root)]
    while waiting:
        where, kind, node = waiting.pop()
        if expected := _expected_type(kind, node):
            yield where, f"must be {expected}"
            continue
        yield from ((where, fault) for fault in _key_faults(kind, node))
        for key, inner, child in _children(kind, node):
            waiting.append((f"{where}/{_escaped(key)}", inner, child))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _expected_type(kind: str, node: Any) -> str:
    """Return the type that the node must have; empty if it has that type."""
    if kind.endswith("?") and isinstance(node, bool):
        return ""
    if kind == "any":
        return ""
    if kind == "flag":
        return "" if isinstance(node, bool) else "true or false"
    if kind.startswith("text"):
        right = isinstance(node, str) or (kind == "text or list" and is_array(node))
        return "" if right else kind.replace("or", "or a")
    if kind == "list" or kind.startswith("["):
        return "" if is_array(node) else "a list"
    return "" if is_object(node) else "an object"


def _key_faults(kind: str, node: Any) -> Iterator[str]:
    """Yield the problems of the keys of an object, which would be ignored silently."""
    kind = kind.removesuffix("?")
    if kind == "paths":
        wrong = [key for key in node if not key.startswith(("/", "x-"))]
        yield from (f"has the path `{key}`; begin it with `/`" for key in wrong)
    elif kind == "schema" and is_object(node):
        yield from _schema_faults(node)
    elif kind in PARTS and is_object(node):
        yield from _unknown_keys(kind, node, PARTS[kind])


def _unknown_keys(kind: str, node: Json, known: dict[str, str]) -> Iterator[str]:
    for key in node:
        if key in known or key.startswith("x-"):
            continue
        near = {each.lower(): each for each in known}
        meant = get_close_matches(key.strip().lower(), near, 1, 0.8)
        if meant:
            advice = f"write `{near[meant[0]]}`"
        elif kind == "path item" and is_object(node[key]):
            advice = "an operation has one of its methods"
        else:
            continue  # a key that is not meant for OpenAPI
        yield f"has the key `{key}`, which OpenAPI does not know there; {advice}"


def _schema_faults(node: Any) -> Iterator[str]:
    names = {each.lower(): each for each in CLOSED_IN_CASE}
    for key in node:
        right = names.get(key.lower())
        if right not in {None, key}:
            yield f"has the key `{key}`; write `{right}`"
    if "$dynamicRef" in node:
        yield "has a `$dynamicRef`, which is not followed; write `$ref` to the schema that is meant"
    types = node.get("type", "object")
    if types == []:
        yield "has an empty list as its type; name one, or remove `type`"
    for each in types if is_array(types) else [types]:
        if isinstance(each, str) and each not in TYPES:
            yield f"has the type `{each}`, which JSON Schema does not know; correct it"


def _children(kind: str, node: Any) -> Iterator[tuple[str, str, Any]]:
    """Yield the parts of a node, each with its key and kind."""
    if is_array(node):
        inner = kind[1:-1] if kind.startswith("[") else "text"
        if kind not in {"list", "any"}:
            yield from ((str(at), inner, child) for at, child in enumerate(node))
    elif kind == "paths":
        yield from ((key, "path item", each) for key, each in node.items() if key[:1] == "/")
    elif is_object(node) and kind.startswith("{"):
        # Most of these objects may have extensions, with any value.
        shown = {key: each for key, each in node.items() if is_object(each) or key[:2] != "x-"}
        yield from ((key, kind[1:-1], child) for key, child in shown.items())
    elif is_object(node):
        parts = PARTS.get(kind.removesuffix("?"), {})
        yield from ((key, inner, node[key]) for key, inner in parts.items() if key in node)
