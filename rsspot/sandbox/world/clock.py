"""The sandbox's time: it stands still until it is moved, or runs at a chosen speed."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime

__all__ = ["ClientClock", "SandboxClock", "rfc3339"]

LAST = 253_370_764_800.0
"""The first second of the year 9999: what comes much later has no date."""


def rfc3339(seconds: float) -> str:
    """A time as Kubernetes writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class SandboxClock:
    """Seconds since the epoch, from `start` or now on; `speed` None stands still by itself."""

    def __init__(self, speed: float | None = None, start: float | None = None) -> None:
        self.speed = speed
        self._base = time.time() if start is None else start
        self._started = time.monotonic()
        self._moved = 0.0
        self._guard = threading.Lock()

    def now(self) -> float:
        """The time in the sandbox."""
        run = 0.0 if self.speed is None else (time.monotonic() - self._started) * self.speed
        return self._base + self._moved + run

    def advance(self, seconds: float) -> None:
        """Move it forward."""
        if not seconds >= 0:
            raise ValueError("Time goes forward only.")
        if self.now() + seconds > LAST:
            raise ValueError("Time ends before the year 9999.")
        with self._guard:
            self._moved += seconds


class ClientClock:
    """The sandbox's time for a client: waiting moves a clock that stands still."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock

    def now(self) -> float:
        """The time in the sandbox."""
        return self._clock.now()

    def monotonic(self) -> float:
        """The time in the sandbox, which only grows."""
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        """Move the clock, or wait as long as that takes at its speed."""
        if self._clock.speed is None:
            self._clock.advance(seconds)
        else:
            time.sleep(seconds / self._clock.speed)

    async def asleep(self, seconds: float) -> None:
        """The same for async code."""
        if self._clock.speed is None:
            self._clock.advance(seconds)
            await asyncio.sleep(0)
        else:
            await asyncio.sleep(seconds / self._clock.speed)
