"""Decoded JSON, and what it is."""

from __future__ import annotations

from typing import Any, TypeGuard

__all__ = ["Json", "is_array", "is_object"]

Json = dict[str, Any]


def is_object(value: object) -> TypeGuard[Json]:
    """Whether it is a JSON object."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[Any]]:
    """Whether it is a JSON array."""
    return isinstance(value, list)
