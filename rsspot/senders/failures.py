"""What an exception of httpx, or of a transport beneath it, says about a request.

Only called when httpx is imported already.
"""

from __future__ import annotations

import ssl

import httpx

__all__ = ["may_be_sent", "mend", "timed_out", "transport_failed"]

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
        return not isinstance(cause, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError)
    return not isinstance(error, NEVER_SENT)


def timed_out(error: BaseException) -> bool:
    """Whether a time-out ended it."""
    cause = _aiohttp_cause(error)
    return isinstance(error if cause is None else cause, (httpx.TimeoutException, TimeoutError))


UNREACHED = ("refused", "unreachable", "no route", "attempts failed", "connect call failed")
"""What system, anyio and aiohttp say when nothing answers at an address."""


def mend(error: BaseException) -> str | None:
    """What to do about it, where that is known."""
    text = str(error).lower()
    if _caused_by(error, ssl.SSLError) or "certificate" in text or "[ssl" in text:
        return "Check the URL and the proxy; `verify_ssl` takes the file of a CA of your own"
    if any(known in text for known in ("name or service", "getaddrinfo", "name resolution")):
        return "Check the host in the URL, and that this machine can resolve names"
    if any(known in text for known in UNREACHED):
        return "Check the host and port in the URL, and that this machine can reach them"
    if isinstance(error, httpx.ProxyError):
        return "Check the proxy, and what it lets through"
    return None


def _caused_by(error: BaseException | None, kind: type[BaseException]) -> bool:
    seen = 0
    while error is not None and seen < 10:  # noqa: PLR2004 - chains are short, and may be rings
        if isinstance(error, kind):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False


def _aiohttp_cause(error: BaseException) -> BaseException | None:
    found = [each for each in (error, error.__cause__) if each is not None and _of_aiohttp(each)]
    return found[0] if found else None


def _of_aiohttp(error: BaseException) -> bool:
    return type(error).__module__.startswith("aiohttp.")
