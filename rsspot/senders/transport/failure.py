"""What a failed exchange means, in words of our own, whichever engine it failed in.

The text of an exception is never shown: libraries quote URLs with their queries, header values, and
whatever a server sends.
"""

from __future__ import annotations

import errno
import os

from attrs import evolve, frozen

__all__ = [
    "BROKEN", "CONNECT_FAILED", "CONNECT_TIMEOUT", "LOST", "POOL_TIMEOUT", "PROXY_FAILED",
    "READ_TIMEOUT", "WRITE_TIMEOUT", "ExchangeFailed", "Failure", "refine",
]  # fmt: skip


@frozen
class Failure:
    """What happened, whether the server may have the request, and what to do about it."""

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


CHECK_HOST = "Check the host and port in the URL, and that this machine can reach them"
CHECK_PROXY = "Check the proxy, and what it lets through"
CONNECT_TIMEOUT = Failure("no connection was made in time", sent=False, timed_out=True)
POOL_TIMEOUT = Failure("no connection became free in time", sent=False, timed_out=True)
READ_TIMEOUT = Failure("the server sent nothing for too long", timed_out=True)
WRITE_TIMEOUT = Failure("the server took nothing for too long", timed_out=True)
PROXY_FAILED = Failure("the proxy did not let it through", sent=False, hint=CHECK_PROXY)
CONNECT_FAILED = Failure("no connection could be made", sent=False, hint=CHECK_HOST)
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
"""What the system says when nothing responds at an address."""


def refine(failure: Failure, error: BaseException) -> Failure:
    """`failure` with what the errors beneath `error` say by their classes and numbers."""
    import socket  # these cost more than a response from the cache, which needs none of this
    import ssl

    if find_cause(error, ssl.SSLError):
        untrusted = find_cause(error, ssl.SSLCertVerificationError)
        why = getattr(getattr(untrusted, "certificate_error", untrusted), "verify_message", None)
        what = "the certificate of the server cannot be trusted" + (f" ({why})" if why else "")
        return evolve(
            failure,
            text=what if untrusted else "the TLS handshake failed",
            hint="Check the URL and the proxy; `verify_ssl` takes the file of a CA of your own",
        )
    if find_cause(error, socket.gaierror):
        return evolve(
            failure,
            text="the name of the host is not known",
            hint="Check the host in the URL, and that this machine can resolve names",
        )
    number = getattr(find_cause(error, OSError), "errno", None) or 0
    if number in UNREACHED and not failure.sent:
        return evolve(failure, text=f"{failure.text} ({os.strerror(number)})")
    return failure


def find_cause(error: BaseException | None, kind: type[BaseException]) -> BaseException | None:
    """The first error of a class that `error` is or came from."""
    seen = 0
    while error is not None and seen < 10:  # noqa: PLR2004 - chains are short, and may be rings
        if isinstance(error, kind):
            return error
        error, seen = error.__cause__ or error.__context__, seen + 1
    return None
