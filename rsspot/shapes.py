"""Check values of unknown type, such as decoded JSON, and name their types."""

from __future__ import annotations

from collections.abc import Mapping
from types import CoroutineType
from typing import TYPE_CHECKING, Any, TypeGuard

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Json",
    "as_list",
    "as_object",
    "at",
    "is_array",
    "is_mapping",
    "is_object",
    "is_sequence",
    "is_unawaited",
    "is_unicode",
    "objects_in",
    "type_name",
]

Json = dict[str, Any]
"""A JSON object."""


def is_object(value: Any) -> TypeGuard[dict[str, Any]]:
    """Return whether `value` is a JSON object."""
    return isinstance(value, dict)


def is_mapping(value: Any) -> TypeGuard[Mapping[Any, Any]]:
    """Return whether `value` is a mapping."""
    return isinstance(value, Mapping)


def is_sequence(value: Any) -> TypeGuard[tuple[Any, ...] | list[Any]]:
    """Return whether `value` is a tuple or a list."""
    return isinstance(value, tuple | list)


def is_array(value: Any) -> TypeGuard[list[Any]]:
    """Return whether `value` is a JSON array."""
    return isinstance(value, list)


def as_object(value: Any) -> dict[str, Any]:
    """Return `value` if it is an object, else an empty one."""
    return value if is_object(value) else {}


def as_list(value: Any) -> list[Any]:
    """Return `value` if it is a list, else an empty one."""
    return value if is_array(value) else []


def is_unicode(text: str) -> bool:
    """Return whether a text can be encoded: it has no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def objects_in(value: Any) -> list[dict[str, Any]]:
    """Return the objects in a list, or among the values of an object."""
    items = value.values() if is_object(value) else as_list(value)
    return [item for item in items if isinstance(item, dict)]


def at(value: Any, path: Iterable[str]) -> Any:
    """Return the value at a path in nested objects, or None."""
    for key in path:
        value = as_object(value).get(key)
    return value


def is_unawaited(value: Any) -> bool:
    """Return whether `value` is what an async call returns before it is awaited."""
    return hasattr(value.__class__, "__await__")


def type_name(value: Any) -> str:
    """Return the name of the type of a value that an error refuses.

    A coroutine is closed: Python would warn that it was never awaited, and the error says so.
    """
    name = type(value).__name__
    if not is_unawaited(value):
        return name
    if isinstance(value, CoroutineType):
        value.close()
    return f"{name} that was not awaited (write `await` before its call)"
