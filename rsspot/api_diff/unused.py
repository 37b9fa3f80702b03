"""Schemas that no operation uses: each is a model of the package, too."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rsspot.api_diff.difference import Difference, Level, Place
from rsspot.api_diff.nodes import DATA, lookup, pointer
from rsspot.shapes import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.api_diff.schema_comparison import SchemaComparison
    from rsspot.shapes import Json

__all__ = ["differences"]


def differences(schemas: SchemaComparison) -> Iterator[Difference]:
    """Yield the differences of the schemas that no operation of either document uses."""
    left, right = (_named(root) for root in (schemas.ours, schemas.upstream))
    used = [_used(root) for root in (schemas.ours, schemas.upstream)]
    for name in sorted(left.keys() | right.keys()):
        ours, upstream = left.get(name), right.get(name)
        reference = _reference(name)
        if any(reference in each for each in used):
            continue
        if ours is None or upstream is None:
            said = ["absent" if each is None else "present" for each in (ours, upstream)]
            yield Difference(_level(ours), "schema", f"schema {name}", *said)
            continue
        for sent in (True, False):
            place = Place(f"schema {name}", sent, evidence="x-evidence" in ours)
            node = {"$ref": reference}
            for each in schemas.differences(node, node, place):
                # No request and no response is concerned.
                level = Level.COMPATIBLE if each.level is Level.BREAKING else each.level
                yield replace(each, level=level)


def _level(ours: Json | None) -> Level:
    if ours is None:
        return Level.ADDITION
    return Level.EXTENSION if "x-evidence" in ours else Level.COMPATIBLE


def _named(root: Json) -> dict[str, Json]:
    found: Any = root.get("components", {}).get("schemas") or {}
    return {name: each if is_object(each) else {} for name, each in found.items()}


def _reference(name: str) -> str:
    return f"#/components/schemas/{pointer(name)}"


def _used(root: Json) -> set[str]:
    """Return all references that follow from the operations."""
    found = set[str]()
    waiting: list[Any] = [root.get("paths"), root.get("webhooks")]
    while waiting:
        node = waiting.pop()
        if is_object(node):
            reference = node.get("$ref")
            if isinstance(reference, str) and reference not in found:
                found.add(reference)
                waiting.append(lookup(root, reference))
            waiting += [child for key, child in node.items() if key not in DATA]
        elif is_array(node):
            waiting += node
    return found
