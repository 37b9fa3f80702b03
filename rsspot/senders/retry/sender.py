"""Send requests again: when it is safe, how long to wait first, and when to give up.

It is safe if the method is idempotent (RFC 9110, section 9.2.2), or if the server cannot have
acted: the connection was never made, or the status is 429, or 503 with Retry-After.
"""

from __future__ import annotations

import math
from itertools import repeat
from typing import TYPE_CHECKING, ClassVar, NoReturn

from rsspot.errors import (
    ConnectionFailed,
    DeadlineExceeded,
    InvalidInput,
    RequestError,
    UnexpectedResponseError,
)
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.flow.flow import sleep
from rsspot.senders.extending import ExtendingSender, forward
from rsspot.senders.messages import Response
from rsspot.senders.options import RetryConfig
from rsspot.values import evolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.senders.messages import Request
    from rsspot.senders.sender import Sender

__all__ = ["RetryingSender"]

LEAST = 1e-150
"""Seconds: from here the schedule reaches any limit before a power of two overflows."""
IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})
MIN_WAIT = 0.05
"""Seconds between two attempts that do not count."""
MAX_WAIT = 86_400.0
"""Maximum seconds to wait for one response, with or without another limit: a day."""
NO_CONTENT, NOT_FOUND, CONFLICT, TOO_MANY, UNAVAILABLE = 204, 404, 409, 429, 503


class RetryingSender(ExtendingSender):
    """Sends a failed request again, as far as that is safe.

    A 429 does not count as an attempt, also with `retries=0`: the sender waits as Retry-After says,
    or by the schedule without it, while the total time of the request and `max_elapsed` allow.
    Waits are exponential with full jitter, from `backoff`.

    Args:
        retries: Number of times to send again, 0 or more (default: 0).
        sender: Sender that sends the requests (default: a new `SyncSender`).
        config: More detailed rules, which replace `retries` (default: none).
        retry_unsafe: Whether to re-send a POST or PATCH although the server may have acted on it.
        clock: Source of time and sleep, for tests (default: that of the system).
        jitter: Function that draws a wait, in seconds, for tests (default: random).

    Raises:
        InvalidInput: If a number is not valid.
    """

    _shown: ClassVar[tuple[str, ...]] = ("retries", "sender")

    def __init__(
        self,
        retries: int = 0,
        sender: Sender | None = None,
        *,
        config: RetryConfig | None = None,
        retry_unsafe: bool = False,
        clock: Clock = SYSTEM_CLOCK,
        jitter: Callable[[float], float] | None = None,
    ) -> None:
        super().__init__(sender)
        if config is None:
            if not _is_count(retries):
                raise InvalidInput(
                    f"retries must be a whole number, 0 or more, not {retries!r}",
                    argument="retries",
                )
            config = RetryConfig(max_attempts=retries + 1, retry_unsafe=retry_unsafe)
        self.config = config
        self.clock = clock
        self._jitter = jitter

    @property
    def retries(self) -> int:
        """How often a failed request is sent again."""
        return self.config.max_attempts - 1

    def flow(self, request: Request) -> Flow[Response]:
        started, attempts, sent = self.clock.monotonic(), None, request
        while True:
            try:
                response = yield from forward(self.sender, sent)
            except (ConnectionFailed, DeadlineExceeded, UnexpectedResponseError) as error:
                attempts = attempts or _Attempts(self, request, started)
                wait = attempts.after_error(error)
                if wait is None:
                    attempts.fail(error)
            else:
                if attempts is None:
                    if response.status_code not in self.config.retry_statuses:  # nearly always
                        response.tries, response.elapsed = 1, self.clock.monotonic() - started
                        return response
                    attempts = _Attempts(self, request, started)
                wait = attempts.after_response(response)
                if wait is None:
                    if attempts.lost:
                        response = yield from self._after_loss(request, response)
                    response.tries, response.elapsed = attempts.tries, attempts.elapsed
                    return response
            yield from sleep(self.clock, wait)
            sent = attempts.next_request()

    def _after_loss(self, request: Request, response: Response) -> Flow[Response]:
        """Return a success for a refusal that an earlier attempt with a lost response explains."""
        if request.method == "DELETE" and response.status_code == NOT_FOUND:
            return Response(response.url, response.headers, NO_CONTENT, body=b"")
        if request.method == "PUT" and response.status_code == CONFLICT:
            return (yield from self._own_change(request, response))
        return response

    def _own_change(self, request: Request, response: Response) -> Flow[Response]:
        """Return the object if an earlier attempt of this PUT made it so, else the conflict."""
        if request.json is None:
            return response
        read = evolve(request, method="GET", json=None, data=None, content=None)
        try:
            found = yield from forward(self.sender, read)
        except RequestError:
            return response
        from rsspot.senders.retry.writes import holds

        return found if found.ok and holds(found.content, request.json) else response

    def waits(self) -> Iterator[float]:
        """Yield the waits between attempts, without end."""
        import backoff

        config = self.config
        jitter = self._jitter or backoff.full_jitter
        if config.base_delay == 0:
            yield from repeat(0.0)  # the generator would overflow after 1,024 of them
        factor = max(config.base_delay, LEAST)
        values = backoff.expo(base=2, factor=factor, max_value=config.max_delay)
        next(values)  # the generator takes its first step without a value
        for value in values:
            yield jitter(value) if config.jitter else value


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


