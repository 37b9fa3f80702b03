"""The requests and responses that senders pass on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from rsspot.errors import InvalidInput
from rsspot.senders.decoding import read_json
from rsspot.senders.headers import Headers
from rsspot.senders.urls import check_url, without_query
from rsspot.shapes import type_name
from rsspot.values import evolve, field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from attrs import Attribute

    from rsspot.senders.options import Timeouts

__all__ = ["DEFAULTS", "Options", "Request", "Response", "check_request"]


@frozen(kw_only=True)
class Options:
    """How senders treat one request. None leaves the choice to the sender.

    Attributes:
        signed: Whether the request may carry the access token.
        secret: Whether its response holds a secret (a token, a kubeconfig), and is never cached or
            shown.
        cache: ``"use"`` (default) the cache, or ``"bypass"`` it for reading and for storing.
        timeouts: Maximum times, in place of the sender's own (default: None).
        retry_unsafe: Whether to re-send a POST or PATCH although the server may have acted on it
            (default: None).
    """

    signed: bool = True
    secret: bool = False
    cache: Literal["use", "bypass"] = "use"
    timeouts: Timeouts | None = None
    retry_unsafe: bool | None = None


DEFAULTS = Options()
MOMENT = 0.01
"""Seconds that are not worth a copy of a request."""


def _upper(method: Any) -> str:
    if not isinstance(method, str):
        raise _wrong("method", "text", method)
    return method.upper()


def _headers(fields: Mapping[str, str] | None) -> Headers:
    if isinstance(fields, Headers):  # the fast path: an exact class needs no further check
        return fields
    if fields is None or fields == {}:
        return _NO_FIELDS
    _check_mapping(None, "headers", fields)
    given: Any = fields or {}
    for name, value in given.items():
        if not isinstance(name, str) or not isinstance(value, str):
            raise _wrong(
                "headers", "a mapping of text to text", name if isinstance(value, str) else value
            )
    return Headers(fields)


def _check_mapping(_request: Any, attribute: Attribute[Any] | str, value: Any) -> None:
    if value is not None and not hasattr(value, "items"):
        name = attribute if isinstance(attribute, str) else attribute.name
        raise _wrong(name, "a mapping of names to values", value)


def _wrong(name: str, what: str, value: object) -> InvalidInput:
    return InvalidInput(f"{name} must be {what}, not {type_name(value)}", argument=name)


def _response_headers(fields: Mapping[str, Any] | None) -> Headers:
    """Return header fields from any mapping, whose values may be numbers."""
    if not fields and (fields is None or fields.__class__ is dict):
        return _NO_FIELDS
    if isinstance(fields, Headers):
        return fields
    _check_mapping(None, "headers", fields)
    return Headers({str(name): str(value) for name, value in (fields or {}).items()})


_NO_FIELDS = Headers()


def _shown(url: str) -> str:
    return repr(without_query(url))


@frozen()
class Request:
    """One HTTP request.

    Attributes:
        method: HTTP method, such as ``"GET"``.
        url: Absolute URL.
        params: Parameters that are added to the query of `url` (default: none).
        headers: Header fields (default: none).
        data: Body that is sent as a form (default: none).
        json: Body that is sent as JSON (default: none).
        content: Body that is sent unchanged (default: none).
        options: How senders treat it (default: as in `Options`).

    Raises:
        InvalidInput: If the URL is not valid.
    """

    method: str = field(converter=_upper)
    url: str = field(validator=check_url, repr=_shown)
    params: Mapping[str, Any] | None = field(default=None, repr=False, validator=_check_mapping)
    headers: Headers = field(default=None, converter=_headers)
    data: Mapping[str, Any] | None = field(default=None, repr=False, validator=_check_mapping)
    json: Any = field(default=None, repr=False)
    content: bytes | str | None = field(default=None, repr=False)
    options: Options = field(default=DEFAULTS, kw_only=True, repr=False)

    def with_headers(self, fields: Mapping[str, str]) -> Request:
        """Return this request with other header fields in place of those of the same name.

        Args:
            fields: Names and values.
        """
        return self._replaced("headers", self.headers.replace(fields))

    def after(self, elapsed: float) -> Request:
        """Return this request after a part of its total time has passed.

        Args:
            elapsed: Seconds that have passed.
        """
        timeouts = self.options.timeouts
        if timeouts is None or timeouts.total is None or elapsed < MOMENT:
            return self
        left = evolve(timeouts, total=max(0.0, timeouts.total - elapsed))
        return self._replaced("options", evolve(self.options, timeouts=left))

    def _replaced(self, name: str, value: Any) -> Request:
        # Not with `evolve`, which validates everything again: every signed request passes here.
        other = object.__new__(type(self))
        other.__dict__.update({**self.__dict__, name: value})
        return other

    @property
    def has_content(self) -> bool:
        """Return whether the request has a body."""
        return self.json is not None or bool(self.data) or bool(self.content)

    @property
    def target(self) -> str:
        """The URL without query, fragment and user information, which a message may show."""
        return without_query(self.url)


class Response:
    """One HTTP response. The body is decoded when `content` is first read.

    `content` is the decoded JSON, or None if the body is empty or not JSON; `body` is the bytes and
    `text` the text.

    Args:
        url: URL that the response is from.
        headers: Header fields (default: none).
        status_code: HTTP status (default: 200).
        content: Decoded content in place of a body, for a sender in a test (default: that of the
            body).
        body: Bytes of the body (default: the JSON of `content`).
    """

    __slots__ = (
        "_body",
        "_content",
        "_headers",
        "claims",
        "elapsed",
        "memo",
        "redirected",
        "status_code",
        "tries",
        "url",
    )

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        status_code: int = 200,
        content: Any = None,
        *,
        body: bytes | None = None,
    ) -> None:
        self.url: str = url
        # Not `isinstance`, which takes long to say that another class is not this one.
        self._headers: Headers = headers if type(headers) is Headers else _response_headers(headers)
        self.status_code: int = status_code
        self.memo: dict[Any, Any] | None = None
        """What a reader derived from the body. A cache that returns the same body again passes on
        the same memo, so it may only hold immutable values."""
        self.tries: int = 1
        """How often the request was sent until this response came; 0: it is from the cache."""
        self.elapsed: float | None = None
        """Seconds from the first attempt to the end of the last; None: not measured."""
        self.claims: Mapping[str, Any] | None = None
        """The claims of the access token that got a 403."""
        self.redirected: bool | None = None
        """Whether its URL is not the requested one; None if the sender does not report it."""
        if isinstance(content, bytes) and body is None:
            body, content = content, None
        self._body = body
        self._content = content if body is None else _UNREAD

    @property
    def headers(self) -> Headers:
        """The header fields, with case-insensitive names. Any mapping can be assigned."""
        return self._headers

    @headers.setter
    def headers(self, fields: Mapping[str, Any] | None) -> None:
        self._headers = _response_headers(fields)

    @property
    def content(self) -> Any:
        """The decoded JSON, or None."""
        if self._content is _UNREAD:
            try:
                self._content = read_json(self._body or b"null")
            except (ValueError, RecursionError):
                self._content = None
        return self._content

    @property
    def body(self) -> bytes:
        """The body after content decoding."""
        if self._body is None:
            self._body = b"" if self._content is None else json.dumps(self._content).encode()
        return self._body

    @property
    def text(self) -> str:
        """The body as text. Bytes that are not UTF-8 are replaced."""
        return self.body.decode(errors="replace")

    @property
    def ok(self) -> bool:
        """Whether the status is a success (200 to 299)."""
        return self.status_code // 100 == 2  # noqa: PLR2004

    def again(self) -> Response:
        """Return a copy for another caller, who may change its content."""
        copy = Response(self.url, self.headers, self.status_code, body=self.body)
        copy.memo, copy.claims, copy.redirected = self.memo, self.claims, self.redirected
        copy.tries, copy.elapsed = self.tries, self.elapsed
        return copy

    def __repr__(self) -> str:
        return f"<Response {self.status_code} {urlsplit(self.url).path or '/'}>"


_UNREAD = object()


def check_request(request: object) -> None:
    """Refuse to send anything but a request. Raises `InvalidInput`."""
    if not isinstance(request, Request):
        raise _wrong("request", "a Request", request)
