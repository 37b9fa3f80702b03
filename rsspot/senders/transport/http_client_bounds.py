"""The time limits of an exchange over `http.client`, which knows only one for all its waits."""

from __future__ import annotations

import time
from typing import NamedTuple

from rsspot.senders.options import Timeouts

__all__ = ["Bounds"]


class Bounds(NamedTuple):
    """The time limits of one exchange."""

    timeouts: Timeouts = Timeouts()
    deadline: float | None = None

    def left(self, seconds: float | None) -> float | None:
        """Return the maximum seconds of one wait. Raises `TimeoutError` after the total time."""
        if self.deadline is None:
            return seconds
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left if seconds is None else min(seconds, left)
