"""Schemas in one form: references followed, allOf merged, OpenAPI 3.0 and 3.1 alike."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rsspot.api_diff.nodes import resolve
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from rsspot.shapes import Json

__all__ = [
    "ONE_OF",
    "Shape",
    "alternatives",
    "merged",
    "name_of",
    "shape",
    "types_of",
]

ONE_OF = ("oneOf", "anyOf")
NEVER_CONFLICT = frozenset({"properties", "required", "enum", *ONE_OF, "x-both", "x-also"}) | {
    *("title", "description", "example", "examples", "externalDocs", "x-evidence", "x-facts")
}
"""Keys of two schemas that are merged in a way of their own, or that only people read."""


def merged(root: Json, schema: Json) -> Json:
    """Return `schema` with `$ref` resolved and `allOf` merged."""
    return _merged(root, schema, frozenset())


def _merged(root: Json, schema: Json, seen: frozenset[int]) -> Json:
    if id(schema) in seen:
        return {}
    seen |= {id(schema)}
    if "$ref" in schema and str(root.get("openapi", "")).startswith("3.0"):
        # OpenAPI 3.0 ignores the siblings of a reference (3.0.3, reference object).
        return _merged(root, resolve(root, schema), seen)
    made: Json = {key: value for key, value in schema.items() if key not in {"$ref", "allOf"}}
    parts = [resolve(root, schema)] if "$ref" in schema else []
    parts += [part for part in schema.get("allOf", ()) if is_object(part)]
    for part in parts:
        made = _merge_two(made, _merged(root, part, seen))
    return made


def _merge_two(one: Json, other: Json) -> Json:
    made = {**other, **one}
    if "properties" in one and "properties" in other:
        made["properties"] = {
            name: _merge_property(one["properties"].get(name), other["properties"].get(name))
            for name in (*other["properties"], *one["properties"])
        }
    if "required" in one and "required" in other:
        made["required"] = list(dict.fromkeys([*other["required"], *one["required"]]))
    if "enum" in one and "enum" in other:
        made["enum"] = [each for each in one["enum"] if each in other["enum"]]
    for key in ONE_OF:
        if key in one and key in other:
            # A value is valid in an alternative of both; the second is kept under its own key.
            made.setdefault("x-both", []).append(other[key])
    also = [each for side in (one, other) for each in side.get("x-also", ())]
    # A value has to follow both; the second is kept, so that it is not lost.
    shared = sorted((one.keys() & other.keys()) - NEVER_CONFLICT)
    also += [{key: other[key]} for key in shared if one[key] != other[key]]
    if also:
        made["x-also"] = also
    return made


def _merge_property(one: Any, other: Any) -> Any:
    if not is_object(one) or not is_object(other):
        return other if one is None else one
    return one if one == other else {"allOf": [one, other]}


def types_of(schema: Json) -> list[str]:
    """Return the types of a merged schema, including `null`; empty if it has none."""
    given = schema.get("type")
    types: list[str] = list(given) if is_array(given) else [str(given)] if given else []
    if not types and any(key in schema for key in ("properties", "additionalProperties")):
        types = ["object"]
    if not types and any(key in schema for key in ("items", "prefixItems")):
        types = ["array"]
    if schema.get("nullable") is True and types and "null" not in types:
        types.append("null")
    return types


def alternatives(schema: Json) -> list[Json]:
    """Return the alternative schemas of a value; those of `oneOf` first."""
    return [each for key in ONE_OF for each in schema.get(key, ()) if is_object(each)]


@dataclass
class Shape:
    """The parts of a schema that a caller can notice."""

    types: frozenset[str] = frozenset()
    nullable: bool = False
    enum: frozenset[str] | None = None
    properties: dict[str, Json] = field(default_factory=dict[str, "Json"])
    required: frozenset[str] = frozenset()
    items: Json | None = None
    values: Json | None = None
    evidence: bool = False
    sent: bool = True
    read: bool = True

    @property
    def type(self) -> str:
        """The name of the type in reports."""
        return " or ".join(sorted(self.types)) or "any"


def shape(root: Json, node: Json) -> Shape:
    """Return the shape of a schema, with its parts and alternatives merged."""
    return _shape(root, node, frozenset())


def _shape(root: Json, node: Json, seen: frozenset[int]) -> Shape:
    if id(node) in seen:
        return Shape()
    seen |= {id(node)}
    if "$ref" in node and str(root.get("openapi", "")).startswith("3.0"):
        # OpenAPI 3.0 ignores the siblings of a reference (3.0.3, reference object).
        return _shape(root, resolve(root, node), seen)
    made = _shape_without_parts(node)
    if "$ref" in node:
        made = _shape_of_both(made, _shape(root, resolve(root, node), seen))
    for part in node.get("allOf", ()):
        made = _shape_of_both(made, _shape(root, part, seen))
    for each in alternatives(node):
        made = _shape_of_either(made, _shape(root, each, seen))
    return made


def _shape_without_parts(node: Json) -> Shape:
    given = node.get("type")
    types: set[str] = set(given if is_array(given) else [given] if given else [])
    enum: list[Any] | None = node.get("enum", [node["const"]] if "const" in node else None)
    if not types and "properties" in node:
        types = {"object"}
    elif not types and enum and all(isinstance(each, str) for each in enum):
        types = {"string"}
    required: list[str] = node.get("required", [])
    values = node.get("additionalProperties")
    return Shape(
        types=frozenset(types - {"null"}),
        nullable="null" in types
        or node.get("nullable") is True
        or (not types and enum is not None and None in enum),
        enum=None
        if enum is None
        else frozenset(_enum_text(each) for each in enum if each is not None),
        properties={name: _as_object(child) for name, child in node.get("properties", {}).items()},
        required=frozenset(required),
        items=_as_object(node["items"]) if "items" in node else None,
        values=values if is_object(values) else None,
        evidence="x-evidence" in node,
        sent=node.get("readOnly") is not True,
        read=node.get("writeOnly") is not True,
    )


def _as_object(schema: Any) -> Json:
    """Return a schema as an object; it may be a boolean (JSON Schema 2020-12, section 4.3.2)."""
    if is_object(schema):
        return schema
    return {"not": {}} if schema is False else {}


def _enum_text(value: Any) -> str:
    """Return a value of an enumeration as text; `"1"` is not `1`."""
    text = json.dumps(value, ensure_ascii=False)
    plain = isinstance(value, str) and value not in {"true", "false"} and not value.isdecimal()
    return str(value) if plain else text


def _shape_of_both(one: Shape, other: Shape) -> Shape:
    """Return the shape of values that are valid in both."""
    return Shape(
        types=one.types | other.types,
        nullable=one.nullable or other.nullable,
        enum=one.enum if one.enum is not None else other.enum,
        properties=other.properties | one.properties,
        required=one.required | other.required,
        items=one.items or other.items,
        values=one.values or other.values,
        evidence=one.evidence or other.evidence,
        sent=one.sent and other.sent,
        read=one.read and other.read,
    )


def _shape_of_either(one: Shape, other: Shape) -> Shape:
    """Return the shape of values of `one` that may be valid in `other`."""
    only_null = not other.types and other.nullable
    made = _shape_of_both(one, other)
    made.required = one.required if one.types and not only_null else made.required
    made.enum = one.enum if one.types and other.types and other.enum is None else made.enum
    return made


def name_of(node: Json) -> str | None:
    """Return the name of a named schema: the last part of a dotted name."""
    reference: Any = node.get("$ref")
    if isinstance(reference, str):
        return reference.rpartition("/")[2].rpartition(".")[2]
    return None
