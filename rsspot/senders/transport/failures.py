"""Interpret exceptions of httpx, or of a transport below it.

Only called when httpx is imported already.
"""

from __future__ import annotations

import re
import ssl

import httpx

from rsspot.senders.transport.failure import (
    BROKEN,
    CONNECT_FAILED,
    CONNECT_TIMEOUT,
    LOST,
    POOL_TIMEOUT,
    PROXY_FAILED,
    READ_TIMEOUT,
    WRITE_TIMEOUT,
    Failure,
    refine,
)

__all__ = ["describe", "failure_of", "without_text"]

FAILURES: dict[type[BaseException], Failure] = {
    httpx.ConnectTimeout: CONNECT_TIMEOUT,
    httpx.PoolTimeout: POOL_TIMEOUT,
    httpx.ReadTimeout: READ_TIMEOUT,
    httpx.WriteTimeout: WRITE_TIMEOUT,
    httpx.ProxyError: PROXY_FAILED,
    httpx.ConnectError: CONNECT_FAILED,
    httpx.RemoteProtocolError: BROKEN,
    httpx.LocalProtocolError: Failure("the request violates HTTP"),
    httpx.TooManyRedirects: Failure("there were too many redirects"),
    httpx.DecodingError: Failure("the body of the response cannot be decompressed"),
    httpx.TimeoutException: Failure("it took too long", timed_out=True),
    httpx.NetworkError: LOST,
    TimeoutError: Failure("it took too long", timed_out=True),
    ssl.SSLError: Failure("TLS failed"),
    OSError: Failure("the connection failed"),
}
"""The first class that matches is used."""
DESCRIPTIONS = {kind: failure.text for kind, failure in FAILURES.items()}


def failure_of(error: BaseException) -> Failure | None:
    """Return the failure that `error` means; None for a programming error."""
    if not isinstance(error, httpx.HTTPError | OSError):
        return None
    fits = (failure for kind, failure in FAILURES.items() if isinstance(error, kind))
    failure = next(fits, Failure(f"the transport failed ({type(error).__name__})"))
    if isinstance(error, httpx.ProxyError) and (known := re.match(r"[1-5]\d\d\b", str(error))):
        failure = failure._replace(text=f"{failure.text} (status {known[0]})")
    return refine(failure, error)


def describe(error: BaseException) -> str:
    """Return what failed, according to the class of the error only."""
    failure = failure_of(error)
    return "the program failed" if failure is None else failure.text


def without_text(error: BaseException) -> BaseException | None:
    """Return `error` as the cause of our error: its class and traceback, without its text."""
    if not isinstance(error, httpx.HTTPError):
        return None
    error.args = (describe(error),)
    error.__cause__ = error.__context__ = None
    return error
