"""Watch the changes of a ledger by all workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from rsspot.errors import StateUnavailable
from rsspot.flow.blocking import block
from rsspot.flow.flow import emit, sleep
from rsspot.state.durations import check_seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Stream
    from rsspot.registration.selection import Selection
    from rsspot.state.ledger import Ledger, RegistrationRecord, RegistrationStatus

__all__ = ["RegistrationChange", "watch"]


@frozen
class RegistrationChange:
    """A record that is new to the watch, or has changed.

    Attributes:
        record: The record in its current state.
        before: Its status before, or None for the first time.
    """

    record: RegistrationRecord
    before: RegistrationStatus | None


def watch(
    ledger: Ledger,
    selection: Selection,
    interval: float,
    clock: Clock,
    on_error: Callable[[StateUnavailable | None], object] | None = None,
) -> Stream[RegistrationChange]:
    """Emit each selected record, and again when its status or its failures change.

    interval: seconds between two checks; two changes in between are one.
    on_error: called when a server that could be used cannot be used any more, and with None when
    it can again; without it, the error is raised.
    """
    check_seconds("interval", interval, above_zero=True)
    seen = _Seen(ledger, selection, on_error)
    while True:
        for change in (yield from block(seen.look)):
            yield from emit(change)
        yield from sleep(clock, interval)


class _Seen:
    """The records as they were when they were read last."""

    def __init__(
        self,
        ledger: Ledger,
        selection: Selection,
        on_error: Callable[[StateUnavailable | None], object] | None,
    ) -> None:
        self._ledger = ledger
        self._selection = selection
        self._on_error = on_error
        self._states: dict[str, tuple[RegistrationStatus, int, int]] = {}
        self._is_read = False
        self._is_away = False

    def look(self) -> list[RegistrationChange]:
        """Return what has changed; nothing while the server is away."""
        try:
            found = self._changes()
        except StateUnavailable as error:
            if self._on_error is None or not self._is_read:
                raise
            if not self._is_away:
                self._on_error(error)
            self._is_away = True
            return []
        if self._is_away and self._on_error is not None:
            self._on_error(None)
        self._is_read, self._is_away = True, False
        return found

    def _changes(self) -> list[RegistrationChange]:
        found: list[RegistrationChange] = []
        states: dict[str, tuple[RegistrationStatus, int, int]] = {}
        for record in self._selection.records(self._ledger):
            known = self._states.get(record.key)
            now = record.status, record.attempts, record.generation
            if known != now:
                states[record.key] = now
                found.append(RegistrationChange(record, known[0] if known else None))
        self._states.update(states)  # of a whole read only
        return found
