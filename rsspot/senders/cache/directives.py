"""The directives of Cache-Control (RFC 9111, section 5.2), in responses and in requests."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.senders.cache.entry import CacheEntry
    from rsspot.senders.headers import Headers

__all__ = [
    "ANY",
    "CONDITIONS",
    "DEMANDS",
    "RequestDirectives",
    "delta_seconds",
    "forbid_stale",
    "parse_directives",
    "request_directives",
]

CONDITIONS = frozenset(
    {
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "range",
    }
)
"""Request fields that ask for something other than the whole object; the server evaluates them."""
LARGEST = 2.0**31
"""Seconds that stand for any longer time (section 1.2.2)."""
NEVER_STALE = frozenset({"must-revalidate", "no-cache"})
NEVER_STALE_SHARED = NEVER_STALE | {"proxy-revalidate", "s-maxage"}
"""Directives that forbid the reuse of an expired response in any case (section 4.2.4)."""

# A quoted text may contain commas, and ends only before a comma or the end.
_DIRECTIVE = re.compile(
    r'([^\s,="]+)(?:\s*=("(?:[^"\\]|\\.)*"(?=\s*(?:,|$))|[^,]*))?[^,]*', re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def parse_directives(headers: Mapping[str, str]) -> dict[str, str | None]:
    """Return the directives by name, in lower case; None is a directive without a value.

    A directive that occurs with two values gets the empty text, which is not a valid value, so that
    it makes nothing fresh (section 4.2.1).
    """
    found: dict[str, str | None] = {}
    for match in _DIRECTIVE.finditer(headers.get("Cache-Control", "")):
        name, value = match[1].lower(), match[2]
        if value is not None:
            value = value.rstrip()
            if len(value) > 1 and value[0] == value[-1] == '"':
                value = _ESCAPED.sub(r"\1", value[1:-1])
        found[name] = value if found.get(name, value) == value else ""
    return found


def delta_seconds(text: str | None) -> float | None:
    """Return seconds (section 1.2.2), or None if the text is not a whole number."""
    return min(float(text), LARGEST) if text and text.isascii() and text.isdigit() else None


def forbid_stale(stated: Mapping[str, str | None], *, shared: bool) -> bool:
    """Return whether an expired response with these directives may never be reused."""
    return not stated.keys().isdisjoint(NEVER_STALE_SHARED if shared else NEVER_STALE)


class RequestDirectives(NamedTuple):
    """What a request demands of a cache (section 5.2.1), in seconds; None is not demanded.

    An unreadable value gets its strictest meaning.
    """

    no_cache: bool = False
    only_if_cached: bool = False
    max_age: float | None = None
    min_fresh: float | None = None
    max_stale: float | None = None

    @property
    def refuse_stale(self) -> bool:
        """Whether a stale response may not replace an error."""
        return self.no_cache or self.max_age is not None or self.min_fresh is not None

    def allow(self, entry: CacheEntry, now: float, *, shared: bool) -> bool:
        """Return whether the stored response may be reused without validation."""
        if self.no_cache or entry.stored_at > now:
            return False
        if self.max_age is not None and (not self.max_age or entry.age_at(now) > self.max_age):
            return False
        left = entry.fresh_until - now
        if left > 0 or self.min_fresh is not None:
            return left > 0 and left >= (self.min_fresh or 0.0)
        if self.max_stale is None or -left > self.max_stale:
            return False
        return not forbid_stale(parse_directives(entry.headers), shared=shared)


ANY = RequestDirectives()
CONTROLS = frozenset({"cache-control", "pragma"})
DEMANDS = CONDITIONS | CONTROLS
"""Fields in which a request demands something of a cache; hardly any does."""


def request_directives(headers: Headers) -> RequestDirectives:
    """Return what the header fields of a request demand; `ANY` if they demand nothing."""
    if not headers.has_any(CONTROLS):
        return ANY
    if "cache-control" not in headers:
        # Obsolete, and harmless to obey (section 5.4).
        return (
            RequestDirectives(no_cache=True)
            if "no-cache" in headers.get("Pragma", "").lower()
            else ANY
        )
    stated = parse_directives(headers)

    def seconds(name: str, unreadable: float) -> float | None:
        if name not in stated:
            return None
        found = delta_seconds(stated[name])
        return unreadable if found is None else found

    any_staleness = "max-stale" in stated and stated["max-stale"] is None
    return RequestDirectives(
        no_cache="no-cache" in stated,
        only_if_cached="only-if-cached" in stated,
        max_age=seconds("max-age", 0.0),
        min_fresh=seconds("min-fresh", math.inf),
        max_stale=math.inf if any_staleness else delta_seconds(stated.get("max-stale")),
    )
