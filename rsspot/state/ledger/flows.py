"""The operations of the ledger that a run repeats, as flows for sync and async code.

`Ledger` has a documented method for each, which runs it in the calling thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.errors import RegistrationError
from rsspot.flow.blocking import block
from rsspot.state.database import NOW, AuditEntry, FromNow, RecordChange
from rsspot.state.durations import check_seconds
from rsspot.state.ledger.checks import check_lease, given, refuse_held, stale, text
from rsspot.state.ledger.columns import check_row
from rsspot.state.ledger.discovery import after, entry_of
from rsspot.state.ledger.status import RegistrationStatus, Summary
from rsspot.state.ledger.transitions import SETTLED, decide
from rsspot.state.text import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from rsspot.flow.flow import Flow
    from rsspot.state.database import Database, Row
    from rsspot.state.ledger.record import RegistrationRecord
    from rsspot.state.ledger.transitions import Event

__all__ = ["LedgerFlows", "change_of"]

TRIES = 20
"""Maximum attempts of a change that other processes interfere with."""


class LedgerFlows:
    """Claims, changes and counts of records.

    database: returns the database.
    get: returns a record by its key.
    read: returns the record of a row; None if it is damaged.
    """

    def __init__(
        self,
        database: Callable[[], Database],
        get: Callable[[str], RegistrationRecord],
        read: Callable[[Row], RegistrationRecord | None],
    ) -> None:
        self._database = database
        self._get = get
        self._read = read

    def summary(self, target: str | None) -> Flow[Summary]:
        """Count the records of each status."""
        checked = None if target is None else text("target", target)
        counts = yield from block(self._database().count_records, checked)
        known = {status.value: counts.pop(status.value, 0) for status in RegistrationStatus}
        return Summary(**known, damaged=sum(counts.values()))

    def next_due(self, target: str, held: Collection[str]) -> Flow[float | None]:
        """Return the seconds until the next record of a target may be claimed."""
        return (yield from block(self._database().next_due, text("target", target), held=held))

    def agree_lease(self, target: str, seconds: float) -> Flow[float]:
        """Agree with all workers of a target on the duration of leases."""
        checked = check_seconds("ttl", seconds, above_zero=True)
        return (yield from block(self._database().agree_lease, text("target", target), checked))

    def claim(
        self, limit: int, *, owner: str, ttl: float, target: str | None, held: Collection[str]
    ) -> Flow[list[RegistrationRecord]]:
        """Lease due records, and set damaged ones aside."""
        check_lease(limit, owner)
        rows = yield from block(
            self._database().claim_records,
            limit,
            owner=owner,
            ttl=check_seconds("ttl", ttl, above_zero=True),
            where=given(target=target),
            held=held,
        )
        claimed: list[RegistrationRecord] = []
        for row in rows:
            record = self._read(row)
            if record is None:
                yield from self._set_aside(row, owner)
            else:
                claimed.append(record)
        return claimed

    def release(self, record: RegistrationRecord, due_in: float) -> Flow[bool]:
        """Release a lease; return whether it was held."""
        wait = FromNow(check_seconds("due_in", due_in))
        if record.lease_id is None:
            return False
        return (yield from self._change(_released(record, wait))) is not None

    def release_all(self, records: Collection[RegistrationRecord]) -> Flow[None]:
        """Release leases, as far as they are held; any worker may claim the records now."""
        if records:
            changes = [_released(record, FromNow(0.0)) for record in records]
            yield from block(self._database().change_records, changes)

    def apply(
        self, record: RegistrationRecord | str, event: Event, who: str
    ) -> Flow[RegistrationRecord]:
        """Apply an event to a record in one transaction; return the new version."""
        if isinstance(record, str):
            return (yield from self._apply_now(record, event, who))
        return (yield from self.apply_in_turn(record, (event,), who))[-1]

    def apply_in_turn(
        self, record: RegistrationRecord, events: Sequence[Event], who: str
    ) -> Flow[list[RegistrationRecord]]:
        """Apply events to a record in one transaction; return the version after each of them.

        If they had been applied already, this is the current version only.
        """
        made: list[RecordChange] = []
        now = record
        for event in events:
            if made and made[-1].version == now.version:
                now = after(now, made[-1])
            change = change_of(now, event, who)
            if change is not None:
                made.append(change)
        versions: list[RegistrationRecord] = []
        now = record
        for row in (yield from block(self._database().change_records, made)) if made else ():
            if row is None:
                break
            now = now.changed(row)
            versions.append(now)
        if versions:
            return versions
        current = yield from block(self._get, record.key)
        refuse_held(current, who)
        if change_of(current, events[-1], who) is None:
            return [current]
        raise stale(record, current)

    def _apply_now(self, key: str, event: Event, who: str) -> Flow[RegistrationRecord]:
        for _ in range(TRIES):
            current = yield from block(self._get, key)
            refuse_held(current, who)
            made = change_of(current, event, who)
            if made is None:
                return current
            done = yield from self._change(made)
            if done is not None:
                return current.changed(done)
        raise RegistrationError(
            f"Record {key} was changed by others during each attempt", key=key, hint="Try again"
        )

    def _change(self, change: RecordChange) -> Flow[Row | None]:
        return (yield from block(self._database().change_records, [change]))[0]

    def _set_aside(self, row: Row, who: str) -> Flow[None]:
        status = storable(str(row["status"]))
        reason = "excluded from runs: it is damaged"
        entry = AuditEntry(str(row["key"]), NOW, who, status, status, reason)
        yield from block(self._database().set_aside, row["position"], row["version"], entry)


def _released(record: RegistrationRecord, wait: FromNow) -> RecordChange:
    changes: Row = {**SETTLED, "due_at": wait, "updated_at": NOW}
    return RecordChange(record.key, record.version, changes, lease=record.lease_id)


def change_of(record: RegistrationRecord, event: Event, who: str) -> RecordChange | None:
    """Return the change that an event makes; None if it was applied already.

    Raises `RegistrationError` if it may not happen.
    """
    decided = decide(record, event)
    if decided is None:
        return None
    changes, why = decided
    check_row(changes)
    entry = entry_of(record, changes, why, text("who", who))
    lease = record.lease_id if record.owner == who else None
    return RecordChange(record.key, record.version, changes, entry, lease)
