"""Reuse responses for as long as their server allows (RFC 9111)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeAlias

from rsspot.errors import ConnectionFailed, DeadlineExceeded
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.flow.flow import run
from rsspot.senders.cache.directives import ANY, CONDITIONS, request_directives
from rsspot.senders.cache.keys import (
    is_redirected,
    key_of,
    named_paths,
    parent,
    path_of,
    variant_of,
)
from rsspot.senders.cache.memory import MemoryCache
from rsspot.senders.cache.single_flight import SingleFlight, coalesce, without_total
from rsspot.senders.cache.store import PersistentCache
from rsspot.senders.cache.storing import PASSING, READS, STORED, StoringPolicy
from rsspot.senders.cache.usual import UsualRequests
from rsspot.senders.extending import ExtendingSender, forward
from rsspot.senders.messages import Response
from rsspot.senders.options import CacheConfig
from rsspot.values import evolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.senders.cache.directives import RequestDirectives
    from rsspot.senders.cache.entry import CacheEntry
    from rsspot.senders.cache.store import CacheStore
    from rsspot.senders.messages import Request
    from rsspot.senders.sender import Sender

__all__ = ["CachingSender"]

Seen: TypeAlias = "tuple[int, int | None]"
OK, NOT_MODIFIED, GONE, GATEWAY_TIMEOUT, SERVER_ERRORS = 200, 304, 410, 504, 5


class CachingSender(ExtendingSender):
    """Reuses fresh responses to GETs (RFC 9111), and sends identical ones at the same time once.

    Args:
        max_size: Maximum number of responses in memory; the least recently used are dropped first
            (default: None, limited by their bytes only).
        sender: Sender that sends the requests (default: a new `SyncSender`).
        shared: Whether the responses are for several users; then private ones are not stored.
        store: Where processes share responses (default: none).
        partition: Text that keeps credentials apart in the store, and is required for it; it may be
            a flow, which is run on first use (default: none).
        config: What is cached when the server does not say (default: as in `CacheConfig`).
        ttl: Function that returns seconds for a path for which neither the server nor `config` has
            a rule (default: none).
        scope: Function that returns the path below which a write changes things (default: parent).
        is_cacheable: Function that returns whether a response may be stored (default: always).
        memory: Memory that a sync and an async sender share (default: a new one).
        clock: Source of time and sleep, for tests (default: that of the system).
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
        is_cacheable: Callable[[Response], bool] | None = None,
        memory: MemoryCache | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(sender)
        self.config: CacheConfig = config or CacheConfig()
        self.shared = shared
        self.clock = clock
        self.memory: MemoryCache = MemoryCache(max_size) if memory is None else memory
        self._store = store if self.config.backend == "sqlite" else None
        self._usual = UsualRequests("")
        self._persistent: PersistentCache | None = None
        self._find_partition = partition if callable(partition) else None
        if not callable(partition):
            self._set_partition(partition)
        self._policy = StoringPolicy(self.config, shared=shared, ttl=ttl, is_cacheable=is_cacheable)
        self._scope = scope or parent
        self._single_flight = SingleFlight()

    @property
    def max_size(self) -> int | None:
        """Maximum responses in memory; None has no limit."""
        return self.memory.max_size

    def clear(self) -> None:
        """Drop all responses, also in the store.

        Raises:
            StateError: If the store cannot be written to.
        """
        run(self._resolve_partition())
        self.memory.clear()
        if self._persistent is not None:
            self._persistent.clear()

    def flow(self, request: Request) -> Flow[Response]:
        options = request.options
        off = not self.config.enabled or options.cache == "bypass"
        if options.secret or self.memory.bypassed or (off and request.method in READS):
            return forward(self.sender, request)
        return self._cached(request)

    def _cached(self, request: Request) -> Flow[Response]:
        if self._find_partition is not None:
            yield from self._resolve_partition()
        key = self._usual.key(request)
        if key is None:
            if request.method in STORED and not request.has_content:
                return (yield from self._demanding(request))
            # With the cache off too: others may have stored what a write changes.
            is_read = request.method in READS
            return (yield from forward(self.sender, request) if is_read else self._write(request))
        entry = self._recall(key) or (yield from self._find(key, request))
        if entry is not None and entry.vary:
            key, entry = yield from self._variant(key, entry, request)
        now = self.clock.now()
        if entry is not None and entry.is_fresh(now):
            return entry.response_at(now)
        return (yield from self._coalesced(request, key, entry, ANY))

    def _demanding(self, request: Request) -> Flow[Response]:
        """Return the response to a HEAD, or to a GET that may demand something of a cache."""
        key = key_of(request, self._usual.partition)
        entry = self._recall(key) or (yield from self._find(key, request))
        if entry is not None and entry.vary:
            key, entry = yield from self._variant(key, entry, request)
        # A condition or range is about a copy of the caller's: the server evaluates it (4.3.2).
        whole = request.method == "GET" and not request.headers.has_any(CONDITIONS)
        directives, now = request_directives(request.headers), self.clock.now()
        if whole and entry and directives.allow(entry, now, shared=self.shared):
            return entry.response_at(now)
        if directives.only_if_cached:
            return Response(request.url, status_code=GATEWAY_TIMEOUT)
        if request.method == "HEAD":
            return (yield from self._head(request, key, entry))
        if whole:
            return (yield from self._coalesced(request, key, entry, directives))
        return (yield from self._fetch(request, key, None))

    def _variant(
        self, key: str, entry: CacheEntry, request: Request
    ) -> Flow[tuple[str, CacheEntry | None]]:
        """Return the key and the response for the header fields of the request (section 4.1)."""
        if entry.matches(request.headers):
            return key, entry
        key = variant_of(key, (name for name, _ in entry.vary), request.headers)
        found = self._recall(key) or (yield from self._find(key, request))
        return key, found if found is not None and found.matches(request.headers) else None

    def _coalesced(
        self, request: Request, key: str, entry: CacheEntry | None, directives: RequestDirectives
    ) -> Flow[Response]:
        """Return one response for all identical requests; or a stale one instead of an error."""
        version = self.memory.epoch, self.memory.generation
        same = key, tuple(request.headers.items()), without_total(request.options), *version
        old = None if directives.refuse_stale else entry
        try:
            response = yield from coalesce(
                self._single_flight, same, request, lambda sent: self._fetch(sent, key, entry)
            )
        except (ConnectionFailed, DeadlineExceeded):
            if old is not None and old.may_replace_error(now := self.clock.now()):
                return old.response_at(now)
            raise
        if old is None or response.status_code // 100 != SERVER_ERRORS:
            return response
        now = self.clock.now()
        return old.response_at(now) if old.may_replace_error(now) else response

    def _resolve_partition(self) -> Flow[None]:
        if (find := self._find_partition) is None:
            return
        partition = yield from find()
        if self._find_partition is not None:  # no other caller did it meanwhile
            self._set_partition(partition)
            self._find_partition = None

    def _set_partition(self, partition: str | None) -> None:
        self._usual = UsualRequests(partition or "")
        if self._store is not None and partition is not None:
            self._persistent = PersistentCache(
                self._store, partition, self.memory, self.config.max_entries
            )

    def _recall(self, key: str) -> CacheEntry | None:
        """Return the response in memory; with a store behind it, only a fresh one."""
        stored = self._persistent
        return self.memory.get(key) if stored is None else stored.recall(key, self.clock.now())

    def _find(self, key: str, request: Request) -> Flow[CacheEntry | None]:
        """Return the response in the store, or one in memory that is not fresh."""
        stored, now = self._persistent, self.clock.now()
        return None if stored is None else (yield from stored.look(key, request, now))

    def _fetch(self, request: Request, key: str, old: CacheEntry | None) -> Flow[Response]:
        from rsspot.senders.cache.validation import confirms, renewed, validators

        seen = self.memory.epoch, self.memory.generation
        begun, started = self.clock.now(), self.clock.monotonic()
        condition = {} if old is None else validators(old.headers)
        sent = request.with_headers(condition) if condition else request
        response = yield from forward(self.sender, sent)
        if condition and response.status_code == NOT_MODIFIED:
            confirmed = not is_redirected(request, response)
            if old and confirmed and confirms(response.headers, old.headers):
                response = renewed(old, response)
            else:
                # It is about another response than the stored one, and that one is not known.
                yield from self._forget(key, request)
                begun = self.clock.now()
                again = request.after(self.clock.monotonic() - started)
                response = yield from forward(self.sender, again)
        entry = self._policy.entry(request, response, begun, self.clock.now())
        if entry is not None:
            yield from self._keep(key, entry, request, response, seen)
        elif response.status_code == GONE:
            # The tokens for further pages in stored lists at this path have expired.
            yield from self._drop((path_of(request.url),), request)
        elif old is not None and response.status_code not in PASSING:
            yield from self._forget(key, request)
        return response

    def _head(self, request: Request, key: str, old: CacheEntry | None) -> Flow[Response]:
        """Send a HEAD, and update or drop the stored response (section 4.3.5)."""
        from rsspot.senders.cache.validation import agrees, renewed

        seen, begun = (self.memory.epoch, self.memory.generation), self.clock.now()
        response = yield from forward(self.sender, request)
        if old is None or response.status_code != OK or is_redirected(request, response):
            return response
        entry = None
        if agrees(response.headers, old.headers):
            get = evolve(request, method="GET")
            entry = self._policy.entry(get, renewed(old, response), begun, self.clock.now())
        if entry is None:
            yield from self._forget(key, request)
        else:
            yield from self._keep(key, entry, request, entry.response_at(begun), seen)
        return response

    def _forget(self, key: str, request: Request) -> Flow[None]:
        self.memory.forget(key)
        if self._persistent is not None:
            yield from self._persistent.forget(key, request)

    def _keep(
        self, key: str, entry: CacheEntry, request: Request, response: Response, seen: Seen
    ) -> Flow[None]:
        if not self.memory.put(key, entry, seen[0]):
            return
        kept, persistent, now = True, self._persistent, self.clock.now()
        if persistent is not None:
            kept = yield from persistent.keep(key, entry, request, seen[1], now)
        if kept:
            response.memo = entry.memo
        else:  # another process has written meanwhile: this response may be older
            self.memory.forget(key)

    def _write(self, request: Request) -> Flow[Response]:
        path = path_of(request.url)
        paths = tuple({path, self._scope(path)})
        begun = self.clock.monotonic()
        yield from self._drop(paths, request)
        request = request.after(self.clock.monotonic() - begun)
        # The write may have had an effect even if it failed; reads meanwhile may be out of date.
        try:
            response = yield from forward(self.sender, request)
        except GeneratorExit:  # nobody runs this flow any more
            self.memory.drop(paths)
            if self._persistent is not None:
                self._persistent.drop_aside(paths)
            raise
        except BaseException:
            yield from self._drop(paths, request)
            raise
        yield from self._drop((*paths, *named_paths(request, response)), request)
        return response

    def _drop(self, paths: tuple[str, ...], request: Request) -> Flow[None]:
        self.memory.drop(paths)
        if self._persistent is not None and not self.memory.bypassed:
            yield from self._persistent.drop(paths, request)
