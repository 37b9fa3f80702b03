"""Rewrite schemas so that the generator ignores no part of them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from rsspot.api_diff.schemas import ONE_OF, merged, types_of
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from rsspot.shapes import Json

__all__ = ["rewrite"]

SAYING = frozenset({"properties", "required", "additionalProperties", "allOf", "oneOf", "anyOf"})
"""Keys beside a reference that have a meaning, but that the generator ignores."""
VALID = frozenset({"required", "not", "title", "description", "minProperties", "maxProperties"})
"""Keys of an alternative that restricts values, but describes none."""


def rewrite(root: Json, schema: Json) -> None:
    """Change a schema in place to one that means the same."""
    _types(schema)
    _nullable(schema)
    _open_values(schema)
    _name_values(schema)
    _flatten(root, schema)
    _distribute(root, schema)
    _order(root, schema)


def _types(schema: Json) -> None:
    """Write a single type as text, add implied types, and replace boolean schemas by objects."""
    if is_object(schema.get("default")) or is_array(schema.get("default")):
        del schema["default"]  # the generator knows none for them; the server does
    given = schema.get("type")
    if is_array(given) and len(given) == 1:
        schema["type"] = given[0]
    if "type" not in schema and is_object(schema.get("items")):
        schema["type"] = "array"
    if "array" in types_of(schema) and "items" not in schema and "prefixItems" not in schema:
        schema["items"] = {}
    properties: Any = schema.get("properties")
    if is_object(properties):
        for name, child in properties.items():
            if isinstance(child, bool):
                properties[name] = {} if child else {"not": {}}
    if isinstance(schema.get("items"), bool):
        schema["items"] = {} if schema["items"] else {"not": {}}


def _nullable(schema: Json) -> None:
    """`nullable` beside a reference (OpenAPI 3.0) becomes an alternative."""
    parts = schema.get("allOf")
    if schema.get("nullable") is True and is_array(parts) and "type" not in schema:
        del schema["nullable"]
        whole = {"allOf": schema.pop("allOf")} if len(parts) > 1 else schema.pop("allOf")[0]
        schema["oneOf"] = [whole, {"type": "null"}]


TYPES: dict[type, str] = {bool: "boolean", int: "number", float: "number", str: "string"}


def _open_values(schema: Json) -> None:
    """Remove a list of values that the generator cannot name: it names texts, or whole numbers.

    The package does not check values, so it sends and reads the same without the list.
    """
    key = "const" if "const" in schema else "enum"
    values = [schema["const"]] if key == "const" else schema.get(key)
    if not is_array(values):
        return
    kinds: set[type[Any]] = {type(each) for each in values if each is not None}
    named = ({str}, {int}, {float}) if key == "const" else ({str}, {int})
    if not kinds or kinds in named:
        return
    del schema[key]
    types = sorted({TYPES[kind] for kind in kinds if kind in TYPES})
    if "type" not in schema and kinds <= TYPES.keys():
        schema["type"] = [*types, "null"] if None in values else types
        _types(schema)


def _name_values(schema: Json) -> None:
    """Name the values of an enumeration if the names that the generator would give collide."""
    from openapi_python_client.strings import snake_case

    values = schema.get("enum")
    if not is_array(values):
        return
    given = schema.get("x-enum-varnames")
    if is_array(given) and len({*map(str, given)}) == len(given) == len(values):
        return
    schema.pop("x-enum-varnames", None)
    texts = [each for each in values if isinstance(each, str)]
    names: list[str] = []
    for at, value in enumerate(texts):
        name = snake_case(value).upper() if value[:1].isalpha() else ""
        name = name or f"VALUE_{at}"
        names.append(f"{name}_{at}" if name in names else name)
    plain = {value.upper() for value in texts}
    if len(set(names)) == len(texts) and (len(plain) < len(texts) or names != _plain(texts)):
        schema["x-enum-varnames"] = names


def _plain(texts: list[str]) -> list[str]:
    """Return the names that the generator would give."""
    from openapi_python_client.strings import snake_case

    return [
        snake_case(each).upper() if each[:1].isalpha() else f"VALUE_{at}"
        for at, each in enumerate(texts)
    ]


def _flatten(root: Json, schema: Json) -> None:
    """Merge parts of a schema if the generator would ignore some of them."""
    if "$ref" in schema and "allOf" not in schema and SAYING & schema.keys():
        schema["allOf"] = [{"$ref": schema.pop("$ref")}]
        if str(root.get("openapi", "")).startswith("3.0"):
            for key in SAYING & schema.keys() - {"allOf"}:
                del schema[key]
    parts = schema.get("allOf")
    if not is_array(parts):
        return
    beside = SAYING & schema.keys() - {"allOf"}
    lone = len(parts) == 1 and "$ref" in parts[0] and beside
    nested = any(is_object(each) and _is_nested(root, each) for each in parts)
    if lone or nested or (len(parts) > 1 and _is_plain(merged(root, schema))):
        whole = _copied(root, schema)
        if "title" in schema:
            whole["title"] = schema["title"]
        if "x-both" not in whole:
            schema.clear()
            schema.update(whole)


def _is_plain(whole: Json) -> bool:
    """Return whether a merged schema is a text, a number or the like, and its parts agree on it."""
    types = set(types_of(whole))
    differing = {key for each in whole.get("x-also", ()) for key in each}
    agreed = not differing & {"type", "format", "const"}
    return bool(types) and agreed and not types & {"object", "array"} and "enum" not in whole


def _is_nested(root: Json, part: Json) -> bool:
    inside = part if "$ref" not in part else merged(root, part)
    return "allOf" in part or any(key in inside for key in ONE_OF)


def _distribute(root: Json, schema: Json) -> None:
    """Properties beside alternatives become properties of each alternative."""
    keys = [key for key in ONE_OF if is_array(schema.get(key))]
    if len(keys) != 1 or not schema.keys() & {"properties", "additionalProperties"}:
        return
    (key,) = keys
    choices: list[Any] = schema[key]
    if not all(map(is_object, choices)):
        return
    if all(each.keys() <= VALID for each in choices):
        del schema[key]
        return
    wholes = [merged(root, each) for each in choices]
    if any("object" not in types_of(each) and "properties" not in each for each in wholes):
        return
    base = {name: schema.pop(name) for name in list(schema) if name in BASE}
    schema[key] = [_copied(root, {"allOf": [base, each]}) for each in wholes]


def _copied(root: Json, schema: Json) -> Json:
    """One schema for all parts, without the title of any: models are named after it."""
    whole = copy.deepcopy(merged(root, schema))
    whole.pop("title", None)
    return whole


BASE = frozenset({"type", "properties", "required", "additionalProperties"})


def _order(root: Json, schema: Json) -> None:
    """Put the alternatives with the most required properties first, since they are tried in order.

    One that requires nothing takes any object, so that those behind it are never read.
    """
    for key in ONE_OF:
        choices = schema.get(key)
        if is_array(choices) and all(map(is_object, choices)):
            choices.sort(key=lambda each: -len(set(merged(root, each).get("required", ()))))
