"""The clock of the sandbox: it stands still until it is advanced, or runs at a chosen speed."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime

__all__ = ["ClientClock", "SandboxClock", "rfc3339"]

END = 253_370_764_800.0
"""The start of the year 9999. `datetime` cannot represent times much later."""


def rfc3339(seconds: float) -> str:
    """Format a time as Kubernetes does."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class SandboxClock:
    """Time in seconds since the epoch, which starts at `start` (default: now).

    `speed` is the number of its seconds per real second; None stands still until `advance`.
    """

    def __init__(self, speed: float | None = None, start: float | None = None) -> None:
        self.speed = speed
        self._base = time.time() if start is None else start
        self._started = time.monotonic()
        self._moved = 0.0
        self._guard = threading.Lock()

    def now(self) -> float:
        """Return the time in the sandbox."""
        run = 0.0 if self.speed is None else (time.monotonic() - self._started) * self.speed
        return self._base + self._moved + run

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
            self._moved += seconds


class ClientClock:
    """A client's view of the sandbox's clock: sleeping advances a clock that stands still."""

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
