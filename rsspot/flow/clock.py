"""The clock that all code uses, so that a test or the sandbox can advance it."""

from __future__ import annotations

import time

__all__ = ["SYSTEM_CLOCK", "Clock"]


class Clock:
    """The time, and sleeping. Pass your own to a sender or client to control time in tests."""

    def now(self) -> float:
        """Return seconds since the epoch, for comparison with timestamps of other systems."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds that never decrease, for durations."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Sleep in this thread.

        Args:
            seconds: Number of seconds.
        """
        time.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        """Sleep in the running event loop.

        Args:
            seconds: Number of seconds.
        """
        import asyncio

        await asyncio.sleep(seconds)


SYSTEM_CLOCK = Clock()
# Each call reads the clock several times, so there is no method of ours in between.
setattr(SYSTEM_CLOCK, "monotonic", time.monotonic)  # noqa: B010 - of this clock alone
setattr(SYSTEM_CLOCK, "now", time.time)  # noqa: B010
