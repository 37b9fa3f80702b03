"""Detect state files of rsspot 0.3.0, without changing them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["LEGACY_TABLES", "is_legacy_state"]

MAGIC = b"SQLite format 3\0"
LEGACY_TABLES = frozenset({"preferences", "http_cache", "command_history", "registration_ledger"})
"""The tables of rsspot 0.3.0."""


def is_legacy_state(path: Path) -> bool:
    """Return whether there is one at `path`; False if it cannot be read."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                return False
    except (OSError, ValueError):
        return False
    import sqlite3
    from contextlib import closing

    # Reading leaves files beside one that has no log yet, unless sqlite is told that none writes.
    log = path.with_name(f"{path.name}-wal")
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro{'' if log.exists() else '&immutable=1'}"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master").fetchall()
    except sqlite3.Error:
        return False
    return {name for (name,) in found} >= LEGACY_TABLES
