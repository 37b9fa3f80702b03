"""Reports of calls: a line in the log, and an event for a hook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from rsspot.errors import RequestError
from rsspot.senders.reporting import log_debug

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.senders.messages import Request, Response

__all__ = ["CallEvent", "reported"]


@frozen
class CallEvent:
    """One call that has ended, with a status or an error. It has no query, headers or body.

    `tries` is how often the request was sent: 0 for a response from the cache.
    """

    operation: str
    method: str
    url: str
    status: int | None
    tries: int
    elapsed: float
    error: BaseException | None


def reported(
    sending: Flow[Response],
    request: Request,
    operation: str,
    hook: Callable[[CallEvent], object] | None,
    clock: Clock,
) -> Flow[Response]:
    """Return the response of `sending`, and report how it ended, to the log and to `hook`."""
    started = clock.monotonic()
    try:
        response = yield from sending
    except BaseException as error:
        _report(hook, operation, request, clock.monotonic() - started, error)
        raise
    _report(hook, operation, request, clock.monotonic() - started, response)
    return response


SENT = "%s %s %s in %.3f s, tries: %d"
CACHED = "%s %s %s in %.3f s, from the cache%.0s"


def _report(
    hook: Callable[[CallEvent], object] | None,
    operation: str,
    request: Request,
    elapsed: float,
    outcome: Response | BaseException,
) -> None:
    """Log the end of a call and pass it to the hook. An error of the hook is logged, not raised."""
    if isinstance(outcome, BaseException):
        error, status = outcome, None
        tries = outcome.tries if isinstance(outcome, RequestError) else 1
    else:
        error, status, tries = None, outcome.status_code, outcome.tries
    log_debug(
        SENT if tries else CACHED,
        request.method,
        request.target,
        status if error is None else type(error).__name__,
        elapsed,
        tries,
    )
    if hook is not None:
        event = CallEvent(operation, request.method, request.target, status, tries, elapsed, error)
        try:
            hook(event)
        except Exception:
            import logging

            logging.getLogger("rsspot").exception("on_event failed")
