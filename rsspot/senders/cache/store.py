"""The persistent cache: a store that processes share, and whose failures fail no call."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from rsspot.errors import StateError
from rsspot.flow.blocking import block
from rsspot.flow.flow import run
from rsspot.flow.patience import waiting_at_most
from rsspot.senders.cache.entry import CacheEntry
from rsspot.senders.cache.keys import hashed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsspot.flow.flow import Flow
    from rsspot.senders.cache.memory import MemoryCache
    from rsspot.senders.messages import Request

__all__ = ["CacheRow", "CacheStore", "PersistentCache"]

T = TypeVar("T")

STALE_ON_DISK = 86_400.0
"""Seconds that an expired response is kept on disk, to be validated with its ETag."""


class CacheRow(NamedTuple):
    """A stored response: its path, its metadata (JSON), and its body."""

    path: str
    meta: str
    body: bytes
    expires_at: float


class CacheStore(Protocol):
    """Keeps responses between processes. Raises `StateError`."""

    def read(self, partition: str, key: str) -> tuple[CacheRow | None, int]:
        """Return one response, or None; and the generation at the same moment."""
        ...

    def put(
        self,
        partition: str,
        key: str,
        row: CacheRow,
        *,
        max_entries: int,
        generation: int | None,
        now: float,
    ) -> bool:
        """Store a response unless any were dropped since `generation`; return whether it is stored.

        now: the time at which other responses may have expired.
        """
        ...

    def delete(self, partition: str, key: str) -> None:
        """Drop one response."""
        ...

    def drop(self, partition: str, paths: Sequence[str]) -> None:
        """Drop the responses at and below these paths."""
        ...

    def clear(self, partition: str | None = None) -> None:
        """Drop all responses, or those of one partition."""
        ...

    def generation(self) -> int:
        """Return a number that changes whenever any process drops responses."""
        ...


class PersistentCache:
    """The responses of one partition of a store, in front of which is `memory`.

    A failure is reported once. If a response could not be read or stored, the store is not used any
    more. If responses could not be dropped, the whole cache of all who share `memory` is not used
    any more, since it may be out of date.
    """

    def __init__(
        self, store: CacheStore, partition: str, memory: MemoryCache, max_entries: int
    ) -> None:
        self._store = store
        self._partition = partition
        self._memory = memory
        self._max_entries = max_entries
        self._opened = False
        self._failed = False

    def recall(self, key: str, now: float) -> CacheEntry | None:
        """Return the fresh response in memory, unless another process has dropped any since."""
        memory = self._memory
        epoch = memory.epoch
        known = memory.get(key)
        if known is None or not known.is_fresh(now):
            return None
        if self._failed:
            return known
        if not self._opened:
            return None
        try:
            generation = self._store.generation()
        except StateError:
            return None  # `look` reports it
        if generation != memory.generation:
            memory.follow(generation)
        return known if memory.epoch == epoch else None

    def look(self, key: str, request: Request, now: float) -> Flow[CacheEntry | None]:
        """Return the stored response, which another process may have renewed; else that in memory.

        To be called after `recall`.
        """
        memory = self._memory
        if self._failed:
            return memory.get(key)
        try:
            if not self._opened:
                # Opening the store may block; a read afterwards does not.
                yield from _in_time(request, block(self._store.generation))
                self._opened = True
            row, generation = self._store.read(self._partition, hashed(key))
            memory.follow(generation)
            epoch = memory.epoch
            entry = None
            if row is not None:
                entry = CacheEntry.from_meta(request.url, row.path, row.meta, row.body)
                if entry is None:  # it is damaged
                    dropping = block(self._store.delete, self._partition, hashed(key))
                    yield from _in_time(request, dropping)
        except StateError as error:
            self._fail(error)
            return None
        known = memory.get(key)
        if entry is None or (known is not None and not _is_newer(entry, known, now)):
            return known
        memory.put(key, entry, epoch)  # unless it was dropped since it was read
        return entry

    def keep(
        self, key: str, entry: CacheEntry, request: Request, generation: int | None, now: float
    ) -> Flow[bool]:
        """Store a response that was requested when the store was at `generation`."""
        if self._failed:
            return True
        try:
            putting = block(self._put, key, entry, generation, now)
            kept = yield from _in_time(request, putting)
        except StateError as error:
            self._fail(error)
            return True
        return kept

    def _put(self, key: str, entry: CacheEntry, generation: int | None, now: float) -> bool:

        until = max(entry.fresh_until, entry.stale_until) + STALE_ON_DISK
        row = CacheRow(entry.path, entry.to_meta(), entry.body, until)
        return self._store.put(
            self._partition,
            hashed(key),
            row,
            max_entries=self._max_entries,
            generation=generation,
            now=now,
        )

    def forget(self, key: str, request: Request) -> Flow[None]:
        """Drop one response, which is not valid any more."""
        if self._failed:
            return
        try:
            dropping = block(self._store.delete, self._partition, hashed(key))
            yield from _in_time(request, dropping)
        except StateError as error:
            self._fail(error)

    def drop(self, paths: tuple[str, ...], request: Request | None = None) -> Flow[None]:
        """Drop the responses at and below these paths, also after a failure to store."""
        try:
            yield from _in_time(request, block(self._store.drop, self._partition, paths))
        except StateError as error:
            from rsspot.senders.reporting import report

            self._memory.bypassed = True
            report(f"The cache is no longer used: {error}")

    def drop_aside(self, paths: tuple[str, ...]) -> None:
        """Do the same where nobody can wait: the loop of an abandoned task continues."""
        try:
            threading.Thread(target=run, args=(self.drop(paths),), name="rsspot-drop").start()
        except RuntimeError:  # the system has no more threads, or the interpreter is ending
            run(self.drop(paths))

    def clear(self) -> None:
        """Drop all responses of this partition. Raises `StateError`."""
        self._store.clear(self._partition)

    def _fail(self, error: StateError) -> None:
        from rsspot.senders.reporting import report

        self._failed = True
        report(f"Responses are no longer shared between processes: {error}")


def _in_time(request: Request | None, flow: Flow[T]) -> Flow[T]:
    """Run a flow that calls the store, and may wait for a half of the request's total time.

    The rest is for the request itself, which needs no cache.
    """
    timeouts = None if request is None else request.options.timeouts
    total = None if timeouts is None else timeouts.total
    return waiting_at_most(None if total is None else total / 2, flow)


def _is_newer(entry: CacheEntry, known: CacheEntry, now: float) -> bool:
    # Their times prove nothing if the clock was set back in between.
    return entry.is_fresh(now) or entry.stored_at > known.stored_at
