"""Compare a new list of VMs with the existing records. Nothing here does I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from rsspot.state.database import NOW, AuditEntry, FromNow, RecordChange
from rsspot.state.ledger.record import as_json
from rsspot.state.ledger.status import RegistrationStatus as Status
from rsspot.state.ledger.transitions import Failed, Reopened, Skipped, decide

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsspot.state.database import Row
    from rsspot.state.ledger.candidate import RegistrationCandidate
    from rsspot.state.ledger.record import RegistrationRecord
    from rsspot.state.ledger.transitions import Event

__all__ = [
    "Discovery",
    "Finding",
    "Listing",
    "after",
    "differs",
    "entry_of",
    "new_row",
    "on_list",
    "reported",
    "unlisted",
]

VANISHED = "The VM is no longer in the list of VM cloudspaces"
RETURNED = "The VM is in the list of VM cloudspaces again"


@frozen(kw_only=True)
class Listing:
    """The VMs of a list, and the namespaces for which it is complete."""

    target: str
    candidates: tuple[RegistrationCandidate, ...]
    others: tuple[RegistrationCandidate, ...] = ()
    """VMs in the list that must not be added."""
    complete: frozenset[str] = frozenset()
    """The namespaces whose VMs are all in the list: VMs that are missing have vanished."""
    silent: frozenset[tuple[str, str]] = frozenset()
    """VM cloudspaces, by namespace and name, that do not list their VMs."""


@frozen(kw_only=True)
class Discovery:
    """The changes that a list of VMs caused. Records are as they were before.

    Attributes:
        added: Number of new records (default: 0).
        moved: Records whose address or pool has changed; if one of them is registered,
            check it.
        vanished: Records that are skipped because their VM is gone.
        returned: Records whose VM had vanished and is back; they continue where they were.
        gone: Registered records whose VM is gone; they stay registered.
        refused: VMs that are not added: the list has no uid for their VM cloudspace, and several
            records match.
    """

    added: int = 0
    moved: tuple[RegistrationRecord, ...] = ()
    vanished: tuple[RegistrationRecord, ...] = ()
    returned: tuple[RegistrationRecord, ...] = ()
    gone: tuple[RegistrationRecord, ...] = ()
    refused: tuple[RegistrationCandidate, ...] = ()


@frozen(kw_only=True)
class Finding:
    """The effect of a list of VMs on one record, and the changes that it requires."""

    record: RegistrationRecord
    changes: tuple[RecordChange, ...]
    moved: bool = False
    returned: bool = False
    vanished: bool = False


def new_row(candidate: RegistrationCandidate) -> Row:
    """Return the row of a new VM."""
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
        "lease_id": None,
        "due_at": NOW,
        "attempts": 0,
        "generation": 0,
        "last_error": None,
        "payload": as_json(candidate.payload),
        "created_at": NOW,
        "updated_at": NOW,
        "version": 1,
    }


def entry_of(record: RegistrationRecord, changes: Row, why: str, who: str) -> AuditEntry:
    """Return the history entry for a change."""
    before = record.status.value
    return AuditEntry(record.key, NOW, who, before, changes.get("status", before), why)


def differs(row: Row, candidate: RegistrationCandidate) -> bool:
    """Return whether a list has data about a VM that its record does not have."""
    if row["status"] == Status.SKIPPED.value and row["last_error"] == VANISHED:
        return True
    if not row["namespace"]:
        return True
    seen = (
        candidate.address or row["address"],
        candidate.pool or row["pool"],
        row["vm_cloudspace_uid"] or candidate.vm_cloudspace_uid,
    )
    return seen != (row["address"], row["pool"], row["vm_cloudspace_uid"])


def on_list(
    record: RegistrationRecord, candidate: RegistrationCandidate, who: str
) -> Finding | None:
    """Return the effect of a VM in the list. A record that a worker holds is not changed."""
    if record.is_leased:
        return None
    changes: list[RecordChange] = []
    now = record
    returned = record.status is Status.SKIPPED and record.last_error == VANISHED
    if returned:
        changes += _changes_of(record, (Reopened(RETURNED),), who)
        now = after(record, changes[-1])
    address, pool = candidate.address or now.address, candidate.pool or now.pool
    moved = (address, pool) != (now.address, now.pool)
    if moved:
        why = (
            f"moved from {now.address or '?'} in pool {now.pool or '?'} "
            f"to {address or '?'} in pool {pool or '?'}"
        )
        data: Row = {"address": address, "pool": pool, "updated_at": NOW}
        entry = entry_of(now, data, why, who)
        changes.append(RecordChange(now.key, now.version, data, entry))
        now = after(now, changes[-1])
    if not now.namespace:
        # It was imported, and has waited until its organization was known.
        place: Row = {"namespace": candidate.namespace, "updated_at": NOW}
        if now.status not in {Status.REGISTERED, Status.SKIPPED}:
            place["due_at"] = NOW
        why = f"its namespace is {candidate.namespace}"
        changes.append(RecordChange(now.key, now.version, place, entry_of(now, place, why, who)))
        now = after(now, changes[-1])
    if candidate.vm_cloudspace_uid and not now.vm_cloudspace_uid:
        # With the uid, another VM cloudspace of the same name can be distinguished.
        uid: Row = {"vm_cloudspace_uid": candidate.vm_cloudspace_uid, "updated_at": NOW}
        why = f"the uid of its VM cloudspace is {candidate.vm_cloudspace_uid}"
        changes.append(RecordChange(now.key, now.version, uid, entry_of(now, uid, why, who)))
    if not changes:
        return None
    return Finding(record=record, changes=tuple(changes), moved=moved, returned=returned)


def unlisted(record: RegistrationRecord, listing: Listing, who: str) -> Finding | None:
    """Return the effect of a VM that is missing in a complete list."""
    if record.is_leased or (record.namespace, record.vm_cloudspace) in listing.silent:
        return None
    if record.status in {Status.REGISTERED, Status.SKIPPED}:
        return Finding(record=record, changes=())
    submitted = record.status is Status.SUBMITTED
    events: tuple[Event, ...] = (Failed(VANISHED),) if submitted else ()
    changes = _changes_of(record, (*events, Skipped(VANISHED)), who)
    return Finding(record=record, changes=tuple(changes), vanished=True)


def reported(
    added: int, findings: Iterable[Finding], gone: Iterable[Finding], refused: set[str]
) -> Discovery:
    """Return the changes without those that a worker prevented by changing the record first."""
    done = [each for each in findings if each.record.key not in refused]
    return Discovery(
        added=added,
        moved=tuple(each.record for each in done if each.moved),
        vanished=tuple(each.record for each in done if each.vanished),
        returned=tuple(each.record for each in done if each.returned),
        gone=tuple(each.record for each in gone),
    )


def _changes_of(
    record: RegistrationRecord, events: tuple[Event, ...], who: str
) -> Iterator[RecordChange]:
    for event in events:
        decided = decide(record, event)
        if decided is not None:
            changes, why = decided
            change = RecordChange(
                record.key, record.version, changes, entry_of(record, changes, why, who)
            )
            yield change
            record = after(record, change)


def after(record: RegistrationRecord, change: RecordChange) -> RegistrationRecord:
    """Return the new version of a record, except its times, which the database sets."""
    known = {name: value for name, value in change.changes.items() if type(value) is not FromNow}
    return record.changed({**known, "version": change.version + 1})
