"""Which responses a private or a shared cache may store (RFC 9111, section 3)."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from rsspot.senders.cache.directives import parse_directives
from rsspot.senders.cache.entry import CacheEntry
from rsspot.senders.cache.keys import is_redirected, path_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.senders.messages import Request, Response
    from rsspot.senders.options import CacheConfig

__all__ = ["PASSING", "READS", "STORED", "StoringPolicy", "may_store"]

OK = 200
PASSING = frozenset({408, 429, *range(500, 600)})
"""Statuses that prove nothing about a stored response."""
READS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
STORED = frozenset({"GET", "HEAD"})
"""Methods that use stored responses (GET), or update them (HEAD)."""
LARGEST = 8 * 1024 * 1024
"""Maximum bytes of a stored body, decoded."""


def may_store(request: Request, response: Response, *, shared: bool) -> bool:
    """Return whether the response may be stored at all (section 3)."""
    if request.method != "GET" or response.status_code != OK or "range" in request.headers:
        return False
    if "*" in response.headers.get("Vary", "") or is_redirected(request, response):
        return False
    if "no-store" in parse_directives(request.headers):
        return False
    stated = parse_directives(response.headers)
    # Section 5.2.2.3: with must-understand, no-store is for caches that do not know the status.
    if "no-store" in stated and "must-understand" not in stated:
        return False
    return not shared or _may_share(request, stated)


def _may_share(request: Request, stated: dict[str, str | None]) -> bool:
    if "private" in stated:
        return False
    permits = {"public", "s-maxage", "must-revalidate"}  # section 3.5
    return "authorization" not in request.headers or bool(permits & stated.keys())


class StoringPolicy:
    """What a cache stores, and for how long.

    ttl: returns seconds for a path for which neither the server nor `config` has a rule.
    is_cacheable: returns whether a response may be stored.
    """

    def __init__(
        self,
        config: CacheConfig,
        *,
        shared: bool,
        ttl: Callable[[str], float | None] | None,
        is_cacheable: Callable[[Response], bool] | None,
    ) -> None:
        self.config = config
        self.shared = shared
        self.ttl = ttl
        self.is_cacheable = is_cacheable

    def entry(
        self, request: Request, response: Response, begun: float, now: float
    ) -> CacheEntry | None:
        """Return the response as it is stored at `now`, or None if it may not be stored.

        begun: when it was requested. Both are in seconds since the epoch.
        """
        from rsspot.senders.cache.freshness import freshness
        from rsspot.senders.cache.validation import stored_fields

        if not may_store(request, response, shared=self.shared) or len(response.body) > LARGEST:
            return None
        if self.is_cacheable is not None and not self.is_cacheable(response):
            return None
        path = path_of(request.url)
        times = freshness(
            response,
            now,
            shared=self.shared,
            ttl=self._default_ttl(path),
            stale=self.config.stale_if_error,
            waited=max(0.0, now - begun),
        )
        if times is None:
            return None
        names = [name.strip() for name in response.headers.get("Vary", "").split(",")]
        return CacheEntry(
            url=response.url,
            path=path,
            headers=stored_fields(response.headers),
            body=response.body,
            fresh_until=times.until,
            stale_until=times.stale_until,
            stored_at=now,
            age=times.age,
            vary=tuple((name, request.headers.get(name)) for name in names if name),
        )

    def _default_ttl(self, path: str) -> float | None:
        """Return seconds for a path for which the server has no rule, or None."""
        for pattern, seconds in self.config.ttl.items():
            if fnmatchcase(path, pattern):
                return seconds or None
        return self.ttl(path) if self.ttl else None
