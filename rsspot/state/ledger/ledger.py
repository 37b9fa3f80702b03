"""The ledger: check who may change a record, and write each change with its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from rsspot.arguments import check_arguments
from rsspot.errors import RegistrationError
from rsspot.flow.flow import run
from rsspot.state.database import NOW, AuditEntry
from rsspot.state.durations import check_seconds
from rsspot.state.kinds import KINDS
from rsspot.state.ledger.checks import (
    event_pairs,
)
from rsspot.state.ledger.columns import check_row
from rsspot.state.ledger.discovery import differs, new_row, on_list, reported, unlisted
from rsspot.state.ledger.flows import change_of
from rsspot.state.ledger.importing import batches, import_lines
from rsspot.state.ledger.matching import match
from rsspot.state.ledger.reader import BATCH, LedgerReader

if TYPE_CHECKING:
    import builtins
    from collections.abc import Collection, Iterable, Sequence

    from rsspot.state.database import Row, Signal
    from rsspot.state.ledger.candidate import RegistrationCandidate
    from rsspot.state.ledger.discovery import Discovery, Listing
    from rsspot.state.ledger.importing import Imported
    from rsspot.state.ledger.record import RegistrationRecord
    from rsspot.state.ledger.transitions import Event

__all__ = ["Ledger"]


@check_arguments(KINDS)
class Ledger(LedgerReader):
    """The registration records of VMs. Every parameter for a record also accepts its key.

    With a record, a change is refused if the record has changed since it was read. With a key, the
    change applies to the current version. Both are refused while another worker has a lease.
    """

    def discover(self, listing: Listing, *, who: str) -> Discovery:
        """Add new VMs, and record which ones have moved, vanished or come back."""
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
        for some in batches(findings, BATCH):
            changes = [change for finding in some for change in finding.changes]
            done = database.change_records(changes) if changes else []
            refused |= {each.key for each, row in zip(changes, done, strict=True) if row is None}
        gone = [finding for finding in findings if not finding.changes]
        return evolve(reported(added, findings, gone, refused), refused=tuple(matches.refused))

    def _add(self, candidates: Iterable[RegistrationCandidate], who: str) -> int:
        added = 0
        for batch in batches(candidates, BATCH):
            rows = [new_row(candidate) for candidate in batch]
            for row in rows:
                # A candidate has only text that can be stored, and the rest is set here.
                check_row({"key": row["key"], "payload": row["payload"]})
            history = [
                AuditEntry(row["key"], NOW, who, None, row["status"], "discovered") for row in rows
            ]
            added += self._database().insert_records(rows, history)
        return added

    def apply(
        self, record: RegistrationRecord | str, event: Event, *, who: str
    ) -> RegistrationRecord:
        """Apply `event` to a record, in one transaction; return the new version.

        An event that was applied already with the same data changes nothing. Raises
        `RegistrationError` if the event is not allowed, or not for `who`.
        """
        return run(self.flows.apply(record, event, who))

    def apply_all(
        self, events: Iterable[tuple[RegistrationRecord, Event]], *, who: str
    ) -> builtins.list[RegistrationRecord]:
        """Apply many events, thousands in one transaction; return the new versions.

        Raises `RegistrationError` before anything is changed if one of them is not allowed, and at
        the end if some records have changed since they were read, or another worker holds them:
        those are not changed.
        """
        pairs = [(record, change_of(record, event, who)) for record, event in event_pairs(events)]
        made = [change for _, change in pairs if change is not None]
        done: builtins.list[Row | None] = []
        for batch in batches(made, BATCH):
            done += self._database().change_records(batch)
        refused = {each.key for each, row in zip(made, done, strict=True) if row is None}
        if refused:
            raise RegistrationError(
                f"{len(refused)} of {len(made)} records had changed since they were read",
                keys=sorted(refused),
                hint="Read these again; the other changes were made",
            )
        rows = iter(done)
        after: builtins.list[RegistrationRecord] = []
        for record, change in pairs:
            row = None if change is None else next(rows)
            after.append(record if row is None else record.changed(row))
        return after

    def claim(
        self,
        limit: int = 1,
        *,
        owner: str,
        ttl: float,
        target: str | None = None,
        held: Collection[str] = (),
    ) -> builtins.list[RegistrationRecord]:
        """Lease up to `limit` records that are due and not held.

        limit: maximum number of records, at least 1.
        owner: who asks, in leases and histories. No two processes should have the same name.
        ttl: duration of a lease, in seconds from when it was written.
        target: the target of the records; None means any.
        held: ids of leases that the caller still holds, which are not taken over although they have
        expired.

        Records that have been due longest come first. An expired lease is taken over. A
        damaged record is set aside with a warning, because it cannot be processed. Raises
        `RegistrationError`, and `InvalidInput` for a ttl that is not a duration above 0.
        """
        return run(self.flows.claim(limit, owner=owner, ttl=ttl, target=target, held=held))

    def heartbeat(self, records: Sequence[RegistrationRecord], *, ttl: float) -> builtins.list[str]:
        """Extend leases to `ttl` seconds from now; return the keys of those that were lost."""
        leases = [(record.key, record.lease_id or "") for record in records]
        held = self._database().renew_records(leases, check_seconds("ttl", ttl, above_zero=True))
        return [key for (key, _), kept in zip(leases, held, strict=True) if not kept]

    def release(self, record: RegistrationRecord, *, due_in: float = 0.0) -> bool:
        """Release a lease; any worker may claim the record in `due_in` seconds.

        Returns False if it was no longer held.
        """
        return run(self.flows.release(record, due_in))

    def agree_lease(self, target: str, seconds: float) -> float:
        """Agree with all workers of a target on the duration of leases, in seconds.

        seconds: the requested duration. While a lease is in force, the agreed duration does not
        change, and is returned.
        """
        return run(self.flows.agree_lease(target, seconds))

    def signal(self) -> Signal | None:
        """Return the signal that records may be due; None if callers have to poll."""
        return self._database().signal()

    def forget_audit(self, seconds: float) -> int:
        """Delete history entries older than this many seconds; return how many.

        Histories of open records stay complete, and each record keeps its last entry.
        """
        checked, gone = check_seconds("seconds", seconds), 0
        while some := self._database().forget_audit(checked, limit=BATCH):
            gone += some
        return gone

    def import_lines(
        self, lines: Iterable[str], *, dry_run: bool = False, keep_existing: bool = False
    ) -> Imported:
        """Add the new records of an export, with their histories and idempotency keys.

        lines: lines from `export` of any database.
        dry_run: whether to check everything and write nothing.
        keep_existing: whether to import the rest if some records already exist with another
        history. These are not changed. By default this is an error, and nothing is imported.

        A second import of the same lines adds nothing. All lines are checked before the first
        record is written. Raises `RegistrationError` for an export that is incomplete, of another
        version, or damaged, with the number of the line.
        """
        return import_lines(
            self._database(), lines, batch=BATCH, dry_run=dry_run, keep_existing=keep_existing
        )
