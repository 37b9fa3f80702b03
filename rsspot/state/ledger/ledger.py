"""The ledger: who may change which record; each change is one transaction, with its history."""

from __future__ import annotations

import warnings
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve

from rsspot.errors import DamagedRecordError, RegistrationError
from rsspot.state.database import NOW, AuditEntry, FromNow, RecordChange
from rsspot.state.durations import check_seconds
from rsspot.state.ledger.checks import check_lease, refuse_held, stale, text
from rsspot.state.ledger.discovery import differs, entry_of, new_row, on_list, reported, unlisted
from rsspot.state.ledger.exchange import export_lines, read_lines
from rsspot.state.ledger.matching import match
from rsspot.state.ledger.record import RegistrationRecord, check_row, storable
from rsspot.state.ledger.status import RegistrationStatus, Summary
from rsspot.state.ledger.transitions import SETTLED, decide

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from rsspot.state.database import Database, Row
    from rsspot.state.ledger.discovery import Discovery, Listing
    from rsspot.state.ledger.record import RegistrationCandidate
    from rsspot.state.ledger.transitions import Event

__all__ = ["Ledger"]

T = TypeVar("T")

BATCH = 2000
"""Records in one transaction."""
TRIES = 20
"""How often a change is decided again because another process came in between."""


