"""The HTTP cache on sqlite; `rsspot.state.database` documents each method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.state.sqlite.schema import KEYS
from rsspot.state.sqlite.statements import deletion, insert

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from rsspot.state.database import Row
    from rsspot.state.sqlite.connections import Connections

__all__ = ["Responses"]

DROPS = "SELECT drops FROM cache_size"
DROP = "UPDATE cache_size SET drops = drops + 1"
"""Other processes, which have responses in memory, notice this even if no row is deleted."""
CACHED = (
    "SELECT drops, path, meta, body, expires_at FROM cache_size "
    "LEFT JOIN http_cache ON partition = ? AND key = ?"
)
FORGET_OLDEST = "DELETE FROM http_cache WHERE id IN (SELECT id FROM http_cache ORDER BY id LIMIT ?)"
FORGET_EXPIRED = (
    "DELETE FROM http_cache WHERE id IN "
    "(SELECT id FROM http_cache WHERE expires_at < ? ORDER BY expires_at LIMIT ?)"
)
MAX_BYTES = 256 * 1024 * 1024
"""Maximum bytes of all bodies in the file together."""
STEP = 8
"""Maximum rows that one insert deletes, so that no insert takes long."""


class Responses:
    """Stores a limited number of responses over `connections`."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def get_cached(self, partition: str, key: str) -> tuple[tuple[str, Any, Any, Any] | None, int]:
        drops, path, meta, body, expires_at = self._connections.fetch(CACHED, (partition, key))
        return (None if path is None else (path, meta, body, expires_at)), drops

    def put_cached(
        self, row: Row, most: int, *, generation: int | None = None, now: float | None = None
    ) -> bool:
        def work(connection: sqlite3.Connection) -> bool:
            if generation not in {None, connection.execute(DROPS).fetchone()[0]}:
                return False
            key = (row["partition"], row["key"])
            connection.execute("DELETE FROM http_cache WHERE partition = ? AND key = ?", key)
            connection.execute(insert("http_cache", tuple(row)), tuple(row.values()))
            if now is not None:
                connection.execute(FORGET_EXPIRED, (now, STEP))
            # Triggers maintain the sums, and ids give the order, so the table is never scanned.
            count, size = connection.execute("SELECT count, bytes FROM cache_size").fetchone()
            while count > most or (size > MAX_BYTES and count > 1):
                excess = max(count - most, STEP if size > MAX_BYTES else 1)
                connection.execute(FORGET_OLDEST, (min(excess, count - 1) or 1,))
                count, size = connection.execute("SELECT count, bytes FROM cache_size").fetchone()
            return True

        return self._connections.write(work)

    def clear(self, partition: tuple[str, ...]) -> None:
        """Delete the responses of a partition; without one, all."""
        statement = deletion("http_cache", KEYS["http_cache"][: len(partition)])

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(DROP)
            connection.execute(statement, partition)

        self._connections.write(work)

    def drop_cached(self, partition: str, paths: Sequence[str]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute(DROP)
            for path in paths:
                # "0" sorts after "/", so this range has all paths below this one.
                connection.execute(
                    "DELETE FROM http_cache WHERE partition = ? "
                    "AND (path = ? OR (path > ? AND path < ?))",
                    (partition, path, f"{path}/", f"{path}0"),
                )

        self._connections.write(work)

    def generation(self) -> int:
        drops: int = self._connections.fetch(DROPS)[0]
        return drops
