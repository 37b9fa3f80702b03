"""How long an answer may be given again (RFC 9111), for a private or a shared cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rsspot.senders.retry_after import http_date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.senders.messages import Request, Response

__all__ = ["Freshness", "directives", "freshness", "may_store"]

OK = 200
NEVER_STALE = frozenset({"must-revalidate", "no-cache"})
NEVER_STALE_SHARED = frozenset({"proxy-revalidate", "s-maxage"})
"""Directives that forbid to give an expired answer, whatever happens (section 4.2.4)."""


class Freshness(NamedTuple):
    """Seconds since the epoch: before which it is fresh, and may stand in for an error."""

    until: float
    stale_until: float


def directives(headers: Mapping[str, str]) -> dict[str, str | None]:
    """The directives of Cache-Control, in lower case (section 5.2)."""
    found: dict[str, str | None] = {}
    for part in headers.get("Cache-Control", "").split(","):
        name, equals, value = part.strip().partition("=")
        if name:
            found.setdefault(name.lower(), value.strip().strip('"') if equals else None)
    return found


def may_store(request: Request, response: Response, *, shared: bool) -> bool:
    """Whether the answer may be kept at all (section 3)."""
    if request.method != "GET" or response.status_code != OK or "range" in request.headers:
        return False
    if "*" in response.headers.get("Vary", ""):
        return False
    said = directives(response.headers)
    if "no-store" in said or "no-store" in directives(request.headers):
        return False
    if not shared:
        return True
    if "private" in said:
        return False
    permits = {"public", "s-maxage", "must-revalidate"}  # section 3.5
    return "authorization" not in request.headers or bool(permits & said.keys())


def freshness(
    response: Response,
    now: float,
    *,
    shared: bool,
    ttl: float | None,
    stale: float,
    waited: float = 0.0,
) -> Freshness | None:
    """Until when the answer is fresh; None when it is not worth keeping.

    `ttl` (seconds) is for an answer that says nothing about it; `stale` is for how long an
    expired one may stand in for an error, where it says nothing about that either. It was
    asked for `waited` seconds ago.
    """
    headers = response.headers
    said = directives(headers)
    age = _seconds(headers.get("Age")) or 0.0
    lifetime = _lifetime(headers, said, now, shared=shared)
    if lifetime is not None:
        # Section 4.2.3: whatever lies between the server and here may not say that it waited.
        date = http_date(headers.get("Date", ""))
        age = max(age + waited, 0.0 if date is None else now - date)
    elif ttl is not None:
        lifetime = ttl
    until = now if lifetime is None or "no-cache" in said else now + lifetime - age
    if until <= now and not ("ETag" in headers or "Last-Modified" in headers):
        return None
    error = _seconds(said.get("stale-if-error"))
    allowance = stale if error is None else error
    if (NEVER_STALE | NEVER_STALE_SHARED if shared else NEVER_STALE) & said.keys():
        allowance = 0.0
    return Freshness(until, until + allowance)


def _lifetime(
    headers: Mapping[str, str], said: dict[str, str | None], now: float, *, shared: bool
) -> float | None:
    # Section 4.2.1: the first that applies.
    for name in ("s-maxage", "max-age") if shared else ("max-age",):
        if name in said:
            # A lifetime that cannot be read is best taken for none (section 4.2.1).
            return _seconds(said[name]) or 0.0
    expires = headers.get("Expires")
    if expires is None:
        return None
    moment = http_date(expires)
    if moment is None:
        return 0.0
    return moment - (http_date(headers.get("Date", "")) or now)


def _seconds(text: str | None) -> float | None:
    return min(float(text), 1e9) if text is not None and text.isdecimal() else None
