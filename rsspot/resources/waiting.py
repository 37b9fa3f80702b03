"""Wait until an object has reached a state: one value for how to wait, and one loop."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from attrs import evolve, field, frozen

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
from rsspot.quantities import parse_duration
from rsspot.senders.messages import Options
from rsspot.wire.call_time import each_request_alone

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
    "WaitFor",
    "requested_pause",
    "temporary",
    "until",
]

T = TypeVar("T")

Seconds: TypeAlias = float | timedelta | str
"""A time, finite and not negative: seconds, a `timedelta`, or text such as ``"30m"``."""
Poll: TypeAlias = Seconds | Callable[[int], Seconds]
"""The time between two checks, or a function from the number of checks so far to that time."""
Progress: TypeAlias = Callable[[T], object]
"""Function that is called with each state that differs from the one before."""

FRESH = Options(cache="bypass")
"""Options of a check: a cached response would show an old state."""
MAX_SECONDS = 10 * 365 * 86400.0
"""Ten years. Operating systems cannot sleep for much longer."""
MAX_PAUSE = 3600.0
"""Maximum seconds between two checks, whatever a server asks for."""
LAST_CHECK = 10.0
"""Seconds that a check may take in any case, so that there is one when the time is over."""


def _seconds(argument: str, value: object) -> float:
    if isinstance(value, str | timedelta):
        with suppress(InvalidInput):
            return parse_duration(argument, value).total_seconds()
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not 0 <= value <= MAX_SECONDS
    ):
        without_end = " (timeout=None waits without end)" if argument == "timeout" else ""
        raise InvalidInput(
            f"{argument} must be seconds, 0 or more, not {value!r:.80}",
            argument=argument,
            hint=f"Write a duration such as 90s or 2h, of ten years at most{without_end}",
        )
    return value


def _read_timeout(value: Seconds | None) -> float | None:
    return None if value is None else _seconds("timeout", value)


@frozen
class Wait:
    """How to wait for an object.

    Attributes:
        timeout: Maximum time to wait (default: 3600 seconds): seconds, a `timedelta` or text such
            as ``"30m"``, up to ten years. It is kept in seconds; None waits without a limit.
        poll: Time between two checks (default: 10 seconds): seconds, a `timedelta`, text, or a
            function from the number of checks so far to that time.
        on_progress: Function that is called with each state that differs from the one before
            (default: none).
        clock: Clock to wait by (default: that of the client).

    Raises:
        InvalidInput: If a time is not finite, or is negative.
    """

    timeout: float | None = field(default=3600.0, converter=_read_timeout)
    poll: Poll = 10.0
    on_progress: Progress[Any] | None = None
    clock: Clock | None = None

    def __attrs_post_init__(self) -> None:
        if not callable(self.poll):
            _seconds("poll", self.poll)

    @classmethod
    def of(cls, wait: WaitFor, usual: Wait) -> Wait | None:
        """Return the wait that the argument `wait` of a call means, or None for no wait.

        Args:
            wait: False for no wait, True for the usual one, a maximum time, or a `Wait`.
            usual: The wait for True. A maximum time replaces its timeout.

        Raises:
            InvalidInput: If `wait` is not a time, or is 0 seconds.
        """
        if isinstance(wait, Wait):
            return wait
        if isinstance(wait, bool):
            return usual if wait else None
        seconds = _seconds("wait", wait)
        if seconds == 0:
            raise InvalidInput("wait is 0 seconds", argument="wait", hint="False does not wait")
        return evolve(usual, timeout=seconds)

    def left(self, clock: Clock) -> Callable[[], Wait]:
        """Return a function that returns this wait with the time that is left from now on.

        Args:
            clock: Clock to measure with, unless the wait has its own.
        """
        clock = self.clock or clock
        timeout, start = self.timeout, clock.monotonic()
        if timeout is None:
            return lambda: self
        return lambda: evolve(self, timeout=max(0.0, start + timeout - clock.monotonic()))


WaitFor: TypeAlias = bool | Seconds | Wait
"""Whether to wait (True: as usual), for how long at most, or how."""


def until(
    look: Callable[[Options], Flow[T]],
    done: Callable[[T], bool],
    wait: Wait,
    *,
    clock: Clock,
    timeouts: Timeouts,
    what: str,
    failed: Callable[[T], str | None] | None = None,
    grace: float = 0.0,
    shown: Callable[[T], Any] = repr,
    known: T | None = None,
) -> Flow[T]:
    """Check a state until it is `done`, at least once, and return it.

    look: returns the state; it gets the options of the request, which must end with the wait.
    clock, timeouts: those of the client.
    what: the subject of messages.
    failed: returns why a state is a failure, or None; one that lasts `grace` seconds ends the wait.
    shown: returns what of a state is compared and shown.
    known: the state before the first check, as a creation returned it.

    A server that fails or cannot be reached for a while does not end the wait; one that asks for
    a pause gets it. Raises `WaitTimeout` with the last state as `last`, and `NotFoundError` for
    an object that is deleted.
    """
    each_request_alone()
    clock = wait.clock or clock
    timeout, poll, on_progress = wait.timeout, wait.poll, wait.on_progress
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
                error.hint = "It existed, and was deleted during the wait"
            raise
        except RSSpotError as error:
            trouble = temporary(error)
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
        pause = max(
            _seconds("poll", poll(looks) if callable(poll) else poll), requested_pause(trouble)
        )
        left = ends - clock.monotonic()
        if left <= 0:
            seen = f"; last seen: {shown(last)}" if last is not None else ""
            failure = f"; the last check failed: {trouble}" if trouble is not None else ""
            raise WaitTimeout(
                f"{what} did not happen in {timeout:g} s{seen}{failure}", last=last
            ) from trouble
        yield from sleep(clock, min(pause, left))


def _in_time(timeouts: Timeouts, left: float) -> Options:
    limit = math.inf if timeouts.total is None else timeouts.total
    total = min(limit, max(left, LAST_CHECK))
    return FRESH if total == limit else evolve(FRESH, timeouts=evolve(timeouts, total=total))


def requested_pause(trouble: Exception | None) -> float:
    """Return the seconds that the server asked to wait, in an error; 0 where it did not."""
    # A busy server may ask for a longer pause than the retries allow.
    pause = trouble.retry_after or 0.0 if isinstance(trouble, APIError) else 0.0
    return min(pause, MAX_PAUSE)


def temporary(error: RSSpotError) -> RSSpotError:
    """Return a temporary error; raise any other."""
    temporary = (ServerError, RateLimitedError, ConnectionFailed, DeadlineExceeded)
    if isinstance(error, temporary) or (isinstance(error, AuthError) and error.temporary):
        return error
    raise error