class Ledger:
    """Records of VMs. Where a record is asked for, its key will do as well.

    A record that was read fences: a change is refused when the record has changed since. A key
    stands for the record as it is now. What another worker holds is refused in both cases.
    """

    def __init__(self, database: Callable[[], Database], path: str) -> None:
        self._database = database
        self._path = path

    def discover(self, listing: Listing, *, who: str) -> Discovery:
        """Add the VMs that are new, and note which have moved, vanished or come back."""
        database = self._database()
        matches = match(database, (*listing.candidates, *listing.others))
        others = {id(candidate) for candidate in listing.others}
        added = self._add([each for each in matches.new if id(each) not in others], who)
        wanted = {
            key: (row, candidate)
            for key, (row, candidate) in matches.known.items()
            if id(candidate) not in others
        }
        found = [
            on_list(record, wanted[record.key][1], who)
            for record in self._read_all(
                row for row, candidate in wanted.values() if differs(row, candidate)
            )
        ]
        for namespace in sorted(listing.complete):
            missing = database.missing_records(listing.target, namespace, matches.present)
            found += [unlisted(record, listing, who) for record in self._read_all(missing)]
        findings = [finding for finding in found if finding is not None]
        refused: set[str] = set()
        for some in _batches(findings):
            changes = [change for finding in some for change in finding.changes]
            done = database.change_records(changes) if changes else []
            refused |= {each.key for each, row in zip(changes, done, strict=True) if row is None}
        gone = [finding for finding in findings if not finding.changes]
        return evolve(reported(added, findings, gone, refused), refused=tuple(matches.refused))

    def _add(self, candidates: Iterable[RegistrationCandidate], who: str) -> int:
        added = 0
        for batch in _batches(candidates):
            rows = [new_row(candidate) for candidate in batch]
            for row in rows:
                check_row(row)
            history = [
                AuditEntry(row["key"], NOW, who, None, row["status"], "discovered") for row in rows
            ]
            added += self._database().insert_records(rows, history)
        return added

    def get(self, key: str) -> RegistrationRecord:
        """One record. Raises `RegistrationError` if there is none, `DamagedRecordError`."""
        rows = self._database().records({"key": text("key", key)}, limit=1)
        if not rows:
            raise RegistrationError(f"There is no record {key}", key=key)
        try:
            return RegistrationRecord.from_row(rows[0])
        except DamagedRecordError as error:
            raise DamagedRecordError(
                self._damage(error), path=self._path, hint=FIX, key=key
            ) from None

    def each(self, **where: Any) -> Iterator[RegistrationRecord]:
        """The records with these values, oldest first. A damaged one is warned about."""
        return self._read_all(self.rows(**where))

    def list(
        self, *, target: str | None = None, status: RegistrationStatus | str | None = None
    ) -> builtins.list[RegistrationRecord]:
        """The records of a target, or with a status, or both: all of them, oldest first."""
        wanted = None if status is None else RegistrationStatus(status).value
        return [*self.each(**_given(target=target, status=wanted))]

    def rows(self, **where: Any) -> Iterator[Row]:
        """The same as the database has them, damaged ones too."""
        after = 0
        while page := self._database().records(where, after=after, limit=BATCH):
            yield from page
            after = page[-1]["position"]

    def summary(self, target: str | None = None) -> Summary:
        """How many records there are of each status."""
        counts = self._database().count_records(None if target is None else text("target", target))
        known = {status.value: counts.pop(status.value, 0) for status in RegistrationStatus}
        return Summary(**known, damaged=sum(counts.values()))

    def next_due(self, target: str, *, held: Collection[str] = ()) -> float | None:
        """In how many seconds the next record of a target may be claimed; None: none is open.

        held: ids of leases that do not count.
        """
        return self._database().next_due(text("target", target), held=held)

    def audit(self, key: str) -> builtins.list[AuditEntry]:
        """The history of a record, oldest first."""
        return self._database().audit_of(text("key", key))

    def apply(
        self, record: RegistrationRecord | str, event: Event, *, who: str
    ) -> RegistrationRecord:
        """Let `event` happen to a record, in one transaction; return it as it is then.

        What has happened already with the same data changes nothing. Raises `RegistrationError`
        when it may not happen, or not by `who`.
        """
        if isinstance(record, str):
            return self._apply_now(record, event, who)
        made = _change(record, event, who)
        if made is not None:
            (done,) = self._database().change_records([made])
            if done is not None:
                return record.changed(done)
        current = self.get(record.key)
        refuse_held(current, who)
        if _change(current, event, who) is None:
            return current
        raise stale(record, current)

    def apply_all(
        self, events: Iterable[tuple[RegistrationRecord, Event]], *, who: str
    ) -> builtins.list[RegistrationRecord]:
        """Let many things happen, thousands in one transaction; return the records after it.

        Raises `RegistrationError` before anything is changed when one of them may not happen,
        and in the end when some records had changed since they were read, or another worker holds
        them: those stay as they are.
        """
        pairs = [(record, _change(record, event, who)) for record, event in events]
        made = [change for _, change in pairs if change is not None]
        done: builtins.list[Row | None] = []
        for batch in _batches(made):
            done += self._database().change_records(batch)
        refused = {each.key for each, row in zip(made, done, strict=True) if row is None}
        if refused:
            raise RegistrationError(
                f"{len(refused)} of {len(made)} records had changed since they were read",
                keys=sorted(refused),
                hint="Read them again; the others are done",
            )
        rows = iter(done)
        after: builtins.list[RegistrationRecord] = []
        for record, change in pairs:
            row = None if change is None else next(rows)
            after.append(record if row is None else record.changed(row))
        return after

    def claim(
        self,
        n: int = 1,
        *,
        owner: str,
        ttl: float,
        target: str | None = None,
        held: Collection[str] = (),
    ) -> builtins.list[RegistrationRecord]:
        """Lease up to `n` records that are due and not held.

        n: how many, at least 1.
        owner: who asks, in leases and histories. No two processes should have the same name.
        ttl: how long a lease is, in seconds from when it was written.
        target: of which target; of any, where it is None.
        held: ids of leases that are in the hands of whoever asks, and are not taken over though
        they have ended.

        Those that have been due for longest come first. A lease that has ended is taken over. A
        damaged record is set aside with a warning, as nobody can work on it. Raises
        `RegistrationError`, and `InvalidInput` for a ttl that is no duration above 0.
        """
        check_lease(n, owner)
        rows = self._database().claim_records(
            n,
            owner=owner,
            ttl=check_seconds("ttl", ttl, above_zero=True),
            where=_given(target=target),
            held=held,
        )
        claimed: builtins.list[RegistrationRecord] = []
        for row in rows:
            record = self._read(row)
            if record is None:
                self._set_aside(row, owner)
            else:
                claimed.append(record)
        return claimed

    def heartbeat(self, records: Sequence[RegistrationRecord], *, ttl: float) -> builtins.list[str]:
        """Hold leases for `ttl` seconds from now; return the keys of those that were lost."""
        leases = [(record.key, record.lease_id or "") for record in records]
        held = self._database().renew_records(leases, check_seconds("ttl", ttl, above_zero=True))
        return [key for (key, _), kept in zip(leases, held, strict=True) if not kept]

    def release(self, record: RegistrationRecord, *, due_in: float = 0.0) -> bool:
        """Give a lease back; whoever comes may claim the record in `due_in` seconds.

        False when it was no longer held.
        """
        wait = FromNow(check_seconds("due_in", due_in))
        if record.lease_id is None:
            return False
        changes: Row = {**SETTLED, "due_at": wait, "updated_at": NOW}
        change = RecordChange(record.key, record.version, changes, lease=record.lease_id)
        return self._database().change_records([change])[0] is not None

    def export(self, *, target: str | None = None) -> Iterator[str]:
        """The records with their histories as lines of JSON; damaged ones too."""
        return export_lines(self._database(), BATCH, **_given(target=target))

    def import_lines(self, lines: Iterable[str]) -> int:
        """Add the records of exported lines that are not here yet; how many were added."""
        added = 0
        for batch in _batches(read_lines(lines)):
            history = [entry for _, entries in batch for entry in entries]
            added += self._database().insert_records([row for row, _ in batch], history)
        return added

    def _apply_now(self, key: str, event: Event, who: str) -> RegistrationRecord:
        for _ in range(TRIES):
            current = self.get(key)
            refuse_held(current, who)
            made = _change(current, event, who)
            if made is None:
                return current
            (done,) = self._database().change_records([made])
            if done is not None:
                return current.changed(done)
        raise RegistrationError(f"Record {key} changes all the time", key=key, hint="Try again")

    def _read_all(self, rows: Iterable[Row]) -> Iterator[RegistrationRecord]:
        return (record for row in rows if (record := self._read(row)) is not None)

    def _read(self, row: Row) -> RegistrationRecord | None:
        try:
            return RegistrationRecord.from_row(row)
        except DamagedRecordError as error:
            warnings.warn(f"{self._damage(error)}. {FIX}", RuntimeWarning, stacklevel=3)
            return None

    def _set_aside(self, row: Row, who: str) -> None:
        status = storable(str(row["status"]))
        entry = AuditEntry(str(row["key"]), NOW, who, status, status, "set aside: it is damaged")
        self._database().set_aside(row["position"], row["version"], entry)

    def _damage(self, error: DamagedRecordError) -> str:
        return f"Record {error.key} in {self._path} is damaged: {error.message}"


FIX = "It stays where it is; export the ledger, fix the line, and import it into a new file"


def _change(record: RegistrationRecord, event: Event, who: str) -> RecordChange | None:
    decided = decide(record, event)
    if decided is None:
        return None
    changes, why = decided
    check_row(changes)
    entry = entry_of(record, changes, why, text("who", who))
    lease = record.lease_id if record.owner == who else None
    return RecordChange(record.key, record.version, changes, entry, lease)


def _given(**where: Any) -> Row:
    return {name: text(name, value) for name, value in where.items() if value is not None}


def _batches(items: Iterable[T]) -> Iterator[builtins.list[T]]:
    rest = iter(items)
    while batch := [*islice(rest, BATCH)]:
        yield batch
