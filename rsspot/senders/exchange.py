"""One request and its answer: time, size, and what a failure means."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

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

    from rsspot.senders.messages import Request

__all__ = ["MAX_BODY", "Exchange"]

MAX_BODY = 64 * 1024 * 1024
"""Bytes of one decoded body; more is an error, so that no answer can fill the memory."""


class Exchange:
    """What happens around one request, whichever colour carries it."""

    __slots__ = ("_chunks", "_deadline", "_limit", "_size", "_started", "request")

    def __init__(self, request: Request, limit: int) -> None:
        self.request = request
        self._limit = limit
        self._size = 0
        self._chunks: list[bytes] = []
        self._started = time.monotonic()
        timeouts = request.options.timeouts
        self._deadline = self._started + timeouts.total if timeouts and timeouts.total else None

    def message(self, client: httpx.Client | httpx.AsyncClient) -> httpx.Request:
        """The request in httpx's form."""
        import httpx

        request, timeouts = self.request, self.request.options.timeouts
        return client.build_request(
            request.method,
            request.url,
            params=request.params,
            headers=request.headers,
            data=request.data,
            json=request.json,
            content=request.content,
            timeout=httpx.USE_CLIENT_DEFAULT
            if timeouts is None
            else httpx.Timeout(
                connect=timeouts.connect,
                read=timeouts.read,
                write=timeouts.write,
                pool=timeouts.pool,
            ),
        )

    def take(self, chunk: bytes) -> None:
        """Keep one piece of the body, unless it is too much or too late."""
        self._size += len(chunk)
        if self._size > self._limit:
            raise UnexpectedAnswerError(
                f"The answer to {self._what} is larger than {self._limit:,} bytes",
                **self._details,
            )
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise DeadlineExceeded(
                f"{self._what} was not answered in full within its total time", **self._details
            )
        self._chunks.append(chunk)

    def response(self, answer: httpx.Response) -> Response:
        """The answer in ours."""
        return Response(
            str(answer.url),
            Headers.joined(answer.headers.multi_items()),
            answer.status_code,
            body=b"".join(self._chunks),
        )

    def failure(self, error: Exception) -> Exception:
        """What to raise for `error`; only programming errors stay as they are."""
        import httpx

        if isinstance(error, RequestError):
            return error
        if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol | ValueError):
            return InvalidInput(f"{self._what} cannot be sent: {error}", **self._details)
        if isinstance(error, httpx.HTTPError | OSError) or _of_aiohttp(error):
            text = str(error) or type(error).__name__
            return ConnectionFailed(
                f"{self._what} failed after {time.monotonic() - self._started:.1f} s: {text}",
                sent=_may_be_sent(error, httpx),
                timed_out=_timed_out(error, httpx),
                **self._details,
            )
        return error

    @property
    def _what(self) -> str:
        return f"{self.request.method} {self.request.target}"

    @property
    def _details(self) -> dict[str, Any]:
        return {
            "method": self.request.method,
            "url": self.request.target,
            "elapsed": time.monotonic() - self._started,
        }


def _may_be_sent(error: Exception, httpx: Any) -> bool:
    """Whether a byte of the request can have reached the server."""
    cause = _aiohttp_cause(error)
    if cause is not None:
        import aiohttp

        # The fast transport calls every lost connection a ConnectTimeout, also one that was lost
        # after the request had been sent; what aiohttp itself said is to be trusted.
        return not isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    never = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
    return not isinstance(error, never)


def _timed_out(error: Exception, httpx: Any) -> bool:
    cause = _aiohttp_cause(error)
    return isinstance(error if cause is None else cause, (httpx.TimeoutException, TimeoutError))


def _aiohttp_cause(error: Exception) -> BaseException | None:
    found = [each for each in (error, error.__cause__) if each is not None and _of_aiohttp(each)]
    return found[0] if found else None


def _of_aiohttp(error: BaseException) -> bool:
    return type(error).__module__.startswith("aiohttp.")
