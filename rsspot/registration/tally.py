"""How many records are where, and telling of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.senders.clock import Clock
    from rsspot.state.ledger import Ledger, RegistrationRecord, RegistrationStatus, Summary

__all__ = ["Progress", "Tally"]

STALE = 1.0
"""Seconds after which the ledger is asked again, for what other workers have done."""


@frozen(kw_only=True)
class Progress:
    """Something happened to a record; `counts` are of all records of the target.

    `error` is what the step raised, as it raised it: do not log it where it may hold a token.
    """

    record: RegistrationRecord
    before: RegistrationStatus
    counts: Summary
    error: Exception | None = field(default=None, repr=False)


class Tally:
    """Counts on by itself, as counting thousands of records at each step takes too long."""

    def __init__(
        self,
        ledger: Ledger,
        target: str,
        clock: Clock,
        on_progress: Callable[[Progress], object] | None,
    ) -> None:
        self._ledger = ledger
        self._target = target
        self._clock = clock
        self._on_progress = on_progress
        self._guard = threading.Lock()
        self._counts: Summary | None = None
        self._counted_at = 0.0

    def report(
        self, before: RegistrationStatus, record: RegistrationRecord, error: Exception | None
    ) -> None:
        """Tell of a change, one at a time, also where workers are threads."""
        if self._on_progress is None:
            return
        with self._guard:
            now = self._clock.monotonic()
            if self._counts is None or now - self._counted_at >= STALE:
                self._counts, self._counted_at = self._ledger.summary(self._target), now
            else:
                self._counts = _moved(self._counts, before, record.status)
            self._on_progress(
                Progress(record=record, before=before, counts=self._counts, error=error)
            )


def _moved(counts: Summary, before: RegistrationStatus, after: RegistrationStatus) -> Summary:
    less = evolve(counts, **{before.value: getattr(counts, before) - 1})
    return evolve(less, **{after.value: getattr(less, after) + 1})
