"""The counts of records by status, and reports of changes."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from attrs import field, frozen

from rsspot.errors import StateError
from rsspot.state.ledger import Summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.flow import Flow
    from rsspot.state.ledger import Ledger, RegistrationRecord, RegistrationStatus

__all__ = ["Progress", "ProgressReporter"]


@frozen(kw_only=True)
class Progress:
    """A change of a record, as a run reports it.

    Attributes:
        record: The record in its current state.
        before: Its status before.
        counts: The number of records of each status, of all records of the target.
        error: What the step raised, or None by default. It may contain a token, so do not log it.
    """

    record: RegistrationRecord
    before: RegistrationStatus
    counts: Summary
    error: Exception | None = field(default=None, repr=False)


class ProgressReporter:
    """Counts from the ledger: other workers change it too, before they report it."""

    def __init__(
        self, ledger: Ledger, target: str, on_progress: Callable[[Progress], object] | None
    ) -> None:
        self._ledger = ledger
        self._target = target
        self._on_progress = on_progress
        self._last = Summary()
        self._guard = threading.Lock()

    def report(
        self, before: RegistrationStatus, record: RegistrationRecord, error: Exception | None
    ) -> Flow[None]:
        """Report a change, one at a time, also from threads.

        The counts are those of the previous report if the ledger cannot be read at the moment.
        """
        if self._on_progress is None:
            return
        with suppress(StateError):
            self._last = yield from self._ledger.flows.summary(self._target)
        with self._guard:
            self._on_progress(
                Progress(record=record, before=before, counts=self._last, error=error)
            )
