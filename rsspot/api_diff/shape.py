"""What a schema says about values, in one form for OpenAPI 3.0 and 3.1."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rsspot.api_diff import nodes
from rsspot.api_diff.values import is_array, is_object

if TYPE_CHECKING:
    from rsspot.api_diff.values import Json

__all__ = ["Shape", "alternatives", "name_of", "shape"]


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
        """How a report names the type."""
        return " or ".join(sorted(self.types)) or "any"


def shape(root: Json, node: Json) -> Shape:
    """The shape of a schema; parts and alternatives are merged."""
    return _shape(root, node, frozenset())


def _shape(root: Json, node: Json, seen: frozenset[int]) -> Shape:
    if id(node) in seen:
        return Shape()
    seen |= {id(node)}
    if "$ref" in node and str(root.get("openapi", "")).startswith("3.0"):
        # What stands beside a reference is ignored (3.0.3, reference object).
        return _shape(root, nodes.resolve(root, node), seen)
    made = _own(node)
    if "$ref" in node:
        made = _both(made, _shape(root, nodes.resolve(root, node), seen))
    for part in node.get("allOf", ()):
        made = _both(made, _shape(root, part, seen))
    for each in alternatives(node):
        made = _either(made, _shape(root, each, seen))
    return made


def alternatives(node: Json) -> list[Json]:
    """The schemas of which a value follows one, `null` among them."""
    return [each for key in ("oneOf", "anyOf") for each in node.get(key, ()) if is_object(each)]


def _own(node: Json) -> Shape:
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
        nullable="null" in types or node.get("nullable") is True,
        enum=None if enum is None else frozenset(str(each) for each in enum if each is not None),
        properties={
            name: child for name, child in node.get("properties", {}).items() if is_object(child)
        },
        required=frozenset(required),
        items=node["items"] if is_object(node.get("items")) else None,
        values=values if is_object(values) else None,
        evidence="x-evidence" in node,
        sent=node.get("readOnly") is not True,
        read=node.get("writeOnly") is not True,
    )


def _both(one: Shape, other: Shape) -> Shape:
    """What holds for values that follow both."""
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


def _either(one: Shape, other: Shape) -> Shape:
    """What holds for values of `one` that may follow `other`."""
    only_null = not other.types and other.nullable
    made = _both(one, other)
    made.required = one.required if one.types and not only_null else made.required
    made.enum = one.enum if one.types and other.types and other.enum is None else made.enum
    return made


def name_of(node: Json) -> str | None:
    """The name of a named schema: the last part, where it is dotted."""
    reference: Any = node.get("$ref")
    if isinstance(reference, str):
        return reference.rpartition("/")[2].rpartition(".")[2]
    return None
