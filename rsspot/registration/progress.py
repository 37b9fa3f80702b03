"""How many records are where, and telling of it."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from attrs import field, frozen

from rsspot.errors import StateError
from rsspot.flow.flow import block
from rsspot.state.ledger import Summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.flow import Flow
    from rsspot.state.ledger import Ledger, RegistrationRecord, RegistrationStatus

__all__ = ["Progress", "ProgressReporter"]


@frozen(kw_only=True)
class Progress:
    """Something happened to a record; `counts` are of all records of the target.

    `error` is what the step raised, as it raised it: do not log it where it may hold a token.
    """

    record: RegistrationRecord
    before: RegistrationStatus
    counts: Summary
    error: Exception | None = field(default=None, repr=False)


class ProgressReporter:
    """Counts by asking the ledger: others work on it too, and are ahead of what they report."""

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
        """Report a change, one at a time, also where workers are threads.

        Counts are those of the report before where the ledger cannot be read at the moment.
        """
        if self._on_progress is None:
            return
        with suppress(StateError):
            self._last = yield from block(self._ledger.summary, self._target)
        with self._guard:
            self._on_progress(
                Progress(record=record, before=before, counts=self._last, error=error)
            )
