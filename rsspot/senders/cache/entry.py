"""A stored response, in memory and as it is stored on disk."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any

from rsspot.senders.headers import Headers
from rsspot.shapes import as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.senders.messages import Response

__all__ = ["CacheEntry"]


class CacheEntry:
    """One stored response, with times in seconds since the epoch.

    It was stored at `stored_at`, `age` seconds old. `vary` holds the request fields that it depends
    on.
    """

    __slots__ = (
        "_aged", "age", "body", "fresh_until", "headers", "memo", "path", "stale_until",
        "stored_at", "url", "vary",
    )  # fmt: skip

    def __init__(
        self,
        url: str,
        path: str,
        headers: Headers,
        body: bytes,
        *,
        fresh_until: float,
        stale_until: float,
        stored_at: float,
        age: float = 0.0,
        vary: tuple[tuple[str, str | None], ...] = (),
    ) -> None:
        self.url: str = url
        self.path: str = path
        self.headers: Headers = headers
        self.body: bytes = body
        self.fresh_until: float = fresh_until
        self.stale_until: float = stale_until
        self.stored_at: float = stored_at
        self.age: float = age
        self.vary: tuple[tuple[str, str | None], ...] = vary
        self.memo: dict[Any, Any] = {}
        # The header fields with the age at the last reuse: most reuses are within one second.
        self._aged = -1, headers

    def is_fresh(self, now: float) -> bool:
        """Return whether it may be reused; not before it was stored: the clock was set back."""
        return self.stored_at <= now < self.fresh_until

    def may_replace_error(self, now: float) -> bool:
        """Return whether it may replace an error."""
        return self.stored_at <= now < self.stale_until

    def age_at(self, now: float) -> float:
        """Return its age in seconds (RFC 9111, section 4.2.3)."""
        return self.age + max(0.0, now - self.stored_at)

    def response(self, now: float) -> Response:
        """Return the response for reuse, with its age (RFC 9111, section 4)."""
        # Imported here, since the quick path of the command line needs no requests.
        from rsspot.senders.messages import Response

        age = int(max(0.0, self.age_at(now)))
        if age != self._aged[0]:
            self._aged = age, self.headers.replace({"Age": str(age)})
        response = Response(self.url, self._aged[1], 200, body=self.body)
        response.memo, response.redirected = self.memo, False
        return response

    def matches(self, headers: Mapping[str, str]) -> bool:
        """Return whether a request with these headers gets the same response (RFC 9111, 4.1)."""
        return not self.vary or all(headers.get(name) == value for name, value in self.vary)

    def to_meta(self) -> str:
        """Return all but URL, path and body as JSON. The URL has a query, which is not revealed."""
        content = {
            "headers": list(self.headers.items()),
            "fresh_until": self.fresh_until,
            "stale_until": self.stale_until,
            "stored_at": self.stored_at,
            "age": self.age,
            "vary": self.vary,
        }
        return json.dumps(content)

    @classmethod
    def from_meta(cls, url: str, path: str, meta: str, body: bytes) -> CacheEntry | None:
        """Return the entry that `to_meta` wrote, or None for anything else."""
        try:
            content = as_object(json.loads(meta))
            fields = dict(as_list(content["headers"]))
            times = [
                float(content[name]) for name in ("fresh_until", "stale_until", "stored_at", "age")
            ]
            if not all(isinstance(text, str) for each in fields.items() for text in each):
                return None
            if not all(map(isfinite, times)):
                return None
            return cls(
                url=url,
                path=path,
                headers=Headers(fields),
                body=body,
                fresh_until=times[0],
                stale_until=times[1],
                stored_at=times[2],
                age=times[3],
                vary=tuple((name, value) for name, value in as_list(content["vary"])),
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            return None
