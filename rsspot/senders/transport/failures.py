"""What an exception of httpx, or of a transport beneath it, says about a request.

Its text is never shown: libraries quote URLs with their queries, header values, and whatever a
server sends. Only called when httpx is imported already.
"""

from __future__ import annotations

import errno
import os
import re
import socket
import ssl

import httpx

__all__ = ["describe", "hint_for", "may_be_sent", "scrub", "timed_out", "transport_failed"]

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def transport_failed(error: BaseException) -> bool:
    """Whether it is the network's failure, and no error of the program."""
    return isinstance(error, httpx.HTTPError | OSError) or _of_aiohttp(error)


def may_be_sent(error: BaseException) -> bool:
    """Whether a byte of the request can have reached the server."""
    cause = _aiohttp_cause(error)
    if cause is not None:
        import aiohttp

        # The fast transport calls every lost connection a ConnectTimeout, also one that was lost
        # after the request had been sent; what aiohttp itself said is to be trusted.
        return not isinstance(
            cause,
            aiohttp.ClientConnectorError
            | aiohttp.ConnectionTimeoutError
            | aiohttp.ClientHttpProxyError,
        )
    return not isinstance(error, NEVER_SENT)


def timed_out(error: BaseException) -> bool:
    """Whether a time-out ended it."""
    cause = _aiohttp_cause(error)
    return isinstance(error if cause is None else cause, (httpx.TimeoutException, TimeoutError))


DESCRIPTIONS: dict[type[BaseException], str] = {
    httpx.ConnectTimeout: "no connection was made in time",
    httpx.PoolTimeout: "no connection became free in time",
    httpx.ReadTimeout: "the server sent nothing for too long",
    httpx.WriteTimeout: "the server took nothing for too long",
    httpx.ProxyError: "the proxy did not let it through",
    httpx.ConnectError: "no connection could be made",
    httpx.RemoteProtocolError: "the connection was closed before the response was complete, "
    "or the response is not HTTP",
    httpx.LocalProtocolError: "it is not what HTTP allows",
    httpx.TooManyRedirects: "there were too many redirects",
    httpx.DecodingError: "the body of the response cannot be decompressed",
    httpx.TimeoutException: "it took too long",
    httpx.NetworkError: "the connection was lost",
    TimeoutError: "it took too long",
    ssl.SSLError: "TLS failed",
    OSError: "the connection failed",
}
"""The first class that fits says it."""


def describe(error: BaseException) -> str:
    """What happened, by the class of the error alone."""
    if _cause(error, ssl.SSLCertVerificationError):
        return "the certificate of the server cannot be trusted"
    if _cause(error, ssl.SSLError):
        return "the TLS handshake failed"
    if _unknown_name(error):
        return "the name of the host is not known"
    detail = ""
    if (number := _errno(error)) in UNREACHED and not may_be_sent(error):
        detail = f" ({os.strerror(number)})"
    elif isinstance(error, httpx.ProxyError) and (known := re.match(r"[1-5]\d\d\b", str(error))):
        detail = f" (status {known[0]})"
    return _by_class(error) + detail


def _by_class(error: BaseException) -> str:
    through_aiohttp = _aiohttp_cause(error) is not None and not isinstance(error, httpx.ProxyError)
    if through_aiohttp and may_be_sent(error) and not timed_out(error):
        return DESCRIPTIONS[httpx.RemoteProtocolError]
    fits = (text for kind, text in DESCRIPTIONS.items() if isinstance(error, kind))
    return next(fits, f"the transport failed ({type(error).__name__})")


UNREACHED = frozenset(
    {
        errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN,
        errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.ENOENT,
    }
)  # fmt: skip
"""What the system says when nothing responds at an address."""


def hint_for(error: BaseException) -> str | None:
    """What to do about it, where that is known."""
    if _cause(error, ssl.SSLError):
        return "Check the URL and the proxy; `verify_ssl` takes the file of a CA of your own"
    if _unknown_name(error):
        return "Check the host in the URL, and that this machine can resolve names"
    if isinstance(error, httpx.ProxyError):
        return "Check the proxy, and what it lets through"
    if not may_be_sent(error) and not timed_out(error):
        return "Check the host and port in the URL, and that this machine can reach them"
    return None


def scrub(error: BaseException) -> BaseException | None:
    """`error` as the cause of ours: its class and traceback, without its own text."""
    if not isinstance(error, httpx.HTTPError):
        return None
    error.args = (describe(error),)
    error.__cause__ = error.__context__ = None
    return error


def _unknown_name(error: BaseException) -> bool:
    if _cause(error, socket.gaierror):
        return True
    cause = _aiohttp_cause(error)
    return cause is not None and type(cause).__name__ == "ClientConnectorDNSError"


def _errno(error: BaseException) -> int:
    cause = _cause(error, OSError)
    return getattr(cause, "errno", None) or 0


def _cause(error: BaseException | None, kind: type[BaseException]) -> BaseException | None:
    seen = 0
    while error is not None and seen < 10:  # noqa: PLR2004 - chains are short, and may be rings
        if isinstance(error, kind):
            return error
        error, seen = error.__cause__ or error.__context__, seen + 1
    return None


def _aiohttp_cause(error: BaseException) -> BaseException | None:
    found = [each for each in (error, error.__cause__) if each is not None and _of_aiohttp(each)]
    return found[0] if found else None


def _of_aiohttp(error: BaseException) -> bool:
    return type(error).__module__.startswith("aiohttp.")