class _Attempts:
    """The attempts of one request: how many, since when, and whether one may have had an effect."""

    __slots__ = ("_waits", "counted", "lost", "owner", "request", "started", "tries")

    def __init__(self, owner: RetryingSender, request: Request, started: float) -> None:
        self.owner = owner
        self.request = request
        self.tries = 1
        self.counted = 0
        self.lost = False
        self.started = started
        self._waits: Iterator[float] | None = None

    @property
    def repeatable(self) -> bool:
        options, config = self.request.options, self.owner.config
        unsafe = config.retry_unsafe if options.retry_unsafe is None else options.retry_unsafe
        return unsafe or self.request.method in IDEMPOTENT

    @property
    def bound(self) -> float:
        timeouts, longest = self.request.options.timeouts, self.owner.config.max_elapsed
        total = None if timeouts is None else timeouts.total
        return min(math.inf if each is None else each for each in (total, longest))

    @property
    def elapsed(self) -> float:
        return self.owner.clock.monotonic() - self.started

    def next_request(self) -> Request:
        """Return the request with the rest of its total time."""
        self.tries += 1
        return self.request.after(self.elapsed)

    def after_response(self, response: Response) -> float | None:
        """Return the seconds to wait before the next attempt, or None if this response is final."""
        owner, status = self.owner, response.status_code
        if status not in owner.config.retry_statuses:
            return None
        from rsspot.senders.retry.retry_after import retry_after

        pause = None
        if owner.config.respect_retry_after:
            pause = retry_after(response.headers, owner.clock.now())
        untouched = status == TOO_MANY or (status == UNAVAILABLE and pause is not None)
        if not (self.repeatable or untouched):
            return None
        self.lost = self.lost or not untouched
        obeys = pause if status in {TOO_MANY, UNAVAILABLE} else None
        return self._next_pause(obeys, counts=status != TOO_MANY)

    def after_error(self, error: RequestError) -> float | None:
        """Return the seconds to wait before the next attempt, or None if this error is final."""
        sent = getattr(error, "sent", True)
        self.lost = self.lost or sent
        if not isinstance(error, ConnectionFailed) or (sent and not self.repeatable):
            return None
        return self._next_pause(None, counts=True)

    def fail(self, error: RequestError) -> NoReturn:
        """Raise the error; for a write that may have had an effect, `OutcomeUnknown`."""
        from rsspot.senders.reporting import gave_up

        if error.tries <= 1:  # or an inner sender has raised it already
            error.message += gave_up(self.tries, self.elapsed)
            error.args = (error.message,)
        error.tries, error.elapsed = self.tries, self.elapsed
        request = self.request
        if request.method in IDEMPOTENT or request.options.secret or not self.lost:
            raise error
        from rsspot.senders.retry.writes import unknown_outcome

        raise unknown_outcome(request, error, tries=self.tries, elapsed=self.elapsed) from error

    def _next_pause(self, pause: float | None, *, counts: bool) -> float | None:
        if counts:
            self.counted += 1
            if self.counted > self.owner.retries:
                return None
        wait = pause
        if not wait:
            if self._waits is None:
                self._waits = self.owner.waits()
            wait = next(self._waits)
            if not counts:  # or a schedule without delays would retry endlessly
                wait = max(wait, MIN_WAIT)
        # A wait that would end too late is not started.
        return wait if self.elapsed + wait < self.bound and wait <= MAX_WAIT else None
