"""An exchange over httpx: convert its requests, responses and errors.

No cookie is kept, since one sender may serve many tenants: a cookie from the response to one tenant
would be sent with the request of the next.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

import httpx

from rsspot.errors import UnexpectedResponseError
from rsspot.senders.headers import Headers
from rsspot.senders.transport.encodings import bounded
from rsspot.senders.transport.exchange import Exchange
from rsspot.senders.transport.failures import failure_of, without_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.senders.messages import Request, Response
    from rsspot.senders.options import Timeouts
    from rsspot.senders.transport.failure import Failure

__all__ = ["EmptyCookieJar", "HttpxExchange", "ignore_our_cookies"]

MARKER = "rsspot"
"""The extension that distinguishes requests of a sender from those of the caller."""
REDIRECTED = frozenset({"GET", "HEAD"})
"""Methods that may follow a redirect, if the client does: a 302 turns the others into GET."""


_ORIGIN = re.compile(r"https?://[^/?#@\\]+/")
_NO_CONTENT = httpx.ByteStream(b"")


class SentFields:
    """The header fields of the last GET, which are those of the next one, too.

    To merge a client's own fields with those of a request, and to encode them, takes longer than
    all of our own work on a call.
    """

    def __init__(self) -> None:
        self._last: tuple[Headers, str, httpx.Headers] | None = None

    def of(self, request: Request) -> httpx.Headers | None:
        """Return the fields of a request that has the same ones as the last; else None."""
        last = self._last
        if (
            last is None
            or last[0] is not request.headers
            or not request.url.startswith(last[1])
            or not _is_bare(request)
        ):
            return None
        return last[2]

    def keep(self, request: Request, fields: httpx.Headers) -> None:
        """Remember what was sent for `request`."""
        origin = _ORIGIN.match(request.url)
        if origin is not None and _is_bare(request):
            self._last = request.headers, origin[0], fields.copy()


def _is_bare(request: Request) -> bool:
    return request.method == "GET" and not request.has_content


class HttpxExchange(Exchange):
    """Prepares one request for httpx, and handles its response, sync or async."""

    __slots__ = ()

    def message(
        self, client: httpx.Client | httpx.AsyncClient, sent: SentFields | None = None
    ) -> httpx.Request:
        """Return the request as httpx's. Raises `InvalidInput` if it cannot be sent.

        sent: the header fields that `client` has sent, if it adds the same to all requests.
        """
        request, timeouts = self.request, self.request.options.timeouts
        known = None if sent is None else sent.of(request)
        if known is None:
            self.check()
        url = request.url
        params = request.params or None  # httpx would put none in place of the URL's own
        try:
            parsed = _parsed(url)
            if params and "?" in url:  # httpx would put the one query in place of the other
                parsed, params = parsed.copy_merge_params(params), None
            if known is not None:
                phases = client.timeout if timeouts is None else _timeout(timeouts)
                return httpx.Request(
                    request.method,
                    parsed,
                    params=params,
                    headers=known,
                    stream=_NO_CONTENT,
                    extensions={"timeout": phases.as_dict(), MARKER: True},
                )
            message = client.build_request(
                request.method,
                parsed,
                params=params,
                headers=request.headers,
                data=request.data,
                json=request.json,
                content=request.content,
                timeout=httpx.USE_CLIENT_DEFAULT if timeouts is None else _timeout(timeouts),
            )
        except (httpx.InvalidURL, TypeError, ValueError, RecursionError) as error:
            raise self.refused(error) from None
        accepted = message.headers.get("accept-encoding", "")
        if bounded(accepted) != accepted:
            message.headers["accept-encoding"] = bounded(accepted)
        message.extensions[MARKER] = True
        if sent is not None:
            sent.keep(request, message.headers)
        return message

    def carrier(
        self, client: Any, message: httpx.Request, sent: SentFields | None
    ) -> Callable[[httpx.Request], Any]:
        """Return what sends a request: the client, or only the transport that it would use.

        A transport alone takes a third less time.
        """
        if sent is None:
            return partial(client.send, stream=True, follow_redirects=False)
        if client.is_closed:
            raise RuntimeError("The client was closed meanwhile.")
        transport = client._transport_for_url(message.url)  # noqa: SLF001 - as the client does
        is_async = isinstance(client, httpx.AsyncClient)
        send: Callable[[httpx.Request], Any]
        send = transport.handle_async_request if is_async else transport.handle_request
        return send

    def redirected(
        self, response: httpx.Response, client: httpx.Client | httpx.AsyncClient
    ) -> httpx.Request | None:
        """Return the request to follow a redirect, if it may be followed.

        It may if the client follows redirects, for a GET or HEAD whose response is not secret.
        Raises `UnexpectedResponseError` for another origin, to which nothing is sent.
        """
        following = response.next_request
        request = self.request
        if (
            following is None
            or not client.follow_redirects
            or request.options.secret
            or request.method not in REDIRECTED
        ):
            return None
        if _origin(following.url) != _origin(response.request.url):
            raise UnexpectedResponseError(
                f"{self._what} was redirected to another origin, {_shown(following.url)}",
                hint="Send the request there directly if that is the right place",
                **self._details,
            )
        self._redirects += 1
        if self._redirects > client.max_redirects:
            raise httpx.TooManyRedirects("", request=following)
        return following

    def head(self, response: httpx.Response) -> bool:
        """Process the head of the response. Return whether its body must still be read."""
        stream = getattr(response.stream, "_stream", response.stream)
        if response.is_stream_consumed and not isinstance(stream, httpx.ByteStream):
            self.keep(response.content)  # a hook of the caller has read it
            return False
        self.begin(response.headers.get("content-encoding", ""))
        return True

    def result(self, response: httpx.Response) -> Response:
        """Return the response as ours."""
        fields = Headers.joined(response.headers.multi_items())
        return self.response(str(response.url), fields, response.status_code)

    def _is_invalid(self, error: Exception) -> bool:
        refused = isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol)
        return refused or super()._is_invalid(error)

    def _why(self, error: Exception) -> str:
        if isinstance(error, httpx.UnsupportedProtocol):
            return "its URL must begin with http:// or https://"
        if isinstance(error, httpx.InvalidURL):
            return "its URL cannot be used"
        return super()._why(error)

    def _failure_of(self, error: Exception) -> Failure | None:
        return failure_of(error)

    def _cause(self, error: Exception) -> BaseException | None:
        return without_text(error)


@lru_cache(256)
def _parsed(url: str) -> httpx.URL:
    """The URL as httpx has it, which never changes: to parse it takes a tenth of a request."""
    return httpx.URL(url)


def _timeout(timeouts: Timeouts) -> httpx.Timeout:
    it = timeouts
    return _timeout_of((it.connect, it.read, it.write, it.pool), it.total)


@lru_cache(64)
def _timeout_of(phases: tuple[float | None, ...], total: float | None) -> httpx.Timeout:
    if total is not None:
        phases = tuple([total if each is None else min(each, total) for each in phases])
    connect, read, write, pool = phases
    return httpx.Timeout(connect=connect, read=read, write=write, pool=pool)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _shown(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode()}"


class EmptyCookieJar(CookieJar):
    """A jar that accepts no cookie from a response."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Do nothing."""


def ignore_our_cookies(client: httpx.Client | httpx.AsyncClient) -> None:
    """Make a client of the caller ignore cookies in responses to a sender.

    A jar that already has cookies is left alone, since its owner wants a session. Cookies in
    responses to the caller's own requests are kept too.
    """
    jar = client.cookies.jar
    if len(jar):
        return
    extract = jar.extract_cookies

    def extract_from_others(response: Any, request: Any) -> None:
        if MARKER not in request.request.extensions:
            extract(response, request)

    setattr(jar, "extract_cookies", extract_from_others)  # noqa: B010 - of this jar alone
