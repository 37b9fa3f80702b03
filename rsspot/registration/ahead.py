"""Records that a run has claimed ahead: several in one claim, where its steps are quick."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rsspot.state.ledger import RegistrationRecord

__all__ = ["Ahead"]

PERIOD = 0.05
"""Seconds of steps that one claim is for. The time of the ledger does not count: a slow one needs
larger claims, not smaller ones."""
PATIENCE = 2.0
"""Seconds after which records are given back, because steps have become slow."""
LARGEST = 32
"""Maximum number of records in one claim."""


class Ahead:
    """The claimed records that no worker of a run has begun with.

    Their leases are not renewed. So if all workers are busy, they end, and other runs can claim
    them.

    concurrency: number of workers of the run.
    ttl: length of a lease, in seconds.
    now: the clock that leases are measured by.
    """

    def __init__(self, concurrency: int, ttl: float, now: Callable[[], float]) -> None:
        self._concurrency = concurrency
        self._patience = min(PATIENCE, ttl / 3)
        self._now = now
        self._queue: deque[tuple[RegistrationRecord, float]] = deque()
        self._last = 0
        self._took: float | None = None

    def next_size(self) -> int:
        """Return how many records to claim now: one, unless steps are known to be quick."""
        wanted = 1
        if self._took is not None:
            fitting = PERIOD * self._concurrency / max(self._took, PERIOD / LARGEST)
            wanted = max(1, min(int(fitting), 2 * self._last, LARGEST))
        self._last = wanted
        return wanted

    def observe(self, seconds: float) -> None:
        """Take into account how long the steps of one record took."""
        self._took = seconds if self._took is None else (self._took + seconds) / 2

    def add(self, records: Iterable[RegistrationRecord], claimed_at: float) -> None:
        """Add records that were claimed at `claimed_at` or later."""
        self._queue.extend((record, claimed_at) for record in records)

    def take(self) -> tuple[RegistrationRecord, float] | None:
        """Return the next record, and when it was claimed; None if there is none."""
        try:
            return self._queue.popleft()
        except IndexError:
            return None

    def overdue(self) -> list[RegistrationRecord]:
        """Remove and return all records, if the next one has waited for too long."""
        try:
            _, claimed_at = self._queue[0]
        except IndexError:
            return []
        return self.clear() if self._now() - claimed_at > self._patience else []

    def clear(self) -> list[RegistrationRecord]:
        """Remove and return all records."""
        rest: list[RegistrationRecord] = []
        while (taken := self.take()) is not None:
            rest.append(taken[0])
        return rest
