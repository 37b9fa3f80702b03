"""The response that is made of a stored one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.senders.messages import Response

if TYPE_CHECKING:
    from rsspot.senders.cache.entry import CacheEntry

__all__ = ["reused"]


def reused(entry: CacheEntry, now: float) -> Response:
    """Return a stored response for reuse, with its age (RFC 9111, section 4)."""
    response = Response(entry.url, entry.fields_at(now), 200, body=entry.body)
    response.memo, response.redirected = entry.memo, False
    return response
