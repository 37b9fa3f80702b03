"""Schemas with their references followed and the parts of `allOf` in one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.api_diff.nodes import resolve
from rsspot.api_diff.values import is_array, is_object

if TYPE_CHECKING:
    from rsspot.api_diff.values import Json

__all__ = ["ONE_OF", "alternatives", "merged", "types_of"]

ONE_OF = ("oneOf", "anyOf")


def merged(root: Json, schema: Json) -> Json:
    """`schema` without `$ref` and `allOf`: what holds for values that follow all of its parts."""
    return _merged(root, schema, frozenset())


def _merged(root: Json, schema: Json, seen: frozenset[int]) -> Json:
    if id(schema) in seen:
        return {}
    seen |= {id(schema)}
    if "$ref" in schema and str(root.get("openapi", "")).startswith("3.0"):
        # What stands beside a reference is ignored (3.0.3, reference object).
        return _merged(root, resolve(root, schema), seen)
    made: Json = {key: value for key, value in schema.items() if key not in {"$ref", "allOf"}}
    parts = [resolve(root, schema)] if "$ref" in schema else []
    parts += [part for part in schema.get("allOf", ()) if is_object(part)]
    for part in parts:
        made = _both(made, _merged(root, part, seen))
    return made


def _both(one: Json, other: Json) -> Json:
    made = {**other, **one}
    if "properties" in one and "properties" in other:
        made["properties"] = {
            name: _one_property(one["properties"].get(name), other["properties"].get(name))
            for name in (*other["properties"], *one["properties"])
        }
    if "required" in one and "required" in other:
        made["required"] = list(dict.fromkeys([*other["required"], *one["required"]]))
    if "enum" in one and "enum" in other:
        made["enum"] = [each for each in one["enum"] if each in other["enum"]]
    for key in ONE_OF:
        if key in one and key in other:
            # A value follows an alternative of both; the second stays behind under its own key.
            made.setdefault("x-both", []).append(other[key])
    return made


def _one_property(one: Any, other: Any) -> Any:
    if not is_object(one) or not is_object(other):
        return other if one is None else one
    return one if one == other else {"allOf": [one, other]}


def types_of(schema: Json) -> list[str]:
    """The types of a merged schema, `null` among them; empty where it says nothing of them."""
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
    """The schemas of which a value follows one; those of `oneOf` first."""
    return [each for key in ONE_OF for each in schema.get(key, ()) if is_object(each)]
