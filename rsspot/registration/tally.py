"""How many records are where, and telling of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.state.ledger import Ledger, RegistrationRecord, RegistrationStatus, Summary

__all__ = ["Progress", "Tally"]


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
    """Counts by asking the ledger: others work on it too, and are ahead of what they report."""

    def __init__(
        self, ledger: Ledger, target: str, on_progress: Callable[[Progress], object] | None
    ) -> None:
        self._ledger = ledger
        self._target = target
        self._on_progress = on_progress
        self._guard = threading.Lock()

    def report(
        self, before: RegistrationStatus, record: RegistrationRecord, error: Exception | None
    ) -> None:
        """Tell of a change, one at a time, also where workers are threads."""
        if self._on_progress is None:
            return
        with self._guard:
            counts = self._ledger.summary(self._target)
            self._on_progress(Progress(record=record, before=before, counts=counts, error=error))
