"""One request and its answer: time, size, and what a failure means."""

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
    RequestError,
    UnexpectedAnswerError,
)
from rsspot.senders.headers import Headers
from rsspot.senders.messages import Response

if TYPE_CHECKING:
    import httpx

    from rsspot.config.options import Timeouts
    from rsspot.senders.messages import Request

__all__ = ["MAX_BODY", "Exchange"]

MAX_BODY = 64 * 1024 * 1024
"""Bytes of one decoded body; more is an error, so that no answer can fill the memory."""
REDIRECTED = frozenset({"GET", "HEAD"})
"""Methods that may follow a redirect, where the client does: a 302 makes a GET of the others."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")


class Exchange:
    """What happens around one request, whichever colour carries it."""

    __slots__ = ("_chunks", "_limit", "_size", "_started", "deadline", "request")

    def __init__(self, request: Request, limit: int) -> None:
        self.request = request
        self._limit = limit
        self._size = 0
        self._chunks: list[bytes] = []
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

    @property
    def follows(self) -> Any:
        """Whether a redirect may be followed: as the client has it, or never."""
        import httpx

        if self.request.options.secret or self.request.method not in REDIRECTED:
            return False
        return httpx.USE_CLIENT_DEFAULT

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
            return client.build_request(
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
            raise self._invalid(str(error)) from error

    def _check(self) -> None:
        # Whatever refuses these further down repeats them, and a header may hold a secret.
        if not _TOKEN.fullmatch(self.request.method):
            raise self._invalid("its method is none")
        given: dict[Any, Any] = dict(self.request.headers.items())
        # All of them at a glance; one by one only to find the one that is wrong.
        with suppress(TypeError):
            if _TOKEN.fullmatch("".join(given)) and _VALUE.fullmatch("".join(given.values())):
                return
        for name, value in given.items():
            if not _TOKEN.fullmatch(name):
                raise self._invalid("the name of a header is none")
            if not isinstance(value, str) or not _VALUE.fullmatch(value):
                raise self._invalid(
                    f"the header {name} holds something else than printable ASCII characters"
                )

    def begin(self, answer: httpx.Response) -> None:
        """Look at the head of the answer: whether its body may be read."""
        if answer.history and _origin(answer.url) != _origin(answer.history[0].url):
            raise UnexpectedAnswerError(
                f"{self._what} was redirected to another origin, {_shown(answer.url)}",
                hint="Ask there in the first place, if that is where it belongs",
                **self._details,
            )
        # Encodings on top of each other multiply what one chunk can become.
        if "," in answer.headers.get("content-encoding", ""):
            raise UnexpectedAnswerError(
                f"The answer to {self._what} is compressed more than once", **self._details
            )

    def take(self, chunk: bytes) -> None:
        """Keep one piece of the body, unless it is too much or too late."""
        self._size += len(chunk)
        if self._size > self._limit:
            raise UnexpectedAnswerError(
                f"The answer to {self._what} is larger than {self._limit:,} bytes",
                **self._details,
            )
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise self._too_late(sent=True)
        self._chunks.append(chunk)

    def response(self, answer: httpx.Response) -> Response:
        """The answer in ours."""
        response = Response(
            str(answer.url),
            Headers.joined(answer.headers.multi_items()),
            answer.status_code,
            body=b"".join(self._chunks),
        )
        # A client that signs in by itself has a history too.
        response.redirected = any(each.has_redirect_location for each in answer.history)
        return response

    def fail(self, error: Exception) -> NoReturn:
        """Raise what `error` means; programming errors stay as they are."""
        import httpx

        from rsspot.senders.failures import may_be_sent, mend, timed_out, transport_failed

        if isinstance(error, RequestError):
            raise error
        if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | ValueError):
            raise self._invalid(str(error)) from error
        if not transport_failed(error):
            raise error
        sent, late = may_be_sent(error), timed_out(error)
        if late and self.deadline is not None and time.monotonic() > self.deadline - 0.01:
            raise self._too_late(sent=sent) from error
        raise ConnectionFailed(
            f"{self._what} failed after {time.monotonic() - self._started:.1f} s: "
            f"{str(error) or type(error).__name__}",
            sent=sent,
            timed_out=late,
            hint=mend(error),
            **self._details,
        ) from error

    def _invalid(self, why: str) -> InvalidInput:
        return InvalidInput(f"{self._what} cannot be sent: {why}", **self._details)

    def _too_late(self, *, sent: bool) -> DeadlineExceeded:
        return DeadlineExceeded(
            f"{self._what} was not answered in full within its total time "
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
