"""The total time of a call, which all its requests share."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

from rsspot.errors import DeadlineExceeded
from rsspot.senders.extending import forward
from rsspot.values import evolve

if TYPE_CHECKING:
    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.senders.messages import Request, Response
    from rsspot.senders.options import Timeouts
    from rsspot.senders.sender import Sender

__all__ = ["Call", "current_call", "each_request_alone", "in_time", "time_left"]


class Call:
    """A call under way. It has no constructor, since one is made for every call."""

    __slots__ = ("began",)
    began: float | None
    """When it began, by the clock of its client; None once it is over."""


current_call: ContextVar[Call | None] = ContextVar("current_call", default=None)
"""The last call of this thread or task.

Outside a call, for example while an iterator reads a page, it is over or None: the request has its
own total time. Marking a call as over takes less time than setting this again.
"""


def each_request_alone() -> None:
    """Give every further request of this call its own total time, since the call has another end.

    A wait has a timeout of its own, and work that changes several objects must not stop halfway.
    """
    current_call.set(None)


def time_left(timeouts: Timeouts, clock: Clock) -> Timeouts:
    """Return `timeouts` with the rest of the total time of the call under way."""
    call = current_call.get()
    began = None if call is None else call.began
    if began is None or timeouts.total is None:
        return timeouts
    return evolve(timeouts, total=max(0.0, began + timeouts.total - clock.monotonic()))


def in_time(sender: Sender, request: Request, passed: float) -> Flow[Response]:
    """Send a request that begins `passed` seconds after its call.

    Raises `DeadlineExceeded`, which says so; if no time is left, nothing is sent.
    """
    timeouts = request.options.timeouts
    total = None if timeouts is None else timeouts.total
    if total is not None and passed >= total:
        raise DeadlineExceeded(
            f"{request.method} {request.target} was not sent: the total time of the call "
            f"({total:g} s) was over, {passed:.1f} s after it began",
            sent=False,
            method=request.method,
            url=request.target,
            elapsed=passed,
            hint=HINT,
        )
    try:
        return (yield from forward(sender, request.after(passed)))
    except DeadlineExceeded as error:
        error.message += (
            f"; it began {passed:.1f} s after the call, whose total time is {total:g} s"
        )
        error.args = (error.message,)
        error.hint = error.hint or HINT
        raise


HINT = "Give the call more time with `timeout`, or read a list page by page with `each`"
