"""The shapes that decoded JSON may have, asked for without believing in them."""

from __future__ import annotations

from typing import Any, TypeGuard

__all__ = ["as_list", "as_object", "is_object", "objects_in"]


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Whether `value` is a JSON object."""
    return isinstance(value, dict)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def as_object(value: Any) -> dict[str, Any]:
    """`value` when it is an object, else an empty one."""
    return value if is_object(value) else {}


def as_list(value: Any) -> list[Any]:
    """`value` when it is a list, else an empty one."""
    return value if _is_list(value) else []


def objects_in(value: Any) -> list[dict[str, Any]]:
    """The objects of a list, or of an object's values; what is no object is left out."""
    items = [*value.values()] if is_object(value) else as_list(value)
    return [item for item in items if is_object(item)]
