"""What a write makes invalid (RFC 9111, section 4.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from rsspot.senders.cache.keys import origin_of, path_of

if TYPE_CHECKING:
    from rsspot.senders.messages import Request, Response

__all__ = ["named_paths", "parent"]

ERRORS = 400


def parent(path: str) -> str:
    """The path above: the collection that an item is in."""
    return path.rstrip("/").rpartition("/")[0]


def named_paths(request: Request, response: Response) -> tuple[str, ...]:
    """The paths that the response to a write names, if they are of the same origin."""
    if response.status_code >= ERRORS:
        return ()
    paths: set[str] = set()
    for name in ("Location", "Content-Location"):
        named = response.headers.get(name)
        if named is None:
            continue
        try:
            url = urljoin(request.url, named)
            if origin_of(url) == origin_of(request.url):
                paths.add(path_of(url))
        except ValueError:  # it is no URL
            continue
    return tuple(paths)
