"""Build SQL statements from fixed names; values are always passed as parameters."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["chunks", "deletion", "insert", "marks", "matching"]

CHUNK = 500
"""Maximum values in one statement; some builds of sqlite accept no more than 999."""


def marks(count: int) -> str:
    """Return the placeholders of `count` values."""
    return ", ".join("?" * count)


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """Split values into lists that are short enough for one statement."""
    rest = iter(values)
    while some := [*islice(rest, CHUNK)]:
        yield some


@lru_cache
def insert(table: str, columns: tuple[str, ...], conflict: str = "") -> str:
    """Return an INSERT of one row; `conflict` handles an existing key."""
    names = ", ".join(columns)
    return f"INSERT {conflict} INTO {table} ({names}) VALUES ({marks(len(columns))})"  # noqa: S608 - our own names


@lru_cache
def matching(columns: tuple[str, ...]) -> str:
    """Return the condition that all of these columns have their values; true without columns."""
    return " AND ".join(f"{column} = ?" for column in columns) or "TRUE"


@lru_cache
def deletion(table: str, columns: tuple[str, ...]) -> str:
    """Return a DELETE of the rows whose columns have their values; of all without columns."""
    return f"DELETE FROM {table} WHERE {matching(columns)}"  # noqa: S608 - our own names
