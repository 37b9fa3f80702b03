"""How long a response may be reused (RFC 9111, section 4.2), by a private or a shared cache."""

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
    """Seconds since the epoch: before which it is fresh, and may stand in for an error.

    `age` (seconds) is the response's when it is stored.
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
    """Until when the response is fresh; None when it is not worth storing.

    `ttl` (seconds) is for a response that says nothing about it; `stale` is for how long an
    expired one may stand in for an error, where it says nothing about that either. It was
    asked for `waited` seconds ago.
    """
    headers = response.headers
    stated = parse_directives(headers)
    # Section 4.2.3: whatever lies between the server and here may not say that it waited.
    date = strict_http_date(headers.get("Date"), now)
    stated_age = delta_seconds(headers.get("Age", "").partition(",")[0].strip()) or 0.0
    age = max(stated_age + waited, 0.0 if date is None else now - date)
    lifetime = _lifetime(headers, stated, now, shared=shared)
    if lifetime is not None:
        until = now + lifetime - age
    else:
        # A time of our own counts from when the response came.
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
    # Section 4.2.1: the first that applies; one that cannot be read makes nothing fresh.
    for name in ("s-maxage", "max-age") if shared else ("max-age",):
        if name in stated:
            return delta_seconds(stated[name]) or 0.0
    if "expires" not in headers:
        return None
    date = strict_http_date(headers["Date"], now) if "date" in headers else now
    moment = strict_http_date(headers["Expires"], now)
    return 0.0 if moment is None or date is None else moment - date
