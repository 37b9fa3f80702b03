"""URLs without credentials, fragments, and the values of parameters that are not on a list."""

from __future__ import annotations

import re

from rsspot.redaction.lists import KEPT_PARAMETERS
from rsspot.redaction.shapes import looks_secret

__all__ = ["redact_urls"]

_URL = re.compile(r"\b([A-Za-z][A-Za-z0-9+.-]{0,20}://)([^\s'\"<>]*)")


def redact_urls(text: str, mask: str) -> str:
    """Return `text` with each URL in it redacted."""
    return _URL.sub(lambda match: match[1] + _rest(match[2], mask), text)


def _rest(rest: str, mask: str) -> str:
    place, mark, query = rest.partition("?")
    if not mark:
        place, hash_mark, fragment = place.partition("#")
        query = ""
    else:
        query, hash_mark, fragment = query.partition("#")
    if "@" in place:  # the last one: a password may have a slash or an @
        place = f"{mask}@{place.rpartition('@')[2]}"
    place = "/".join(mask if looks_secret(part) else part for part in place.split("/"))
    pairs = [_parameter(pair, mask) for pair in query.split("&")] if query else []
    return place + mark + "&".join(pairs) + hash_mark + (mask if fragment else "")


def _parameter(pair: str, mask: str) -> str:
    name, sign, value = pair.partition("=")
    if name in KEPT_PARAMETERS and not looks_secret(value):
        return pair
    return f"{name}={mask}" if sign else mask
