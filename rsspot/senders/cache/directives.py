"""The directives of Cache-Control (RFC 9111, section 5.2), and what a request asks with them."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.senders.cache.memory import Entry
    from rsspot.senders.headers import Headers

__all__ = [
    "ANY",
    "CONDITIONS",
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
"""Fields that make the response another one than the whole: who sends them asks the server."""
LARGEST = 2.0**31
"""Seconds that stand for all that is longer (section 1.2.2)."""
NEVER_STALE = frozenset({"must-revalidate", "no-cache"})
NEVER_STALE_SHARED = NEVER_STALE | {"proxy-revalidate", "s-maxage"}
"""Directives that forbid to reuse an expired response, whatever happens (section 4.2.4)."""

# A quoted text may have commas, and is one only where a comma or the end comes next.
_DIRECTIVE = re.compile(
    r'([^\s,="]+)(?:\s*=("(?:[^"\\]|\\.)*"(?=\s*(?:,|$))|[^,]*))?[^,]*', re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def parse_directives(headers: Mapping[str, str]) -> dict[str, str | None]:
    """The directives by name, in lower case; None is without a value.

    One that comes twice with two values has none that can be read (the empty text), so that it
    makes nothing fresh (section 4.2.1).
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
    """Seconds (section 1.2.2); None where it is no whole number of them."""
    return min(float(text), LARGEST) if text and text.isascii() and text.isdigit() else None


def forbid_stale(stated: Mapping[str, str | None], *, shared: bool) -> bool:
    """Whether a response with these directives may never be reused when it has expired."""
    return not stated.keys().isdisjoint(NEVER_STALE_SHARED if shared else NEVER_STALE)


class RequestDirectives(NamedTuple):
    """What a request asks of a cache (section 5.2.1). Seconds; None is not asked.

    What cannot be read is taken in its strictest sense.
    """

    no_cache: bool = False
    only_if_cached: bool = False
    max_age: float | None = None
    min_fresh: float | None = None
    max_stale: float | None = None

    @property
    def refuse_stale(self) -> bool:
        """Whether a stale response may not stand in for an error."""
        return self.no_cache or self.max_age is not None or self.min_fresh is not None

    def allow(self, entry: Entry, now: float, *, shared: bool) -> bool:
        """Whether the stored response may be reused without validation."""
        if self is ANY:
            return entry.is_fresh(now)
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


def request_directives(headers: Headers) -> RequestDirectives:
    """What the header fields of a request ask; `ANY` where they say nothing."""
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
