"""By what a cache tells requests apart (RFC 9111, section 2): a request's key in normal form."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import quote_plus, unquote_to_bytes, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rsspot.senders.messages import Request

__all__ = ["hashed", "key_of", "variant_of"]

DEFAULT_PORTS = {"http": 80, "https": 443}


def key_of(request: Request, partition: str = "") -> str:
    """The key of a request; equal for requests that ask the same for the same credential."""
    key = f"{partition} {_normal(request.url, _flat(request.params))}"
    if "authorization" in request.headers:
        # Signed already: what one credential may see is not for another.
        key = f"{hashed(request.headers['authorization'])} {key}"
    return key


def variant_of(key: str, names: Iterable[str], headers: Mapping[str, str]) -> str:
    """The key of an answer that depends on the header fields `names` (RFC 9111, section 4.1)."""
    fields = [f"{name.lower()}={quote_plus(headers.get(name, ''))}" for name in names]
    return " ".join((key, *sorted(fields)))


def hashed(key: str) -> str:
    """The key as it may be kept on disk: no value of a query can be read off it."""
    return sha256(key.encode(errors="surrogatepass")).hexdigest()


def _flat(params: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    """The parameters as they are sent."""
    if not params:
        return ()
    return tuple((name, _text(value)) for name, given in params.items() for value in _each(given))


def _each(given: Any) -> Iterable[Any]:
    return given if _are_many(given) else (given,)


def _are_many(given: Any) -> TypeGuard[Iterable[Any]]:
    return isinstance(given, list | tuple)


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@lru_cache(1024)
def _normal(url: str, params: tuple[tuple[str, str], ...]) -> str:
    """The URL without fragment, host in lower case, no default port, its query in order."""
    parts = urlsplit(url)
    user = parts.netloc.rpartition("@")[0]
    port = parts.port if parts.port != DEFAULT_PORTS.get(parts.scheme) else None
    replaced = {name for name, _ in params}
    pairs = [(name, value) for name, value in _pairs(parts.query) if name not in replaced]
    query = sorted((*pairs, *params), key=lambda pair: pair[0])
    shown = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in query)
    return f"{parts.scheme}://{user}@{parts.hostname}:{port}{parts.path or '/'}?{shown}"


def _pairs(query: str) -> Iterable[tuple[str, str]]:
    for piece in filter(None, query.split("&")):
        name, _, value = piece.partition("=")
        yield _unquoted(name), _unquoted(value)


def _unquoted(text: str) -> str:
    raw = unquote_to_bytes(text.replace("+", " "))
    return raw.decode(errors="surrogateescape")


def _quoted(text: str) -> str:
    return quote_plus(text, errors="surrogatepass")
