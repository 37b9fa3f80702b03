"""How long a private or a shared cache may reuse a response (RFC 9111, section 4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rsspot.senders.cache.directives import delta_seconds, forbid_stale, parse_directives
from rsspot.senders.cache.http_date import strict_http_date
from rsspot.senders.cache.validation import validators

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.senders.messages import Response

__all__ = ["Freshness", "freshness"]


class Freshness(NamedTuple):
    """Until when a response is fresh, and may replace an error, in seconds since the epoch.

    age: its age in seconds when it is stored.
    """

    until: float
    stale_until: float
    age: float


def freshness(
    response: Response,
    now: float,
    *,
    shared: bool,
    ttl: float | None,
    stale: float,
    waited: float = 0.0,
) -> Freshness | None:
    """Return until when the response is fresh, or None if it is not worth storing.

    ttl: seconds for a response that does not say; None makes it stale at once.
    stale: seconds for which an expired response may replace an error, if it does not say.
    waited: seconds since it was requested.
    """
    headers = response.headers
    stated = parse_directives(headers)
    # Section 4.2.3: proxies on the way need not add their delay.
    date = strict_http_date(headers.get("Date"), now)
    stated_age = delta_seconds(headers.get("Age", "").partition(",")[0].strip()) or 0.0
    age = max(stated_age + waited, 0.0 if date is None else now - date)
    lifetime = _lifetime(headers, stated, now, shared=shared)
    if lifetime is not None:
        until = now + lifetime - age
    else:
        # A lifetime of our own starts when the response comes.
        until = now if ttl is None else now + ttl - stated_age
    if "no-cache" in stated:
        until = now
    if until <= now and not validators(headers):
        return None
    error = delta_seconds(stated.get("stale-if-error"))
    allowance = stale if error is None else error
    if forbid_stale(stated, shared=shared):
        allowance = 0.0
    return Freshness(until, until + allowance, age)


def _lifetime(
    headers: Mapping[str, str], stated: Mapping[str, str | None], now: float, *, shared: bool
) -> float | None:
    # Section 4.2.1: the first that applies; an unreadable one makes nothing fresh.
    for name in ("s-maxage", "max-age") if shared else ("max-age",):
        if name in stated:
            return delta_seconds(stated[name]) or 0.0
    if "expires" not in headers:
        return None
    date = strict_http_date(headers["Date"], now) if "date" in headers else now
    moment = strict_http_date(headers["Expires"], now)
    return 0.0 if moment is None or date is None else moment - date
