"""JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902)."""

from __future__ import annotations

import copy
from typing import Any

import jsonpatch
import jsonpointer

from rsspot.sandbox.world import ApiError
from rsspot.shapes import as_list, as_object, is_object

__all__ = ["json_patch", "merge_patch"]


def merge_patch(target: Any, patch: Any) -> Any:
    """Return `target` with `patch` merged in."""
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
    """Return `target` with all operations applied. Raises `ApiError` if one of them fails."""
    if not isinstance(operations, list):
        raise ApiError("BadRequest", "a JSON Patch must be a list of operations")
    try:
        return jsonpatch.apply_patch(target, as_list(operations))
    except jsonpatch.InvalidJsonPatch as error:
        raise ApiError("BadRequest", f"the JSON Patch is not valid: {error}") from None
    except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException, TypeError) as error:
        raise ApiError("Invalid", f"the JSON Patch cannot be applied: {error}") from None
