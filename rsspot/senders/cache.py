"""Giving answers again, for as long as their server allows (RFC 9111)."""

from __future__ import annotations

import warnings
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, Protocol
from urllib.parse import urlencode, urlsplit

from attrs import evolve

from rsspot.config.options import CacheConfig
from rsspot.errors import ConnectionFailed, StateError
from rsspot.senders.clock import SYSTEM_CLOCK
from rsspot.senders.entries import Entries, Entry
from rsspot.senders.flow import block
from rsspot.senders.freshness import directives, freshness, may_store
from rsspot.senders.sender import ExtendingSender, forward

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rsspot.senders.clock import Clock
    from rsspot.senders.flow import Flow
    from rsspot.senders.messages import Request, Response
    from rsspot.senders.sender import Sender
    from rsspot.state.http_cache import CacheRow

__all__ = ["CacheStore", "CachingSender"]

NOT_MODIFIED, SERVER_ERRORS = 304, 5
READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
KEPT_STALE = 86_400.0
"""Seconds that an expired answer is kept on disk, to be asked about with its ETag."""


class CacheStore(Protocol):
    """The second level, that processes share; `rsspot.state` has one."""

    def get(self, partition: str, key: str) -> CacheRow | None:
        """One answer."""
        ...

    def put(self, partition: str, key: str, row: CacheRow, *, max_entries: int) -> None:
        """Keep an answer."""
        ...

    def drop(self, partition: str, paths: Sequence[str]) -> None:
        """Forget the answers at these paths, and beneath them."""
        ...

    def clear(self, partition: str | None = None) -> None:
        """Forget all answers, or those of one partition."""
        ...

    def generation(self) -> int:
        """A number that changes whenever answers are dropped, by any process."""
        ...


