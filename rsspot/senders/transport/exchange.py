"""One request and its response: time, size, and what a failure means."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NoReturn

from rsspot.errors import (
    ConnectionFailed,
    DeadlineExceeded,
    InvalidInput,
    RSSpotError,
    UnexpectedAnswerError,
)
from rsspot.senders.headers import Headers
from rsspot.senders.messages import Response
from rsspot.senders.transport.encodings import DecodingError, bounded, decoder_for

if TYPE_CHECKING:
    import httpx

    from rsspot.senders.messages import Request
    from rsspot.senders.options import Timeouts
    from rsspot.senders.transport.encodings import Decoder

__all__ = ["MARKER", "MAX_BODY", "Exchange"]

MAX_BODY = 64 * 1024 * 1024
"""Bytes of one decoded body; more is an error, so that no response can fill the memory."""
MARKER = "rsspot"
"""The extension that marks a request of a sender, beside what the caller does with the client."""
REDIRECTED = frozenset({"GET", "HEAD"})
"""Methods that may follow a redirect, where the client does: a 302 makes a GET of the others."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")


class Exchange:
    """What happens around one request, sync or async."""

    __slots__ = (
        "_chunks", "_decoder", "_limit", "_redirects", "_size", "_started", "_taken", "deadline",
        "request",
    )  # fmt: skip

    def __init__(self, request: Request, limit: int) -> None:
        self.request: Request = request
        self._limit = limit
        self._size = self._taken = self._redirects = 0
        self._chunks: list[bytes] = []
        self._decoder: Decoder | None = None
        self._started = time.monotonic()
        timeouts = request.options.timeouts
        self.deadline: float | None = None
        """When the total time is over, by `time.monotonic`."""
        if timeouts is not None and timeouts.total is not None:
            self.deadline = self._started + timeouts.total

    @property
    def left(self) -> float | None:
        """Seconds that are left; None is without end."""
        return None if self.deadline is None else self.deadline - time.monotonic()

    def message(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """The request in httpx's form. Raises `InvalidInput` for what cannot be sent."""
        import httpx

        request, timeouts = self.request, self.request.options.timeouts
        self._check()
        url: Any = request.url
        params = request.params or None  # httpx would put none in place of the URL's own
        try:
            if params and "?" in url:  # httpx would put the one query in place of the other
                url, params = httpx.URL(url).copy_merge_params(params), None
            message = client.build_request(
                request.method,
                url,
                params=params,
                headers=request.headers,
                data=request.data,
                json=request.json,
                content=request.content,
                timeout=httpx.USE_CLIENT_DEFAULT if timeouts is None else _timeout(timeouts),
            )
        except (httpx.InvalidURL, TypeError, ValueError, RecursionError) as error:
            raise self._invalid(_why(error, request)) from None
        accepted = message.headers.get("accept-encoding", "")
        if bounded(accepted) != accepted:
            message.headers["accept-encoding"] = bounded(accepted)
        message.extensions[MARKER] = True
        return message

    def _check(self) -> None:
        # Whatever refuses these further down repeats them, and a header may hold a secret.
        if not _TOKEN.fullmatch(self.request.method):
            raise self._invalid("its method is not a valid HTTP token")
        given: dict[Any, Any] = dict(self.request.headers.items())
        # All of them at a glance; one by one only to find the one that is wrong.
        with suppress(TypeError):
            if _TOKEN.fullmatch("".join(given)) and _VALUE.fullmatch("".join(given.values())):
                return
        for name, value in given.items():
            if not _TOKEN.fullmatch(name):
                raise self._invalid("a header name is not a valid HTTP token")
            if not isinstance(value, str) or not _VALUE.fullmatch(value):
                raise self._invalid(
                    f"the header {name} holds characters other than printable ASCII"
                )

    def redirected(
        self, response: httpx.Response, client: httpx.Client | httpx.AsyncClient
    ) -> httpx.Request | None:
        """The request that a redirect leads to, where it may be followed.

        It may where the client does so, for a GET or HEAD whose response is no secret. Raises
        `UnexpectedAnswerError` for another origin, to which nothing is sent.
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
            raise UnexpectedAnswerError(
                f"{self._what} was redirected to another origin, {_shown(following.url)}",
                hint="Send the request there directly if that is the right place",
                **self._details,
            )
        self._redirects += 1
        if self._redirects > client.max_redirects:
            import httpx

            raise httpx.TooManyRedirects("", request=following)
        return following

    def begin(self, response: httpx.Response) -> bool:
        """Look at the head of the response. Return whether its body is still to be read."""
        import httpx

        stream = getattr(response.stream, "_stream", response.stream)
        if response.is_stream_consumed and not isinstance(stream, httpx.ByteStream):
            self.keep(response.content)  # a hook of the caller's own has read it
            return False
        self._decoder = decoder_for(response.headers.get("content-encoding", ""))
        return True

    def take(self, chunk: bytes) -> None:
        """Keep one piece of the body as it came, unless it is too much or too late."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise self._too_late(sent=True)
        self._taken += len(chunk)
        if self._decoder is None or self._taken > 2 * self._limit:
            raise self._too_large()
        try:
            for piece in self._decoder.feed(chunk):
                self.keep(piece)
        except DecodingError as bad:
            raise self._undecodable(bad) from None

    def keep(self, piece: bytes) -> None:
        """Keep one piece of the decoded body."""
        self._size += len(piece)
        if self._size > self._limit:
            raise self._too_large()
        self._chunks.append(piece)

    def end(self) -> None:
        """Note that the body has ended. Raises `ConnectionFailed` where some of it is missing."""
        try:
            if self._decoder is not None:
                self._decoder.finish()
        except DecodingError as bad:
            raise self._undecodable(bad) from None

    def response(self, response: httpx.Response) -> Response:
        """The response in our form."""
        made = Response(
            str(response.url),
            Headers.joined(response.headers.multi_items()),
            response.status_code,
            body=b"".join(self._chunks),
        )
        made.redirected = self._redirects > 0
        return made

    def fail(self, error: Exception) -> NoReturn:
        """Raise what `error` means; programming errors stay as they are."""
        import httpx

        from rsspot.senders.transport.failures import (
            describe,
            hint_for,
            may_be_sent,
            scrub,
            timed_out,
            transport_failed,
        )

        if isinstance(error, RSSpotError):
            raise error
        if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol) or (
            isinstance(error, ValueError) and not isinstance(error, OSError)
        ):
            raise self._invalid(_why(error, self.request)) from None
        if not transport_failed(error):
            raise error
        sent, late = may_be_sent(error), timed_out(error)
        if late and self.deadline is not None and time.monotonic() > self.deadline - 0.01:
            raise self._too_late(sent=sent) from scrub(error)
        raise ConnectionFailed(
            f"{self._what} failed after {time.monotonic() - self._started:.1f} s: "
            f"{describe(error)}",
            sent=sent,
            timed_out=late,
            hint=hint_for(error),
            **self._details,
        ) from scrub(error)

    def _invalid(self, why: str) -> InvalidInput:
        return InvalidInput(f"{self._what} cannot be sent: {why}", **self._details)

    def _too_large(self) -> UnexpectedAnswerError:
        return UnexpectedAnswerError(
            f"The response to {self._what} is larger than {self._limit:,} bytes", **self._details
        )

    def _undecodable(self, bad: DecodingError) -> RSSpotError:
        text = f"The response to {self._what} {bad}"
        if bad.refused:
            return UnexpectedAnswerError(text, **self._details)
        return ConnectionFailed(text, sent=True, **self._details)

    def _too_late(self, *, sent: bool) -> DeadlineExceeded:
        return DeadlineExceeded(
            f"{self._what} got no complete response within its total time "
            f"({time.monotonic() - self._started:.1f} s)",
            sent=sent,
            **self._details,
        )

    @property
    def _what(self) -> str:
        method = self.request.method
        return f"{method if _TOKEN.fullmatch(method) else 'A request'} {self.request.target}"

    @property
    def _details(self) -> dict[str, Any]:
        return {
            "method": self.request.method,
            "url": self.request.target,
            "elapsed": time.monotonic() - self._started,
        }


def _why(error: Exception, request: Request) -> str:
    """What cannot be sent, by the class of the error: its text may hold what is to be sent."""
    import httpx

    if isinstance(error, httpx.UnsupportedProtocol):
        return "its URL must begin with http:// or https://"
    if isinstance(error, httpx.InvalidURL):
        return "its URL cannot be used"
    if isinstance(error, RecursionError):
        return "its body nests too deep (the limit of recursion)"
    if request.json is not None:
        return "its body holds a value that JSON cannot represent"
    return "its URL, parameters or body hold something that cannot be sent"


@lru_cache(64)
def _timeout(timeouts: Timeouts) -> httpx.Timeout:
    import httpx

    def within(seconds: float | None) -> float | None:
        return min((each for each in (seconds, timeouts.total) if each is not None), default=None)

    return httpx.Timeout(
        connect=within(timeouts.connect),
        read=within(timeouts.read),
        write=within(timeouts.write),
        pool=within(timeouts.pool),
    )


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _shown(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.netloc.decode()}"
