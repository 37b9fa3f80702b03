"""Waiting until something is so: one loop for all waiters."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from attrs import evolve

from rsspot.errors import (
    APIError,
    AuthError,
    ConnectionFailed,
    DeadlineExceeded,
    InvalidInput,
    NotFoundError,
    RateLimitedError,
    RSSpotError,
    ServerError,
    WaitTimeout,
)
from rsspot.flow.flow import sleep
from rsspot.senders.messages import Options

if TYPE_CHECKING:
    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.senders.options import Timeouts

__all__ = [
    "FRESH",
    "Poll",
    "Progress",
    "Seconds",
    "Wait",
    "check_wait",
    "time_left",
    "until",
    "wait_seconds",
]

T = TypeVar("T")

Poll: TypeAlias = float | Callable[[int], float]
"""Seconds between two looks, or a function from the number of looks so far to seconds."""
Seconds: TypeAlias = float
"""A time, finite and not negative; it is checked here."""
Wait: TypeAlias = bool | float
"""Whether to wait (True: for the usual time), or for how many seconds at most."""
Progress: TypeAlias = Callable[[T], object]
"""Is called with each state that differs from the one before."""

FRESH = Options(cache="bypass")
"""A waiter that believed a cache would see the past."""
LONGEST = 10 * 365 * 86400.0
"""Seconds; to sleep for much longer is more than an operating system can."""
LONGEST_PAUSE = 3600.0
"""Seconds between two looks, whatever a server asks for: nobody means centuries."""
LAST_LOOK = 10.0
"""Seconds that a look may take in any case, so that there is one when the time is over."""


def until(
    look: Callable[[Options], Flow[T]],
    done: Callable[[T], bool],
    *,
    clock: Clock,
    timeouts: Timeouts,
    what: str,
    timeout: Seconds | None,
    poll: Poll,
    on_progress: Progress[T] | None = None,
    failed: Callable[[T], str | None] | None = None,
    grace: float = 0.0,
    shown: Callable[[T], Any] = repr,
    known: T | None = None,
) -> Flow[T]:
    """Look until `done`, at least once; answer the last state.

    A look is told options: it must be over when the wait is. A server that fails or cannot be
    reached for a while does not end the wait; one that asks for a pause gets it. `failed` says why
    a state means failure; a failure that lasts for `grace` seconds ends the wait. `known` is what
    a creation answered. Raises `WaitTimeout` with the last state as `last`, and `NotFoundError`
    for what is deleted.
    """
    check_wait(timeout, poll)
    ends = math.inf if timeout is None else clock.monotonic() + timeout
    last = known
    trouble: Exception | None = None
    failing_since: float | None = None
    previous: Any = None
    looks = 0
    while True:
        looks += 1
        try:
            state = yield from look(_in_time(timeouts, ends - clock.monotonic()))
        except NotFoundError as error:
            if last is not None:
                error.hint = "It was there: somebody deleted it while it was waited for"
            raise
        except RSSpotError as error:
            trouble = _passing(error)
        else:
            last, trouble = state, None
            view = shown(state)
            if on_progress is not None and view != previous:
                previous = view
                on_progress(state)
            if done(state):
                return state
            reason = failed(state) if failed else None
            now = clock.monotonic()
            failing_since = (
                None if reason is None else now if failing_since is None else failing_since
            )
            if reason is not None and failing_since is not None and now - failing_since >= grace:
                raise WaitTimeout(f"{what} failed: {reason}", last=last)
        pause = max(_seconds("poll", poll(looks) if callable(poll) else poll), _asked_for(trouble))
        left = ends - clock.monotonic()
        if left <= 0:
            seen = f"; last seen: {shown(last)}" if last is not None else ""
            failure = f"; the last look failed: {trouble}" if trouble is not None else ""
            raise WaitTimeout(
                f"{what} did not happen in {timeout:g} s{seen}{failure}", last=last
            ) from trouble
        yield from sleep(clock, min(pause, left))


def check_wait(timeout: Seconds | None, poll: Poll) -> None:
    """Raise `InvalidInput` unless these say how long and how often, before anything is done."""
    if timeout is not None:
        _seconds("timeout", timeout)
    if not callable(poll):
        _seconds("poll", poll)


def wait_seconds(wait: Wait, usual: float) -> float | None:
    """The seconds to wait after a creation: the usual ones for True, None for not at all."""
    if isinstance(wait, bool):
        return usual if wait else None
    if _seconds("wait", wait) == 0:
        raise InvalidInput("wait is 0 seconds", argument="wait", hint="False does not wait")
    return wait


def time_left(clock: Clock, timeout: Seconds | None) -> Callable[[], float | None]:
    """A function that answers the seconds that are left of `timeout` from now on."""
    if timeout is None:
        return lambda: None
    ends = clock.monotonic() + timeout
    return lambda: max(0.0, ends - clock.monotonic())


def _seconds(argument: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LONGEST:
        without_end = " (timeout=None waits without end)" if argument == "timeout" else ""
        raise InvalidInput(
            f"{argument} must be seconds, 0 or more, not {value!r:.80}",
            argument=argument,
            hint=f"Give up to {LONGEST:.0f}, which is ten years{without_end}",
        )
    return value


def _in_time(timeouts: Timeouts, left: float) -> Options:
    most = math.inf if timeouts.total is None else timeouts.total
    total = min(most, max(left, LAST_LOOK))
    return FRESH if total == most else evolve(FRESH, timeouts=evolve(timeouts, total=total))


def _asked_for(trouble: Exception | None) -> float:
    # A server that is busy may ask for a longer pause than the retries were ready to make.
    asked = trouble.retry_after or 0.0 if isinstance(trouble, APIError) else 0.0
    return min(asked, LONGEST_PAUSE)


def _passing(error: RSSpotError) -> RSSpotError:
    """`error`, when it may be over at the next look; raises it when not."""
    passing = (ServerError, RateLimitedError, ConnectionFailed, DeadlineExceeded)
    if isinstance(error, passing) or (isinstance(error, AuthError) and error.temporary):
        return error
    raise error
