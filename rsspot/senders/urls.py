"""Check the URL of a request, and show it without what may be secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from rsspot.errors import InvalidInput
from rsspot.shapes import type_name

if TYPE_CHECKING:
    from attrs import Attribute

__all__ = ["check_url", "without_query"]

_PLAIN = re.compile(r"https?://[A-Za-z0-9.-]+(?::(?:[0-9]{1,4}|[1-5][0-9]{4}))?/[!-~]*")
"""A URL that is certainly valid: most are, and parsing one takes five times as long."""


def check_url(_request: Any, _attribute: Attribute[str], url: Any) -> None:
    """Refuse what no request can be sent to. Raises `InvalidInput`."""
    if not isinstance(url, str):
        raise InvalidInput(f"url must be text, not {type_name(url)}", argument="url")
    if _PLAIN.fullmatch(url):
        return
    try:
        _ = urlsplit(url).port
        url.encode()
    except ValueError as error:
        raise InvalidInput(
            f"This is not a URL that a request can be sent to: {error}",
            argument="url",
            hint="Write it like https://host/path",
        ) from None


def without_query(url: str) -> str:
    """Return the URL without query, fragment and user information, which a message may show."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
