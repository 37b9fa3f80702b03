"""Giving answers again, for as long as their server allows (RFC 9111)."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from attrs import evolve

from rsspot.config.options import CacheConfig
from rsspot.errors import ConnectionFailed, DeadlineExceeded
from rsspot.senders.clock import SYSTEM_CLOCK
from rsspot.senders.entries import Entries, Entry
from rsspot.senders.flights import SingleFlight, coalesce
from rsspot.senders.flow import run
from rsspot.senders.keys import key_of, variant_of
from rsspot.senders.sender import ExtendingSender, forward
from rsspot.senders.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.senders.clock import Clock
    from rsspot.senders.flow import Flow
    from rsspot.senders.messages import Request, Response
    from rsspot.senders.sender import Sender
    from rsspot.senders.shelf import CacheStore

__all__ = ["CachingSender"]

NOT_MODIFIED, SERVER_ERRORS = 304, 5
READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
LARGEST = 8 * 1024 * 1024
"""Bytes of a body, unpacked; a larger one is not kept."""
OF_ITS_TIME = frozenset({"age", "date"})
"""Fields that say when an answer was made, and not what it is."""
COOKIES = frozenset({"set-cookie", "set-cookie2"})
"""Fields that are for whoever asked, and may be secrets: they are not kept."""


class CachingSender(ExtendingSender):
    """Answers GETs again from memory, or from a store, while they are fresh.

    GETs that ask the same at the same time become one. `shared` says whose answers these are:
    with it, private ones are not kept. `max_size` bounds the memory, least recently used first.
    `partition` keeps credentials apart in a store; without it the store is not used. It may be
    a flow that finds it out, which is run when it is first needed. `ttl` gives
    seconds for a path about which the server says nothing, where `config` has no rule for it.
    `scope` gives the path under which a write can have changed something (its parent). `fit`
    says whether an answer is what it seems; one that is not is never kept.
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
        partition: str | Callable[[], Flow[str | None]] | None = None,
        config: CacheConfig | None = None,
        ttl: Callable[[str], float | None] | None = None,
        scope: Callable[[str], str] | None = None,
        fit: Callable[[Response], bool] | None = None,
        entries: Entries | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(sender)
        self.config = config or CacheConfig()
        self.shared = shared
        self.clock = clock
        self.entries = Entries(max_size) if entries is None else entries
        self._store = store if self.config.backend == "sqlite" else None
        self._partition = ""
        self._shelf: Shelf | None = None
        self._find_partition: Callable[[], Flow[str | None]] | None = None
        if callable(partition):
            self._find_partition = partition
        else:
            self._place(partition)
        self._ttl = ttl
        self._scope = scope or parent
        self._fit = fit
        self._single_flight = SingleFlight()

    @property
    def max_size(self) -> int | None:
        """How many answers are kept in memory; None is without bound."""
        return self.entries.most

    def clear(self) -> None:
        """Forget all answers, in the store too. Raises `StateError`."""
        run(self._settle())
        self.entries.clear()
        if self._shelf is not None:
            self._shelf.clear()

    def flow(self, request: Request) -> Flow[Response]:
        options = request.options
        if options.secret or self.entries.bypassed:
            return (yield from forward(self.sender, request))
        if self._find_partition is not None:
            yield from self._settle()
        if request.method not in READS:
            # With the cache off too: others may have kept what this changes.
            return (yield from self._write(request))
        if not self.config.enabled or request.method != "GET" or options.cache == "bypass":
            return (yield from forward(self.sender, request))
        key = key_of(request, self._partition)
        entry = yield from self._look(key, request)
        if entry is not None and not entry.suits(request.headers):
            key = variant_of(key, (name for name, _ in entry.vary), request.headers)
            entry = yield from self._look(key, request)
        if entry is not None and not entry.suits(request.headers):
            entry = None
        if entry and self.clock.now() < entry.fresh_until and not _insists(request):
            return entry.response()
        entries = self.entries
        same = key, tuple(request.headers.items()), options, entries.epoch, entries.generation
        return (
            yield from coalesce(
                self._single_flight, same, request, lambda sent: self._fetch(sent, key, entry)
            )
        )

    def _settle(self) -> Flow[None]:
        find = self._find_partition
        if find is None:
            return
        partition = yield from find()
        if self._find_partition is not None:  # nobody else did it meanwhile
            self._place(partition)
            self._find_partition = None

    def _place(self, partition: str | None) -> None:
        self._partition = partition or ""
        if self._store is not None and partition is not None:
            self._shelf = Shelf(self._store, partition, self.entries, self.config.max_entries)

    def _look(self, key: str, request: Request) -> Flow[Entry | None]:
        if self._shelf is None:
            return self.entries.get(key)
        return (yield from self._shelf.look(key, request.url, self.clock.now()))

    def _fetch(self, request: Request, key: str, old: Entry | None) -> Flow[Response]:
        seen = self.entries.epoch, self.entries.generation
        begun = self.clock.now()
        sent = request
        if old is not None:
            sent = request.with_headers(_validators(old))
        try:
            response = yield from forward(self.sender, sent)
        except (ConnectionFailed, DeadlineExceeded):
            if old is not None and self.clock.now() < old.stale_until:
                return old.response()
            raise
        if old is not None and response.status_code == NOT_MODIFIED:
            response = _renewed(old, response)
        elif old is not None and response.status_code // 100 == SERVER_ERRORS:
            return old.response() if self.clock.now() < old.stale_until else response
        entry = self._entry(request, response, begun)
        if entry is not None:
            yield from self._keep(key, entry, response, seen)
        return response

    def _entry(self, request: Request, response: Response, begun: float) -> Entry | None:
        """The answer as it may be kept; None where it may not."""
        from rsspot.senders.freshness import freshness, may_store

        if not may_store(request, response, shared=self.shared) or len(response.body) > LARGEST:
            return None
        if self._fit is not None and not self._fit(response):
            return None
        path = urlsplit(request.url).path
        now = self.clock.now()
        times = freshness(
            response,
            now,
            shared=self.shared,
            ttl=self._where_silent(path),
            stale=self.config.stale_if_error,
            waited=max(0.0, now - begun),
        )
        if times is None:
            return None
        names = [name.strip() for name in response.headers.get("Vary", "").split(",")]
        return Entry(
            url=response.url,
            path=path,
            headers=response.headers.without(COOKIES),
            body=response.body,
            fresh_until=times.until,
            stale_until=times.stale_until,
            vary=tuple((name, request.headers.get(name)) for name in names if name),
        )

    def _where_silent(self, path: str) -> float | None:
        """Seconds for a path about which the server says nothing; None is not at all."""
        for pattern, seconds in self.config.ttl.items():
            if fnmatchcase(path, pattern):
                return seconds or None
        return self._ttl(path) if self._ttl else None

    def _keep(
        self, key: str, entry: Entry, response: Response, seen: tuple[int, int | None]
    ) -> Flow[None]:
        epoch, generation = seen
        if not self.entries.put(key, entry, epoch):
            return
        shelf, now = self._shelf, self.clock.now()
        if shelf is not None and not (yield from shelf.keep(key, entry, generation, now)):
            # Another process has written meanwhile: this answer may be from before.
            self.entries.forget(key)
            return
        response.memo = entry.memo

    def _write(self, request: Request) -> Flow[Response]:
        path = urlsplit(request.url).path
        paths = tuple({path, self._scope(path)})
        yield from self._drop(paths)
        # However it ends, it may have had effect; and who reads meanwhile reads the past.
        try:
            response = yield from forward(self.sender, request)
        except GeneratorExit:  # nobody drives this flow any more
            self.entries.drop(paths)
            if self._shelf is not None:
                self._shelf.drop_aside(paths)
            raise
        except BaseException:
            yield from self._drop(paths)
            raise
        yield from self._drop(paths)
        return response

    def _drop(self, paths: tuple[str, ...]) -> Flow[None]:
        self.entries.drop(paths)
        if self._shelf is not None and not self.entries.bypassed:
            yield from self._shelf.drop(paths)


def parent(path: str) -> str:
    """The path above: the collection that an item is in."""
    return path.rstrip("/").rpartition("/")[0]


def _renewed(old: Entry, response: Response) -> Response:
    # Section 4.3.4: the fields of the 304 take the place of those that were kept.
    news = response.headers.without({"content-length"})
    headers = old.headers.without(OF_ITS_TIME).replace(news)
    renewed = evolve(old, headers=headers, memo={}).response()
    renewed.tries = response.tries
    return renewed


def _insists(request: Request) -> bool:
    if "cache-control" not in request.headers:
        return False
    from rsspot.senders.freshness import directives

    said = directives(request.headers)
    return "no-cache" in said or said.get("max-age") == "0"


def _validators(entry: Entry) -> dict[str, str]:
    validators: dict[str, str] = {}
    if "ETag" in entry.headers:
        validators["If-None-Match"] = entry.headers["ETag"]
    if "Last-Modified" in entry.headers:
        validators["If-Modified-Since"] = entry.headers["Last-Modified"]
    return validators
