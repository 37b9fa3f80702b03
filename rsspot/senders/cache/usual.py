"""The keys of usual requests, which are sent again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.senders.cache.directives import DEMANDS
from rsspot.senders.cache.keys import IN_KEY, key_of

if TYPE_CHECKING:
    from rsspot.senders.messages import Request

__all__ = ["UsualRequests"]

MAX_KEPT = 256
"""Requests whose keys are kept."""
UNUSUAL = DEMANDS | IN_KEY


class UsualRequests:
    """The keys of GETs that have nothing but a URL and demand nothing of a cache, as most do.

    A client builds such a request once, and nothing in it can change. So its key is kept, by the
    identity of the request.

    partition: text that keeps credentials apart.
    """

    def __init__(self, partition: str) -> None:
        self.partition: str = partition
        self._kept: dict[int, tuple[Request, str]] = {}

    def key(self, request: Request) -> str | None:
        """Return the key of a usual request, and None for any other."""
        known = self._kept.get(id(request))
        return self._new(request) if known is None else known[1]

    def _new(self, request: Request) -> str | None:
        url_only = request.params is request.data is request.json is request.content is None
        if request.method != "GET" or not url_only or request.headers.has_any(UNUSUAL):
            return None
        if len(self._kept) >= MAX_KEPT:
            self._kept.clear()
        key = key_of(request, self.partition)
        self._kept[id(request)] = request, key  # with the request, so that its id stays its own
        return key
