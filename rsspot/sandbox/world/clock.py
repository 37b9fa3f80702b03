"""The clock of the sandbox: it is stopped until it is advanced, or runs at a chosen speed."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime

__all__ = ["ClientClock", "SandboxClock", "rfc3339"]

END = 253_370_764_800.0
"""The start of the year 9999. `datetime` cannot represent times much later."""

MAX_SPEED = 1_000_000
"""Faster, days would pass between two requests."""


def rfc3339(seconds: float) -> str:
    """Format a time as Kubernetes does."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class SandboxClock:
    """Time in seconds since the epoch, which starts at `start` (default: now).

    `speed` is the number of its seconds per real second; None is stopped until `advance`.
    """

    def __init__(self, speed: float | None = None, start: float | None = None) -> None:
        self._pace = time.time() if start is None else start, time.monotonic(), speed
        """The time at a moment of the monotonic clock, and the speed since then."""
        self._guard = threading.Lock()

    @property
    def speed(self) -> float | None:
        """Its seconds per real second; None: it is stopped."""
        return self._pace[2]

    def now(self) -> float:
        """Return the time in the sandbox."""
        then, moment, speed = self._pace
        return then if speed is None else then + (time.monotonic() - moment) * speed

    def advance(self, seconds: float) -> None:
        """Advance the clock. Raises `ValueError` for a negative time, and beyond the year 9999."""
        if not seconds >= 0:
            raise ValueError(
                f"The clock can only be advanced by 0 seconds or more, not by {seconds}."
            )
        if self.now() + seconds > END:
            raise ValueError(
                f"The clock cannot be advanced by {seconds} seconds: that is past the start of the "
                "year 9999."
            )
        with self._guard:
            then, moment, speed = self._pace
            self._pace = then + seconds, moment, speed

    def run_at(self, speed: float | None) -> None:
        """Run at another speed from now on; None is stopped.

        Raises `ValueError` for a speed that is not positive, or beyond a million.
        """
        if speed is not None and not 0 < speed <= MAX_SPEED:
            raise ValueError(f"The speed must be above 0 and at most {MAX_SPEED:,}, not {speed}.")
        with self._guard:
            self._pace = self.now(), time.monotonic(), speed


class ClientClock:
    """A client's view of the sandbox's clock: sleeping advances a clock that is stopped."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock

    def now(self) -> float:
        """Return the time in the sandbox."""
        return self._clock.now()

    def monotonic(self) -> float:
        """Return the time in the sandbox, which never decreases."""
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Advance the clock, or sleep until it has run by `seconds`."""
        if self._clock.speed is None:
            self._clock.advance(seconds)
        else:
            time.sleep(seconds / self._clock.speed)

    async def asleep(self, seconds: float) -> None:
        """Advance the clock, or sleep until it has run by `seconds`, in async code."""
        if self._clock.speed is None:
            self._clock.advance(seconds)
            await asyncio.sleep(0)
        else:
            await asyncio.sleep(seconds / self._clock.speed)
