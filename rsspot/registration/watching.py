"""Watch the changes of a ledger by all workers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from rsspot.flow.blocking import block
from rsspot.flow.flow import emit, sleep
from rsspot.state.durations import check_seconds

if TYPE_CHECKING:
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
    ledger: Ledger, selection: Selection, interval: float, clock: Clock
) -> Stream[RegistrationChange]:
    """Emit each selected record, and again when its status or its failures change.

    interval: seconds between two checks; two changes in between are one.
    """
    check_seconds("interval", interval, above_zero=True)
    seen: dict[str, tuple[RegistrationStatus, int, int]] = {}

    def changed_records() -> list[RegistrationChange]:
        found: list[RegistrationChange] = []
        for record in selection.records(ledger):
            known = seen.get(record.key)
            now = record.status, record.attempts, record.generation
            if known != now:
                seen[record.key] = now
                found.append(RegistrationChange(record, known[0] if known else None))
        return found

    while True:
        for change in (yield from block(changed_records)):
            yield from emit(change)
        yield from sleep(clock, interval)
