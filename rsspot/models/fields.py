"""The kinds of fields that views have: text, numbers, money, times, other views."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.models.quantities import read_cpu, read_memory, read_price, read_time
from rsspot.models.view import Field, View
from rsspot.shapes import as_list, as_object, objects_in

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

__all__ = [
    "boolean",
    "count",
    "cpu",
    "integer",
    "labels",
    "many",
    "memory",
    "money",
    "names",
    "one",
    "optional_text",
    "text",
    "timestamp",
]

V = TypeVar("V", bound=View[Any])


def _read_text(value: Any) -> str:
    if isinstance(value, dict | list):
        raise ValueError("not text")  # noqa: TRY004 - one error for every bad value
    return value if isinstance(value, str) else str(value)


def _read_whole(value: Any) -> int:
    if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
        raise ValueError(f"not a whole number: {value!r}")
    return int(value)


def _read_flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"not true or false: {value!r}")  # noqa: TRY004 - one error for all
    return value


def _read_names(value: Any) -> tuple[str, ...]:
    return tuple([item for item in as_list(value) if isinstance(item, str)])


def _read_labels(value: Any) -> Mapping[str, str]:
    found = as_object(value)
    for item in found.values():
        if not isinstance(item, str):
            found = {key: text for key, text in found.items() if isinstance(text, str)}
            break
    return MappingProxyType(found)


def text(*path: str, default: str = "") -> Field[str]:
    """Return a field of text; `default` where it is absent."""
    return Field(_read_text, path, default, kept=str)


def optional_text(*path: str) -> Field[str | None]:
    """Return a field of text, or None where it is absent."""
    return Field[str | None](_read_text, path, None, kept=str)


def integer(*path: str) -> Field[int | None]:
    """Return a field of an integer, or None where it is absent."""
    return Field[int | None](_read_whole, path, None, kept=int)


def count(*path: str) -> Field[int]:
    """Return a field of an integer; 0 where it is absent."""
    return Field(_read_whole, path, 0, kept=int)


def boolean(*path: str) -> Field[bool]:
    """Return a field of true or false; false where it is absent."""
    return Field(_read_flag, path, default=False, kept=bool)


def money(*path: str) -> Field[Decimal | None]:
    """Return a field of US dollars, or None where there is no price."""
    return Field["Decimal | None"](read_price, path, None)


def timestamp(*path: str) -> Field[datetime | None]:
    """Return a field of a time with its time zone, or None."""
    return Field["datetime | None"](read_time, path, None)


def cpu(*path: str) -> Field[int | float | None]:
    """Return a field of a number of virtual CPUs, or None."""
    return Field[int | float | None](read_cpu, path, None)


def memory(*path: str) -> Field[int | None]:
    """Return a field of bytes, or None."""
    return Field[int | None](read_memory, path, None)


def names(*path: str) -> Field[tuple[str, ...]]:
    """Return a field of names; empty where there are none."""
    return Field[tuple[str, ...]](_read_names, path, ())


def labels(*path: str) -> Field[Mapping[str, str]]:
    """Return a field of a mapping of text to text; empty where there is none."""
    return Field[Mapping[str, str]](_read_labels, path, MappingProxyType({}))


def one(kind: type[V], *path: str) -> Field[V | None]:
    """Return a field of one view, or None."""
    return Field[V | None](kind, path, None)


def many(kind: type[V], *path: str) -> Field[tuple[V, ...]]:
    """Return a field of views of the objects in a list, or of the values of a map."""

    def read(value: Any) -> tuple[V, ...]:
        return tuple(kind.each_of(objects_in(value)))

    return Field[tuple[V, ...]](read, path, ())
