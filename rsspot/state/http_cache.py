"""Stored responses that processes share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.arguments import KINDS as BASIC_KINDS
from rsspot.arguments import check_arguments, check_fields, check_whole
from rsspot.senders.cache.store import CacheRow
from rsspot.state.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rsspot.state.database import Database

__all__ = ["HTTPCache"]


DAMAGED = CacheRow("", "", b"", 0.0)
FIELDS = {
    "path": BASIC_KINDS["str"],
    "meta": BASIC_KINDS["str"],
    "body": BASIC_KINDS["bytes"],
    "expires_at": BASIC_KINDS["float"],
}


@check_arguments({**KINDS, **BASIC_KINDS}, unchecked={"get", "read", "generation"})
class HTTPCache:
    """Stored responses, by partition and key."""

    def __init__(self, database: Callable[[], Database]) -> None:
        self._database = database

    def get(self, partition: str, key: str) -> CacheRow | None:
        """Return a response. A damaged one is empty, and must be deleted: reading never writes."""
        return self.read(partition, key)[0]

    def read(self, partition: str, key: str) -> tuple[CacheRow | None, int]:
        """Return a response as `get` does, and the generation at the same moment."""
        columns, generation = self._database().get_cached(partition, key)
        if columns is None:
            return None, generation
        _, meta, body, expires_at = columns
        whole = isinstance(meta, str) and isinstance(body, bytes) and isinstance(expires_at, float)
        return CacheRow(*columns) if whole else DAMAGED, generation

    def put(
        self,
        partition: str,
        key: str,
        row: CacheRow,
        *,
        max_entries: int,
        generation: int | None = None,
        now: float | None = None,
    ) -> bool:
        """Store a response; the oldest are dropped beyond `max_entries`, or too many bytes.

        generation: store it only if none were dropped since. now: seconds since the epoch; some
        responses that have expired are dropped too. Returns whether it is stored. Raises
        `InvalidInput` for a row with a value of another type, and changes nothing.
        """
        check_whole("max_entries", max_entries)
        check_fields("row", row, FIELDS)
        return self._database().put_cached(
            {
                "partition": partition,
                "key": key,
                "path": row.path,
                "meta": row.meta,
                "body": row.body,
                "expires_at": float(row.expires_at),
            },
            max_entries,
            generation=generation,
            now=now,
        )

    def delete(self, partition: str, key: str) -> None:
        """Drop one response."""
        self._database().delete("http_cache", (partition, key))

    def drop(self, partition: str, paths: Sequence[str]) -> None:
        """Drop the responses at and below these paths."""
        self._database().drop_cached(partition, paths)

    def clear(self, partition: str | None = None) -> None:
        """Drop all responses, or those of one partition."""
        self._database().delete("http_cache", () if partition is None else (partition,))

    def stats(self, now: float) -> tuple[int, int, int]:
        """Return the number of responses, how many are fresh at `now`, and their size in bytes.

        now: seconds since the epoch.
        """
        rows = self._database().rows("http_cache")
        fresh = sum(float(row["expires_at"]) > now for row in rows)
        size = sum(len(row["body"]) + len(str(row["meta"])) for row in rows)
        return len(rows), fresh, size

    def generation(self) -> int:
        """Return a number that changes whenever any process drops responses."""
        return self._database().generation()
