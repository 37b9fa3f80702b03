"""Cache keys (RFC 9111, section 2): what distinguishes one request from another."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import parse_qs, quote, quote_plus, urlencode, urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rsspot.senders.messages import Request, Response

__all__ = [
    "IN_KEY",
    "hashed",
    "is_redirected",
    "key_of",
    "named_paths",
    "origin_of",
    "parent",
    "path_of",
    "variant_of",
]

ERRORS = 400
DEFAULT_PORTS = {"http": 80, "https": 443}
IN_KEY = frozenset({"host", "authorization"})
"""Fields that determine the resource, or who may read it."""
RESERVED = ":/?#[]@!$&'()*+,;="
"""Characters that differ in meaning from their encoded forms (RFC 3986, section 2.2)."""
_ENCODED = re.compile("%([0-9A-Fa-f]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9_~-]")  # but the dot, which can remove a segment
_PLAIN = re.compile(r"(https?://[a-z0-9.-]+)(:[1-9][0-9]{0,4})?(/(?:[A-Za-z0-9_~/-]|(?<!/)\.)*)")
"""A URL whose normal form is evident: most are."""
_EXPLICIT_DEFAULTS = {f":{port}" for port in DEFAULT_PORTS.values()}
Parameters = tuple[tuple[str, tuple[str, ...]], ...]


def key_of(request: Request, partition: str = "") -> str:
    """Return the key of a request; equal for equal requests of the same credential."""
    key = f"{partition} {_normal(request.url, _flat(request.params))}"
    if not request.headers.has_any(IN_KEY):
        return key
    if "host" in request.headers:
        # The field names the resource, whatever host the URL connects to.
        key = f"host={hashed(request.headers['host'])} {key}"
    if "authorization" in request.headers:
        # Signed already: what one credential may see is not for another.
        key = f"{hashed(request.headers['authorization'])} {key}"
    return key


def variant_of(key: str, names: Iterable[str], headers: Mapping[str, str]) -> str:
    """Return the key of a response that depends on the fields `names` (RFC 9111, section 4.1)."""
    fields = [
        f"{name.lower()}={quote_plus(headers.get(name, ''), errors='surrogatepass')}"
        for name in names
    ]
    return " ".join((key, *sorted(fields)))


def hashed(key: str) -> str:
    """Return the key as it is stored on disk, which reveals no value of a query."""
    return sha256(key.encode(errors="surrogatepass")).hexdigest()


def is_redirected(request: Request, response: Response) -> bool:
    """Return whether the response is for another URL than the request."""
    if response.redirected is not None:
        return response.redirected
    if "://" not in response.url or "://" not in request.url:
        return False
    # A user's sender may or may not add the parameters to the URL of the response.
    requested = {_normal(request.url, params) for params in (_flat(request.params), ())}
    return _normal(response.url, ()) not in requested


def origin_of(url: str) -> tuple[str, str | None, int | None]:
    """Return scheme, host and port (RFC 9110, section 4.3.1). Raises `ValueError`."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or DEFAULT_PORTS.get(parts.scheme)


def path_of(url: str) -> str:
    """Return the path in normal form, so that writes and stored reads can be compared."""
    return _text(_without_dots(urlsplit(url).path)) or "/"


def _flat(params: Mapping[str, Any] | None) -> Parameters:
    """Return the parameters as they are sent."""
    if not params:
        return ()
    return tuple(
        (str(name), tuple(_primitive(value) for value in _each(given)))
        for name, given in params.items()
    )


def _each(given: Any) -> Iterable[Any]:
    return given if _are_many(given) else (given,)


def _are_many(given: Any) -> TypeGuard[Iterable[Any]]:
    return isinstance(given, list | tuple)


def _primitive(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@lru_cache(1024)
def _normal(url: str, params: Parameters) -> str:
    """Return the URL that is sent, in normal form (RFC 9110, section 4.2.3), without its fragment.

    Scheme and host are in lower case, without the default port; characters are encoded where
    needed. What may matter to a server, such as the order of a query, is kept.
    """
    plain = None if params else _PLAIN.fullmatch(url)
    if plain is not None and plain[2] not in _EXPLICIT_DEFAULTS:
        return url if plain[2] else f"{plain[1]}:None{plain[3]}"  # as below
    if not url.isprintable() or url != url.strip():
        return quote(url, safe="", errors="surrogatepass")  # it cannot be sent
    parts = urlsplit(url)
    user, at, _ = parts.netloc.rpartition("@")
    host = parts.hostname or ""
    port = parts.port if parts.port != DEFAULT_PORTS.get(parts.scheme) else None
    before, mark, _ = url.partition("#")[0].partition("?")
    query = f"?{_text(parts.query)}" if mark else ""
    if params:
        merged = parse_qs(parts.query, keep_blank_values=True)
        merged.update({name: list(values) for name, values in params})
        query = f"?{_text(urlencode(merged, doseq=True, errors='surrogatepass'))}"
    return f"{parts.scheme}://{_text(user)}{at}{host}:{port}{path_of(before)}{query}"


def _text(text: str) -> str:
    return _ENCODED.sub(_octet, quote(text, safe=f"{RESERVED}%", errors="surrogatepass"))


def _octet(found: re.Match[str]) -> str:
    char = chr(int(found[1], 16))
    return char if _UNRESERVED.fullmatch(char) else found[0].upper()


def _without_dots(path: str) -> str:
    """Return the path without `.` and `..` segments (RFC 3986, section 5.2.4), as it is sent."""
    if "." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if kept and kept != [""]:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept)


def parent(path: str) -> str:
    """Return the parent path: the collection that an item is in."""
    return path.rstrip("/").rpartition("/")[0]


def named_paths(request: Request, response: Response) -> tuple[str, ...]:
    """Return the paths of the same origin that the response to a write names (section 4.4)."""
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
        except ValueError:  # an invalid URL
            continue
    return tuple(paths)
