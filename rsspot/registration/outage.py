"""Report once that the server of the state is away, and once that it is back."""

from __future__ import annotations

import logging
import math
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsspot.errors import StateUnavailable

__all__ = ["Outage"]

_log = logging.getLogger("rsspot.registration")


class Outage:
    """What the workers of a run found about the server, in one report for all of them."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_on = False
        self._ended = -math.inf

    def begin(self, error: StateUnavailable, since: float) -> None:
        """Report an attempt that failed, unless it began before the server was back.

        since: the time at which the attempt began.
        """
        with self._guard:
            if self._is_on or since < self._ended:
                return
            self._is_on = True
        _log.warning("The run waits for the server: %s", error)

    def end(self, now: float) -> None:
        """Report that an attempt succeeded, if the server was away."""
        if not self._is_on:
            return
        with self._guard:
            was_on, self._is_on, self._ended = self._is_on, False, now
        if was_on:
            _log.warning("The server can be reached again, and the run continues")
