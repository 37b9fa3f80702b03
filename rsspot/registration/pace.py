"""Compute the rate of a run, and the remaining time, from its reports."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.state.ledger import Summary

__all__ = ["Pace"]

WINDOW = 60.0
"""Length of the period that the rate is computed over, in seconds."""
STEP = 0.5
"""Seconds between two counts that are kept."""
SOONEST = 1.0
"""Seconds before there is a rate."""


class Pace:
    """VMs finished per second, by all workers of the target together.

    now: a monotonic clock in seconds, such as `time.monotonic`.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._points: deque[tuple[float, int]] = deque()
        self._counts: Summary | None = None

    def observe(self, counts: Summary) -> None:
        """Add the counts of a `Progress`."""
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
        """Unfinished VMs, without failed ones, since it is not known which are retried."""
        counts = self._counts
        return 0 if counts is None else counts.discovered + counts.token_issued + counts.submitted

    @property
    def rate(self) -> float | None:
        """VMs registered or skipped per second recently; None while that is not known."""
        if not self._points:
            return None
        (began, first), (_, last) = self._points[0], self._points[-1]
        seconds = self._now() - began
        return None if seconds < SOONEST or last <= first else (last - first) / seconds

    @property
    def seconds_left(self) -> float | None:
        """The time that the rest takes at this rate; None while that is not known."""
        rate = self.rate
        return None if rate is None else self.left / rate
