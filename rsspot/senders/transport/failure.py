"""Descriptions of failed exchanges, in our own words, for every engine.

The text of an exception is never shown: libraries quote URLs with their queries, header values, and
whatever a server sends.
"""

from __future__ import annotations

import errno
import os
from typing import NamedTuple

__all__ = [
    "BROKEN", "CONNECT_FAILED", "CONNECT_TIMEOUT", "LOST", "POOL_TIMEOUT", "PROXY_FAILED",
    "READ_TIMEOUT", "WRITE_TIMEOUT", "ExchangeFailed", "Failure", "OnlyHttpx", "refine",
]  # fmt: skip


class Failure(NamedTuple):
    """What failed, whether the server may have received the request, and what to do."""

    text: str
    sent: bool = True
    """Whether a byte of the request can have reached the server."""
    timed_out: bool = False
    hint: str | None = None


class ExchangeFailed(Exception):
    """An engine could not complete an exchange; its caller never sees this."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.text)
        self.failure = failure


class OnlyHttpx(Exception):
    """A request that an engine cannot send and httpx can, and why; its caller never sees this."""


CHECK_HOST = "Check the host and port in the URL, the proxy if one is set, and the network"
CHECK_PROXY = "Check the proxy: its URL, the credentials and its rules"
CONNECT_TIMEOUT = Failure("no connection was established in time", sent=False, timed_out=True)
POOL_TIMEOUT = Failure("no connection became free in time", sent=False, timed_out=True)
READ_TIMEOUT = Failure("the server sent nothing for too long", timed_out=True)
WRITE_TIMEOUT = Failure("the server accepted no data for too long", timed_out=True)
PROXY_FAILED = Failure("the proxy refused to connect", sent=False, hint=CHECK_PROXY)
CONNECT_FAILED = Failure("no connection could be established", sent=False, hint=CHECK_HOST)
BROKEN = Failure(
    "the connection was closed before the response was complete, or the response is not HTTP"
)
LOST = Failure("the connection was lost")

UNREACHED = frozenset(
    {
        errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN,
        errno.ENETDOWN, errno.EADDRNOTAVAIL, errno.ENOENT,
    }
)  # fmt: skip
"""Error numbers of the system if nothing responds at an address."""


def refine(failure: Failure, error: BaseException) -> Failure:
    """Return `failure` with details from the classes and numbers of the causes of `error`."""
    import socket  # these cost more than a response from the cache, which needs none of this
    import ssl

    if find_cause(error, ssl.SSLError):
        untrusted = find_cause(error, ssl.SSLCertVerificationError)
        why = getattr(getattr(untrusted, "certificate_error", untrusted), "verify_message", None)
        what = "the certificate of the server cannot be trusted" + (f" ({why})" if why else "")
        return failure._replace(
            text=what if untrusted else "the TLS handshake failed",
            hint="Check the URL and the proxy; for a private CA, set `verify_ssl` to its file",
        )
    if find_cause(error, socket.gaierror):
        return failure._replace(
            text="the host name could not be resolved",
            hint="Check the host in the URL, the proxy if one is set, and the name server",
        )
    number = getattr(find_cause(error, OSError), "errno", None) or 0
    if number in UNREACHED and not failure.sent:
        return failure._replace(text=f"{failure.text} ({os.strerror(number)})")
    return failure


def find_cause(error: BaseException | None, kind: type[BaseException]) -> BaseException | None:
    """Return the first error of a class among `error` and its causes."""
    seen = 0
    while error is not None and seen < 10:  # noqa: PLR2004 - chains are short, and may be rings
        if isinstance(error, kind):
            return error
        error, seen = error.__cause__ or error.__context__, seen + 1
    return None
