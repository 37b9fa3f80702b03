"""The memory cache: responses by key; the least recently used are dropped first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from rsspot.flow.forks import reset_in_child

if TYPE_CHECKING:
    from rsspot.senders.cache.entry import CacheEntry

__all__ = ["MemoryCache"]

MAX_BYTES = 64 * 1024 * 1024
"""Maximum bytes of all bodies in memory together, decoded."""


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
