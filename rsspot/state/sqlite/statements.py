"""Statements that are put together from names of our own: values never go into their text."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["insert", "matching"]


@lru_cache
def insert(table: str, columns: tuple[str, ...], conflict: str = "") -> str:
    """An INSERT of one row; `conflict` says what happens where its key is taken."""
    marks = ", ".join("?" * len(columns))
    return f"INSERT {conflict} INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608 - our own names


@lru_cache
def matching(columns: tuple[str, ...]) -> str:
    """The condition that all of these columns have the values given; true for none."""
    return " AND ".join(f"{column} = ?" for column in columns) or "TRUE"
