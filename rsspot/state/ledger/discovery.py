"""What a new list of VMs means for the records that are there. Nothing here does I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from rsspot.state.database import AuditEntry, RecordChange
from rsspot.state.ledger.record import as_json
from rsspot.state.ledger.status import RegistrationStatus as Status
from rsspot.state.ledger.transitions import Failed, Reopened, Skipped, decide

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rsspot.state.database import Row
    from rsspot.state.ledger.record import RegistrationCandidate, RegistrationRecord
    from rsspot.state.ledger.transitions import Event

__all__ = ["Discovery", "Listing", "compare", "entry_of", "new_row"]

VANISHED = "The VM is no longer in the list of VM cloudspaces"
RETURNED = "The VM is in the list of VM cloudspaces again"


@frozen(kw_only=True)
class Listing:
    """The VMs of a list, and what it is complete about."""

    target: str
    candidates: tuple[RegistrationCandidate, ...]
    present: frozenset[str] = frozenset()
    """The keys of all VMs in the list, those too that are no candidates."""
    complete: frozenset[str] = frozenset()
    """The namespaces whose VMs are all in it: those that are not have vanished."""
    silent: frozenset[tuple[str, str]] = frozenset()
    """VM cloudspaces, by namespace and name, that do not say which VMs they have."""


@frozen(kw_only=True)
class Discovery:
    """What a list of VMs changed. Records are as they were before."""

    added: int = 0
    moved: tuple[RegistrationRecord, ...] = ()
    """Have another address or pool now; among those that are registered, somebody should look."""
    vanished: tuple[RegistrationRecord, ...] = ()
    """Are skipped, because their VM is gone."""
    returned: tuple[RegistrationRecord, ...] = ()
    """Had vanished, and go on where they were."""
    gone: tuple[RegistrationRecord, ...] = ()
    """Are registered, and stay so, though their VM is gone."""
    changes: tuple[RecordChange, ...] = field(default=(), repr=False)


def new_row(candidate: RegistrationCandidate, now: float) -> Row:
    """The row of a VM that is seen for the first time."""
    return {
        "key": candidate.key,
        "namespace": candidate.namespace,
        "vm_cloudspace": candidate.vm_cloudspace,
        "vm_cloudspace_uid": candidate.vm_cloudspace_uid,
        "server": candidate.server,
        "target": candidate.target,
        "pool": candidate.pool,
        "address": candidate.address,
        "status": Status.DISCOVERED.value,
        "token_id": None,
        "token_expires_at": None,
        "submitted_at": None,
        "owner": None,
        "due_at": now,
        "attempts": 0,
        "generation": 0,
        "last_error": None,
        "payload": as_json(candidate.payload),
        "created_at": now,
        "updated_at": now,
        "version": 1,
    }


def entry_of(record: RegistrationRecord, changes: Row, why: str, who: str) -> AuditEntry:
    """The line of history for a change."""
    after = changes.get("status", record.status.value)
    return AuditEntry(record.key, changes["updated_at"], who, record.status.value, after, why)


def compare(
    known: Mapping[str, RegistrationRecord], listing: Listing, now: float, who: str
) -> Discovery:
    """How the records that are there have to change. What a worker holds is left to him."""
    found = {candidate.key: candidate for candidate in listing.candidates}
    free = [
        record
        for record in known.values()
        if record.owner is None or record.due_at is None or record.due_at.timestamp() <= now
    ]
    moved: list[RegistrationRecord] = []
    returned: list[RegistrationRecord] = []
    changes: list[RecordChange] = []
    for record in free:
        seen = found.get(record.key)
        if seen is None:
            continue
        if record.status is Status.SKIPPED and record.last_error == VANISHED:
            returned.append(record)
            made = [*_happens(record, (Reopened(RETURNED),), now, who)]
            changes += made
            record = record.changed(made[-1].changes)  # noqa: PLW2901 - it is that record
        if (seen.address or record.address, seen.pool or record.pool) != (
            record.address,
            record.pool,
        ):
            moved.append(record)
            changes.append(_move(record, seen, now, who))
    missing = [
        record
        for record in free
        if record.key not in listing.present
        and record.namespace in listing.complete
        and (record.namespace, record.vm_cloudspace) not in listing.silent
    ]
    vanished = [
        record for record in missing if record.status not in {Status.REGISTERED, Status.SKIPPED}
    ]
    for record in vanished:
        submitted = record.status is Status.SUBMITTED
        events: tuple[Event, ...] = (Failed(VANISHED),) if submitted else ()
        changes += _happens(record, (*events, Skipped(VANISHED)), now, who)
    return Discovery(
        moved=tuple(moved),
        vanished=tuple(vanished),
        returned=tuple(returned),
        gone=tuple(record for record in missing if record.status is Status.REGISTERED),
        changes=tuple(changes),
    )


def _happens(
    record: RegistrationRecord, events: tuple[Event, ...], now: float, who: str
) -> Iterator[RecordChange]:
    for event in events:
        decided = decide(record, event, now)
        if decided is not None:
            changes, why = decided
            yield RecordChange(
                record.key, record.version, changes, entry_of(record, changes, why, who)
            )
            record = record.changed(changes)


def _move(
    record: RegistrationRecord, seen: RegistrationCandidate, now: float, who: str
) -> RecordChange:
    changes = {
        "address": seen.address or record.address,
        "pool": seen.pool or record.pool,
        "updated_at": now,
    }
    why = (
        f"moved from {record.address or '?'} in pool {record.pool or '?'} "
        f"to {changes['address'] or '?'} in pool {changes['pool'] or '?'}"
    )
    return RecordChange(record.key, record.version, changes, entry_of(record, changes, why, who))


def with_added(discovery: Discovery, added: int) -> Discovery:
    """The same, with how many records were new."""
    return evolve(discovery, added=added, changes=())
