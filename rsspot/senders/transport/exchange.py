"""One request and its response: time limit, size limit, and errors."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

from rsspot.errors import (
    ConnectionFailed,
    DeadlineExceeded,
    InvalidInput,
    RSSpotError,
    UnexpectedResponseError,
)
from rsspot.senders.messages import Response, check_request
from rsspot.senders.transport.encodings import DecodingError, decoder_for
from rsspot.senders.transport.failure import ExchangeFailed

if TYPE_CHECKING:
    from rsspot.senders.headers import Headers
    from rsspot.senders.messages import Request
    from rsspot.senders.transport.encodings import Decoder
    from rsspot.senders.transport.failure import Failure

__all__ = ["Exchange"]

MOMENT = 0.01
"""Seconds before the end of the total time that count as its end."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t\x20-\x7e]*")


class Exchange:
    """Checks one request, and collects its response, sync or async."""

    __slots__ = (
        "_chunks", "_decoder", "_limit", "_redirects", "_size", "_started", "_taken", "deadline",
        "request",
    )  # fmt: skip

    def __init__(self, request: Request, limit: int) -> None:
        check_request(request)
        self.request: Request = request
        self._limit = limit
        self._size = self._taken = self._redirects = 0
        self._chunks: list[bytes] = []
        self._decoder: Decoder | None = None
        self._started = time.monotonic()
        timeouts = request.options.timeouts
        self.deadline: float | None = None
        """The end of the total time, by `time.monotonic`."""
        if timeouts is not None and timeouts.total is not None:
            self.deadline = self._started + timeouts.total

    @property
    def left(self) -> float | None:
        """Return the seconds that are left; None means no limit."""
        return None if self.deadline is None else self.deadline - time.monotonic()

    def check(self) -> None:
        """Refuse a method or header that cannot be sent. Raises `InvalidInput`."""
        # Libraries would quote them in their errors, and a header may be a secret.
        if not _TOKEN.fullmatch(self.request.method):
            raise self.invalid("its method is not a valid HTTP token")
        given: dict[Any, Any] = dict(self.request.headers.items())
        # Check all at once, and one by one only to find the invalid one.
        with suppress(TypeError):
            if _TOKEN.fullmatch("".join(given)) and _VALUE.fullmatch("".join(given.values())):
                return
        for name, value in given.items():
            if not _TOKEN.fullmatch(name):
                raise self.invalid("a header name is not a valid HTTP token")
            if not isinstance(value, str) or not _VALUE.fullmatch(value):
                raise self.invalid(
                    f"the header {name} contains characters other than printable ASCII"
                )

    def begin(self, encoding: str) -> None:
        """Begin the body, with the value of the Content-Encoding field."""
        self._decoder = decoder_for(encoding) if encoding else None

    def take(self, chunk: bytes) -> None:
        """Decode and keep one piece of the body, unless it is too much or too late."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise self._too_late(sent=True)
        self._taken += len(chunk)
        if self._taken > 2 * self._limit:
            raise self._too_large()
        if self._decoder is None:
            self.keep(chunk)
            return
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
        """End the body. Raises `ConnectionFailed` if some of it is missing."""
        try:
            if self._decoder is not None:
                self._decoder.finish()
        except DecodingError as bad:
            raise self._undecodable(bad) from None

    def response(self, url: str, headers: Headers, status: int) -> Response:
        """Return the response as ours."""
        made = Response(url, headers, status, body=b"".join(self._chunks))
        made.redirected = self._redirects > 0
        return made

    def fail(self, error: Exception) -> NoReturn:
        """Raise our error for `error`; a programming error is raised unchanged."""
        if isinstance(error, RSSpotError):
            raise error
        if self._is_invalid(error):
            raise self.refused(error) from None
        failure = self._failure_of(error)
        if failure is None:
            raise error
        late = failure.timed_out and self.deadline is not None
        if late and time.monotonic() > (self.deadline or 0) - MOMENT:
            raise self._too_late(sent=failure.sent) from self._cause(error)
        raise ConnectionFailed(
            f"{self._what} failed after {time.monotonic() - self._started:.1f} s: {failure.text}",
            sent=failure.sent,
            timed_out=failure.timed_out,
            hint=failure.hint,
            **self._details,
        ) from self._cause(error)

    def refused(self, error: Exception) -> InvalidInput:
        """Return the error for a request that could not be built because of `error`."""
        return self.invalid(self._why(error))

    def _is_invalid(self, error: Exception) -> bool:
        """Return whether `error` means that the request cannot be sent."""
        return isinstance(error, ValueError) and not isinstance(error, OSError)

    def _why(self, error: Exception) -> str:
        """Return why it cannot be sent, by the class of the error; its text may quote a secret."""
        if isinstance(error, RecursionError):
            return "its body is nested too deeply (recursion limit)"
        if self.request.json is not None:
            return "its body contains a value that JSON cannot represent"
        return "its URL, parameters or body contain a value that cannot be sent"

    def _failure_of(self, error: Exception) -> Failure | None:
        """Return the failure that `error` means; None for a programming error."""
        return error.failure if isinstance(error, ExchangeFailed) else None

    def _cause(self, _error: Exception) -> BaseException | None:
        """Return the cause to show for the error that is raised."""
        return None

    def invalid(self, why: str) -> InvalidInput:
        """Return the error for a request that cannot be sent."""
        return InvalidInput(f"{self._what} cannot be sent: {why}", **self._details)

    def _too_large(self) -> UnexpectedResponseError:
        return UnexpectedResponseError(
            f"The response to {self._what} is larger than {self._limit:,} bytes", **self._details
        )

    def _undecodable(self, bad: DecodingError) -> RSSpotError:
        text = f"The response to {self._what} {bad}"
        if bad.refused:
            return UnexpectedResponseError(text, **self._details)
        return ConnectionFailed(text, sent=True, **self._details)

    def _too_late(self, *, sent: bool) -> DeadlineExceeded:
        return DeadlineExceeded(
            f"{self._what} got no complete response within its total time "
            f"({time.monotonic() - self._started:.3g} s)",
            sent=sent,
            hint="Allow the call more time, or check the server and the network",
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
