"""Encode a request for engines that are used without httpx.

Only requests that need no interpretation: a URL with nothing to normalize, and a complete body.
Everything else is left to httpx, so that a URL means the same with every engine.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

from rsspot.senders.transport.encodings import ACCEPTED, bounded
from rsspot.senders.transport.failure import OnlyHttpx
from rsspot.shapes import is_sequence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.senders.messages import Request

__all__ = [
    "UNUSUAL", "Target", "WireRequest", "header_text", "is_address", "message_of", "target_of",
]  # fmt: skip

_URL = re.compile(
    r"(https?)://([a-z0-9](?:[a-z0-9._-]*[a-z0-9])?)(?::([1-9][0-9]{0,4}))?"
    r"((?:/(?!\.)(?:[A-Za-z0-9._~!$&()*+,;=:@-]|%[0-9A-F]{2})*)+)"
    r"(?:\?((?:[A-Za-z0-9._~!$&()*+,;=:@/?-]|%[0-9A-F]{2})+))?"
)
"""URLs that every HTTP library treats alike: no upper case in the host, no dot segments."""
PORTS = {"http": 80, "https": 443}
MAX_PORT = 65_535
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
UNUSUAL = frozenset(
    {
        "connection", "content-length", "expect", "host", "proxy-authorization", "te", "trailer",
        "transfer-encoding", "upgrade",
    }
)  # fmt: skip
"""Header fields that change the HTTP connection or framing itself."""


class Target(NamedTuple):
    """The destination of a request."""

    scheme: str
    host: str
    port: int
    authority: str
    """The host, with its port if that is not the default."""
    path: str
    query: str


class WireRequest(NamedTuple):
    """A request on the wire."""

    target: Target
    method: str
    path: str
    """Path and query."""
    headers: dict[str, str]
    """Names are in lower case."""
    body: bytes

    @property
    def url(self) -> str:
        """The whole URL."""
        return f"{self.target.scheme}://{self.target.authority}{self.path}"


@lru_cache(1024)
def target_of(url: str) -> Target | None:
    """Return the destination of `url`; None if something in it must be normalized first."""
    match = _URL.fullmatch(url)
    if match is None:
        return None
    scheme, host, port, path, query = match.groups()
    number = int(port) if port else PORTS[scheme]
    if number > MAX_PORT or "--" in host or ".." in host:
        return None
    if host[-1].isdigit() and not is_address(host):
        return None
    authority = host if number == PORTS[scheme] else f"{host}:{number}"
    return Target(scheme, host, number, authority, path, query or "")


def message_of(request: Request, defaults: Mapping[str, str]) -> WireRequest:
    """Return `request` as it is sent, with default header fields. Raises `OnlyHttpx`.

    Raises `TypeError`, `ValueError` or `RecursionError` for a body that cannot be encoded.
    """
    target = target_of(request.url)
    if target is None:
        raise OnlyHttpx("its URL has to be normalized")
    if request.headers.has_any(UNUSUAL):
        raise OnlyHttpx("it has header fields about HTTP itself")
    if not _has_plain_body(request):
        raise OnlyHttpx("its body has an unusual type")
    path, query = target.path, target.query
    if request.params:
        if query or not _is_plain(request.params):
            raise OnlyHttpx("its query has to be merged")
        query = urlencode(_pairs(request.params))
        if not query:
            raise OnlyHttpx("its parameters are empty lists")
    headers = {**defaults, **{name.lower(): value for name, value in request.headers.items()}}
    headers["host"] = target.authority
    accepted = headers["accept-encoding"]
    if accepted is not ACCEPTED:
        headers["accept-encoding"] = bounded(accepted)
    body = _body(request, headers)
    if body or request.data or request.method in WITH_BODY:  # a form of empty lists is empty
        headers["content-length"] = str(len(body))
    return WireRequest(target, request.method, f"{path}?{query}" if query else path, headers, body)


def _body(request: Request, headers: dict[str, str]) -> bytes:
    """Return the body, and put its type into `headers` unless the caller has set it."""
    if request.content is not None:
        return request.content.encode() if isinstance(request.content, str) else request.content
    if request.data:
        headers.setdefault("content-type", "application/x-www-form-urlencoded")
        return urlencode(_pairs(request.data)).encode()
    if request.json is not None:
        headers.setdefault("content-type", "application/json")
        return _dumps(request.json).encode()
    return b""


_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def is_address(host: str) -> bool:
    """Return whether a host is an IPv4 address in its only usual form."""
    parts = host.split(".")
    return len(parts) == 4 and all(  # noqa: PLR2004 - numbers in an IPv4 address
        part.isdigit() and str(int(part)) == part and int(part) < 256  # noqa: PLR2004 - a byte
        for part in parts
    )


def _has_plain_body(request: Request) -> bool:
    content: Any = request.content
    if content is not None:
        return isinstance(content, bytes | str)
    return not request.data or _is_plain(request.data)


def _is_plain(fields: Any) -> bool:
    """Return whether all keys are text, and httpx would write the values as `_pairs` does."""
    plain: Mapping[Any, Any] = fields
    return hasattr(plain, "items") and all(isinstance(name, str) for name in plain)


def _pairs(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the fields of a form or query; a list means several fields of one name."""
    return [
        (name, _text(each))
        for name, value in fields.items()
        for each in (value if is_sequence(value) else (value,))
    ]


def _text(value: Any) -> str:
    """Return a value as httpx writes it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def header_text(value: bytes) -> str:
    """Return the value of a header field of a response; Latin-1 if it is not UTF-8."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")
