"""A stored response, in memory and as it is stored on disk."""

from __future__ import annotations

import json
from itertools import chain
from math import isfinite
from typing import TYPE_CHECKING, Any

from rsspot.senders.headers import Headers
from rsspot.senders.messages import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CacheEntry"]

_decode = json.JSONDecoder().raw_decode
"""Without the check for white space around it, of which `to_meta` writes none."""


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

    def fields_at(self, now: float) -> Headers:
        """Return the header fields with its age (RFC 9111, section 4)."""
        age = int(self.age + now - self.stored_at) if now > self.stored_at else int(self.age)
        aged = self._aged
        if age != aged[0]:
            aged = self._aged = age, self.headers.replace({"Age": str(age)})
        return aged[1]

    def response_at(self, now: float) -> Response:
        """Return a response for reuse, with its age (RFC 9111, section 4)."""
        response = Response(self.url, self.fields_at(now), 200, body=self.body)
        response.memo, response.redirected, response.tries = self.memo, False, 0
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
            content, end = _decode(meta)
            fields, vary = content["headers"], content["vary"]
            made = cls(
                url,
                path,
                Headers.joined(fields),
                body,
                fresh_until=content["fresh_until"],
                stale_until=content["stale_until"],
                stored_at=content["stored_at"],
                age=content["age"],
                vary=tuple([(name, value) for name, value in vary]) if vary else (),
            )
            "".join(chain.from_iterable(fields))  # which refuses anything but text
            times = made.fresh_until + made.stale_until + made.stored_at + made.age
            return made if isfinite(times) and end == len(meta) else None
        except (
            ArithmeticError,
            AttributeError,
            LookupError,
            RecursionError,
            TypeError,
            ValueError,
        ):
            return None
