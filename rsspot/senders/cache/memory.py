"""The memory cache: responses by key; the least recently used are dropped first."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from math import isfinite
from typing import TYPE_CHECKING, Any

from attrs import define, field

from rsspot.flow.forks import reset_in_child
from rsspot.senders.headers import Headers
from rsspot.senders.messages import Response
from rsspot.shapes import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CacheEntry", "MemoryCache"]

MAX_BYTES = 64 * 1024 * 1024
"""Maximum bytes of all bodies in memory together, decoded."""


@define
class CacheEntry:
    """One stored response, with times in seconds since the epoch.

    It was stored at `stored_at`, `age` seconds old. `vary` holds the request fields that it depends
    on.
    """

    url: str
    path: str
    headers: Headers
    body: bytes = field(repr=False)
    fresh_until: float
    stale_until: float
    stored_at: float
    age: float = 0.0
    vary: tuple[tuple[str, str | None], ...] = ()
    memo: dict[Any, Any] = field(factory=dict[Any, Any], repr=False)
    _aged: tuple[int, Headers] = field(default=(-1, Headers()), init=False, repr=False, eq=False)
    """The header fields with the age at the last reuse: most reuses are within one second."""

    def is_fresh(self, now: float) -> bool:
        """Return whether it may be reused; not before it was stored: the clock was set back."""
        return self.stored_at <= now < self.fresh_until

    def may_replace_error(self, now: float) -> bool:
        """Return whether it may replace an error."""
        return self.stored_at <= now < self.stale_until

    def age_at(self, now: float) -> float:
        """Return its age in seconds (RFC 9111, section 4.2.3)."""
        return self.age + max(0.0, now - self.stored_at)

    def response(self, now: float) -> Response:
        """Return the response for reuse, with its age (RFC 9111, section 4)."""
        age = int(max(0.0, self.age_at(now)))
        if age != self._aged[0]:
            self._aged = age, self.headers.replace({"Age": str(age)})
        response = Response(self.url, self._aged[1], 200, body=self.body)
        response.memo, response.redirected = self.memo, False
        return response

    def matches(self, headers: Mapping[str, str]) -> bool:
        """Return whether a request with these headers gets the same response (RFC 9111, 4.1)."""
        return not self.vary or all(headers.get(name) == value for name, value in self.vary)

    def to_meta(self) -> str:
        """Return all but URL, path and body as JSON. The URL has a query, which is not revealed."""
        content = {
            "headers": list(self.headers.items()),
            "fresh_until": self.fresh_until,
            "stale_until": self.stale_until,
            "stored_at": self.stored_at,
            "age": self.age,
            "vary": self.vary,
        }
        return json.dumps(content)

    @classmethod
    def from_meta(cls, url: str, path: str, meta: str, body: bytes) -> CacheEntry | None:
        """Return the entry that `to_meta` wrote, or None for anything else."""
        try:
            content = as_object(json.loads(meta))
            fields = dict(as_list(content["headers"]))
            times = [
                float(content[name]) for name in ("fresh_until", "stale_until", "stored_at", "age")
            ]
            if not all(isinstance(text, str) for each in fields.items() for text in each):
                return None
            if not all(map(isfinite, times)):
                return None
            return cls(
                url=url,
                path=path,
                headers=Headers(fields),
                body=body,
                fresh_until=times[0],
                stale_until=times[1],
                stored_at=times[2],
                age=times[3],
                vary=tuple((name, value) for name, value in as_list(content["vary"])),
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            return None


class MemoryCache:
    """A thread-safe cache in memory, limited in number and in bytes.

    `epoch` changes with every write. `bypassed` means that stored responses anywhere may be out of
    date, and must not be used any more.
    """

    def __init__(self, max_size: int | None = None, *, max_bytes: int = MAX_BYTES) -> None:
        self.max_size = max_size
        self.max_bytes = max_bytes
        self.size: int = 0
        self.epoch: int = 0
        self.generation: int | None = None
        self.bypassed = False
        self._kept: OrderedDict[str, CacheEntry] = OrderedDict()
        self.after_fork()
        reset_in_child(self)

    def after_fork(self) -> None:
        """Replace the lock by a new one, which nobody holds."""
        self._guard = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def keys(self) -> list[str]:
        """Return the keys of all entries, the least recently used first."""
        with self._guard:
            return [*self._kept]

    def get(self, key: str) -> CacheEntry | None:
        """Return the entry of a key, which becomes the most recently used."""
        with self._guard:
            entry = self._kept.get(key)
            if entry is not None:
                self._kept.move_to_end(key)
            return entry

    def put(self, key: str, entry: CacheEntry, epoch: int) -> bool:
        """Store an entry, unless something was written since `epoch`."""
        with self._guard:
            if epoch != self.epoch:
                return False
            self._remove(key)
            self._kept[key] = entry
            self.size += len(entry.body)
            while self._kept and (
                self.size > self.max_bytes
                or (self.max_size is not None and len(self) > self.max_size)
            ):
                self._remove(next(iter(self._kept)))
            return True

    def drop(self, paths: tuple[str, ...]) -> None:
        """Drop the entries at and below these paths; reads under way are not stored."""
        beneath = tuple(f"{path}/" for path in paths)
        with self._guard:
            self.epoch += 1
            for key, entry in list(self._kept.items()):
                if entry.path in paths or entry.path.startswith(beneath):
                    self._remove(key)

    def follow(self, generation: int) -> None:
        """Drop all entries if another process has dropped any since the last call."""
        if generation == self.generation:
            return
        if self.generation is not None:
            self.clear()
        self.generation = generation

    def forget(self, key: str) -> None:
        """Drop one entry."""
        with self._guard:
            self._remove(key)

    def clear(self) -> None:
        """Drop all entries."""
        with self._guard:
            self.epoch += 1
            self.size = 0
            self._kept.clear()

    def _remove(self, key: str) -> None:
        entry = self._kept.pop(key, None)
        if entry is not None:
            self.size -= len(entry.body)