class CachingSender(ExtendingSender):
    """Answers GETs again from memory, or from a store, while they are fresh.

    `shared` says whose answers these are: with it, private ones are not kept. `max_size` bounds
    the memory, least recently used first. `partition` keeps credentials apart in a store; without
    it the store is not used. `ttl` gives seconds for a path about which the server says nothing.
    `scope` gives the path under which a write can have changed something (its parent).
    `entries` lets senders of both colours share one memory.
    """

    _shown: ClassVar[tuple[str, ...]] = ("max_size", "sender")

    def __init__(
        self,
        max_size: int | None = None,
        sender: Sender | None = None,
        *,
        shared: bool = True,
        store: CacheStore | None = None,
        partition: str | None = None,
        config: CacheConfig | None = None,
        ttl: Callable[[str], float | None] | None = None,
        scope: Callable[[str], str] | None = None,
        entries: Entries | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(sender)
        self.config = config or CacheConfig()
        self.shared = shared
        self.clock = clock
        self.entries = Entries(max_size) if entries is None else entries
        self._store = store if partition is not None else None
        self._partition = partition or ""
        self._ttl = ttl
        self._scope = scope or _parent
        self._opened = False
        self._bypassed = False

    @property
    def max_size(self) -> int | None:
        """How many answers are kept in memory; None is without bound."""
        return self.entries.most

    def clear(self) -> None:
        """Forget all answers, in the store too."""
        self.entries.clear()
        if self._store is not None:
            self._store.clear(self._partition)

    def flow(self, request: Request) -> Flow[Response]:
        options = request.options
        if options.secret or self._bypassed:
            return (yield from forward(self.sender, request))
        if request.method not in READS:
            return (yield from self._write(request))
        if request.method != "GET" or options.cache == "bypass":
            return (yield from forward(self.sender, request))
        key = _key(request)
        entry = yield from self._find(key)
        if entry is None or not entry.suits(request.headers):
            return (yield from self._fetch(request, key, None))
        if self.clock.now() < entry.fresh_until and not _insists(request):
            return entry.response()
        return (yield from self._fetch(request, key, entry))

    def _find(self, key: str) -> Flow[Entry | None]:
        store = self._store
        if store is None:
            return self.entries.get(key)
        try:
            if not self._opened:
                # Opening the store may have to wait; afterwards a read never does.
                yield from block(store.generation)
                self._opened = True
            generation = store.generation()
            if generation != self.entries.generation:
                if self.entries.generation is not None:
                    self.entries.clear()
                self.entries.generation = generation
            known = self.entries.get(key)
            if known is not None:
                return known
            row = store.get(self._partition, key)
        except StateError as error:
            self._go_without(error)
            return None
        entry = None if row is None else Entry.from_meta(row.path, row.meta, row.body)
        if entry is not None:
            self.entries.put(key, entry, self.entries.epoch)
        return entry

    def _fetch(self, request: Request, key: str, old: Entry | None) -> Flow[Response]:
        seen = self.entries.epoch, self.entries.generation
        sent = request
        if old is not None:
            sent = request.with_headers(_validators(old))
        try:
            response = yield from forward(self.sender, sent)
        except ConnectionFailed:
            if old is not None and self.clock.now() < old.stale_until:
                return old.response()
            raise
        if old is not None and response.status_code == NOT_MODIFIED:
            response = self._renewed(old, response)
        elif old is not None and response.status_code // 100 == SERVER_ERRORS:
            return old.response() if self.clock.now() < old.stale_until else response
        yield from self._keep(request, key, response, seen)
        return response

    def _keep(
        self, request: Request, key: str, response: Response, seen: tuple[int, int | None]
    ) -> Flow[None]:
        epoch, generation = seen
        if not may_store(request, response, shared=self.shared):
            return
        path = urlsplit(request.url).path
        ttl = self._ttl(path) if self._ttl else None
        times = freshness(
            response,
            self.clock.now(),
            shared=self.shared,
            ttl=ttl,
            stale=self.config.stale_if_error,
        )
        if times is None:
            return
        names = [name.strip() for name in response.headers.get("Vary", "").split(",")]
        entry = Entry(
            url=response.url,
            path=path,
            headers=response.headers,
            body=response.body,
            fresh_until=times.until,
            stale_until=times.stale_until,
            vary=tuple((name, request.headers.get(name)) for name in names if name),
        )
        kept = self.entries.put(key, entry, epoch)
        if not kept or self._store is None:
            if kept:
                response.memo = entry.memo
            return
        from rsspot.state.http_cache import CacheRow

        row = CacheRow(
            path, entry.to_meta(), entry.body, max(times.until, times.stale_until) + KEPT_STALE
        )
        try:
            if self._store.generation() != generation:
                # Another process has written meanwhile: this answer may be from before.
                self.entries.forget(key)
                return
            yield from block(self._put, key, row)
            response.memo = entry.memo
        except StateError as error:
            self._go_without(error)

    def _put(self, key: str, row: CacheRow) -> None:
        if self._store is not None:
            self._store.put(self._partition, key, row, max_entries=self.config.max_entries)

    def _renewed(self, old: Entry, response: Response) -> Response:
        # Section 4.3.4: the fields of the 304 take the place of those that were kept.
        headers = old.headers.replace(
            {name: value for name, value in response.headers.items() if name != "content-length"}
        )
        renewed = evolve(old, headers=headers, memo={}).response()
        renewed.tries = response.tries
        return renewed

    def _write(self, request: Request) -> Flow[Response]:
        path = urlsplit(request.url).path
        paths = tuple({path, self._scope(path)})
        yield from self._drop(paths)
        # However it ends, it may have had effect; and who reads meanwhile reads the past.
        try:
            response = yield from forward(self.sender, request)
        except GeneratorExit:  # nobody drives this flow any more
            self.entries.drop(paths)
            raise
        except BaseException:
            yield from self._drop(paths)
            raise
        yield from self._drop(paths)
        return response

    def _drop(self, paths: tuple[str, ...]) -> Flow[None]:
        self.entries.drop(paths)
        if self._store is None or self._bypassed:
            return
        try:
            yield from block(self._store.drop, self._partition, paths)
        except StateError as error:
            self._bypassed = True
            self._warn(error)

    def _go_without(self, error: StateError) -> None:
        self._store = None
        self._warn(error)

    def _warn(self, error: StateError) -> None:
        warnings.warn(f"The cache is not used from now on: {error}", RuntimeWarning, stacklevel=2)


def _key(request: Request) -> str:
    key = request.url
    if request.params:
        key = f"{key}?{urlencode(sorted(request.params.items()), doseq=True)}"
    if "authorization" in request.headers:
        # Signed already: what one credential may see is not for another.
        digest = sha256(request.headers["authorization"].encode()).hexdigest()
        key = f"{digest[:32]} {key}"
    return key


def _insists(request: Request) -> bool:
    if "cache-control" not in request.headers:
        return False
    said = directives(request.headers)
    return "no-cache" in said or said.get("max-age") == "0"


def _validators(entry: Entry) -> dict[str, str]:
    validators: dict[str, str] = {}
    if "ETag" in entry.headers:
        validators["If-None-Match"] = entry.headers["ETag"]
    if "Last-Modified" in entry.headers:
        validators["If-Modified-Since"] = entry.headers["Last-Modified"]
    return validators


def _parent(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0]
