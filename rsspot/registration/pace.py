"""How fast a run is, and how long the rest will take, from what it reports."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.state.ledger import Summary

__all__ = ["Pace"]

WINDOW = 60.0
"""Seconds that the rate is of: the last ones."""
STEP = 0.5
"""Seconds between two counts that are remembered."""
SOONEST = 1.0
"""Seconds before which a rate says nothing."""


class Pace:
    """VMs that reach their end a second, all workers of the target together.

    now: a clock that nobody sets, in seconds, such as `time.monotonic`.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._points: deque[tuple[float, int]] = deque()
        self._counts: Summary | None = None

    def observe(self, counts: Summary) -> None:
        """Take the counts of a `Progress`."""
        now = self._now()
        self._counts = counts
        point = now, counts.registered + counts.skipped
        if len(self._points) > 1 and now - self._points[-2][0] < STEP:
            self._points[-1] = point
        else:
            self._points.append(point)
        while len(self._points) > 2 and self._points[1][0] < now - WINDOW:  # noqa: PLR2004 - a first and a last
            self._points.popleft()

    @property
    def left(self) -> int:
        """VMs that are on their way. Those that failed are not: nobody knows which are retried."""
        counts = self._counts
        return 0 if counts is None else counts.discovered + counts.token_issued + counts.submitted

    @property
    def rate(self) -> float | None:
        """VMs a second that were registered or skipped of late; None while that is not known."""
        if not self._points:
            return None
        (began, first), (_, last) = self._points[0], self._points[-1]
        seconds = self._now() - began
        return None if seconds < SOONEST or last <= first else (last - first) / seconds

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at this rate; None while that is not known."""
        rate = self.rate
        return None if rate is None else self.left / rate
