"""Patches: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902)."""

from __future__ import annotations

import copy
from typing import Any

from rsspot.models.shapes import as_list, as_object, is_object
from rsspot.sandbox.status import Refused

__all__ = ["json_patch", "merge_patch"]


def merge_patch(target: Any, patch: Any) -> Any:
    """`target` with `patch` merged in."""
    if not is_object(patch):
        return copy.deepcopy(patch)
    result = dict(as_object(target))
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result


def json_patch(target: Any, operations: Any) -> Any:
    """`target` with the operations add, replace, remove and test applied, all or none."""
    if not isinstance(operations, list):
        raise Refused(400, "a JSON Patch is a list of operations")
    result = copy.deepcopy(target)
    for operation in as_list(operations):
        try:
            _apply(result, operation["op"], operation["path"], operation)
        except (KeyError, IndexError, TypeError, ValueError):
            raise Refused(422, f"the patch cannot be applied: {operation!r:.200}") from None
    return result


def _apply(document: Any, verb: str, path: str, operation: dict[str, Any]) -> None:
    *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]
    node: Any = document
    for part in parents:
        node = node[int(part) if _is_list(node) else part]
    key: Any = last
    is_list = _is_list(node)
    if is_list:
        key = len(node) if last == "-" else int(last)
    if verb == "add" and is_list:
        node.insert(key, operation["value"])
    elif verb == "add":
        node[key] = operation["value"]
    elif verb == "replace":
        del node[key]
        if is_list:
            node.insert(key, operation["value"])
        else:
            node[key] = operation["value"]
    elif verb == "remove":
        del node[key]
    elif verb != "test" or node[key] != operation["value"]:
        raise ValueError(verb)


def _is_list(node: Any) -> bool:
    return isinstance(node, list)
