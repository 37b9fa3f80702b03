"""The clock that policies go by, so that a test (or the sandbox) can move it."""

from __future__ import annotations

import time

__all__ = ["SYSTEM_CLOCK", "Clock"]


class Clock:
    """The time, and waiting. Give a sender or client one of your own to move time in tests."""

    def now(self) -> float:
        """Seconds since the epoch; what timestamps of others are compared with."""
        return time.time()

    def monotonic(self) -> float:
        """Seconds that only ever grow; what durations are measured with."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait in this thread."""
        time.sleep(seconds)

    async def asleep(self, seconds: float) -> None:
        """Wait in the running event loop."""
        import asyncio

        await asyncio.sleep(seconds)


SYSTEM_CLOCK = Clock()
# A call reads it several times: without a method of ours in between.
setattr(SYSTEM_CLOCK, "monotonic", time.monotonic)  # noqa: B010 - of this clock alone
