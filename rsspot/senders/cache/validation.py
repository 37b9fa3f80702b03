"""The header fields of stored responses, and their validation (RFC 9111, section 4.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rsspot.senders.cache.http_date import strict_http_date
from rsspot.senders.messages import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.senders.cache.entry import CacheEntry
    from rsspot.senders.headers import Headers

__all__ = ["agrees", "confirms", "renewed", "stored_fields", "validators"]

COOKIES = frozenset({"set-cookie", "set-cookie2"})
"""Fields for one user only, which may be secrets."""
CONNECTION_FIELDS = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authentication-info",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "transfer-encoding",
        "upgrade",
    }
)
"""Fields of this connection only (section 3.1; RFC 9110, section 7.6.1)."""
TIME_FIELDS = frozenset({"age", "date"})
"""Fields about when a response was made, not about its content."""
BODY_FIELDS = frozenset({"content-encoding", "content-length", "content-range"})
"""Fields about how the stored body was sent, which a 304 does not change (section 3.2)."""

# One entity tag, or what some servers send for one. A `*` or a list would match other bodies
# too, and what is not ASCII cannot be sent back.
_TAG = re.compile(r'(?:W/)?"[!#-~]*"|(?!\*$)[!#-+\--~]+')


def validators(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that validate a stored response with these headers (section 4.3.1).

    A value that cannot be sent back, or would match other responses too, is no validator.
    """
    fields: dict[str, str] = {}
    tag, modified = headers.get("ETag", ""), headers.get("Last-Modified", "")
    if _TAG.fullmatch(tag):
        fields["If-None-Match"] = tag
    if strict_http_date(modified, 0.0) is not None:
        fields["If-Modified-Since"] = modified
    return fields


def confirms(news: Headers, stored: Headers) -> bool:
    """Return whether a 304 with `news` is about the stored response (section 4.3.4).

    One without any validator is, since the request was about no other.
    """
    tag, known = news.get("ETag"), stored.get("ETag")
    if tag is not None:
        if known is not None and tag.startswith("W/"):
            return tag[2:] == known.removeprefix("W/")
        return tag == known
    return news.get("Last-Modified") in {None, stored.get("Last-Modified")}


def agrees(news: Headers, stored: Headers) -> bool:
    """Return whether the response to a HEAD is about the stored response (section 4.3.5)."""
    names = ("ETag", "Last-Modified", "Content-Length")
    return all(news[name] == stored.get(name) for name in names if name in news)


def stored_fields(headers: Headers) -> Headers:
    """Return the header fields that are stored: all but cookies and those for the connection."""
    named = {name.strip().lower() for name in headers.get("Connection", "").split(",")}
    return headers.without(COOKIES | CONNECTION_FIELDS | named)


def renewed(old: CacheEntry, news: Response) -> Response:
    """Return the stored response with the header fields of its confirmation (section 4.3.4)."""
    # The stored fields, with those of the newer response in their place (section 3.2).
    fields = old.headers.without(TIME_FIELDS)
    fields = fields.replace(stored_fields(news.headers).without(BODY_FIELDS))
    made = Response(old.url, fields, body=old.body)
    made.tries, made.redirected = news.tries, False
    return made
