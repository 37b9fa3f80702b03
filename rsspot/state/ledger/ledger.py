"""The ledger: who may change which record; each change is one transaction, with its history."""

from __future__ import annotations

import math
import warnings
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.errors import RegistrationError, StateError
from rsspot.state.database import AuditEntry, RecordChange
from rsspot.state.ledger.discovery import compare, entry_of, new_row, with_added
from rsspot.state.ledger.exchange import export_lines, read_lines
from rsspot.state.ledger.record import RegistrationRecord
from rsspot.state.ledger.status import RegistrationStatus, Summary
from rsspot.state.ledger.transitions import decide

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rsspot.state.database import Database, Row
    from rsspot.state.ledger.discovery import Discovery, Listing
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

    def __init__(
        self, database: Callable[[], Database], now: Callable[[], float], path: str
    ) -> None:
        self._database = database
        self._now = now
        self._path = path

    def discover(self, listing: Listing, *, who: str) -> Discovery:
        """Add the VMs that are new, and note which have moved, vanished or come back."""
        now = self._now()
        known = {record.key: record for record in self.each(target=listing.target)}
        new = {item.key: item for item in listing.candidates if item.key not in known}
        added = 0
        for batch in _batches(new.values()):
            rows = [new_row(candidate, now) for candidate in batch]
            history = [
                AuditEntry(row["key"], now, who, None, row["status"], "discovered") for row in rows
            ]
            added += self._database().insert_records(rows, history)
        discovery = compare(known, listing, now, who)
        for changes in _batches(discovery.changes):
            self._database().change_records(changes)
        return with_added(discovery, added)

    def get(self, key: str) -> RegistrationRecord:
        """One record. Raises `RegistrationError` when there is none, `StateError` if damaged."""
        rows = self._database().records({"key": key}, most=1)
        if not rows:
            raise RegistrationError(f"There is no record {key}", key=key)
        try:
            return RegistrationRecord.from_row(rows[0])
        except (ValueError, KeyError) as error:
            raise StateError(
                self._damage(rows[0], error), path=self._path, hint=MEND, key=key
            ) from None

    def each(self, **where: Any) -> Iterator[RegistrationRecord]:
        """The records with these values, oldest first. A damaged one is warned about."""
        for row in self.rows(**where):
            record = self._read(row)
            if record is not None:
                yield record

    def list(
        self, *, target: str | None = None, status: RegistrationStatus | str | None = None
    ) -> builtins.list[RegistrationRecord]:
        """The records of a target, or with a status, or both: all of them, oldest first."""
        wanted = None if status is None else RegistrationStatus(status).value
        return [*self.each(**_given(target=target, status=wanted))]

    def rows(self, **where: Any) -> Iterator[Row]:
        """The same as the database has them, damaged ones too."""
        after = 0
        while page := self._database().records(where, after=after, most=BATCH):
            yield from page
            after = page[-1]["position"]

    def summary(self, target: str | None = None) -> Summary:
        """How many records there are of each status."""
        counts = self._database().count_records(_given(target=target))
        known = {status.value: counts.pop(status.value, 0) for status in RegistrationStatus}
        return Summary(**known, damaged=sum(counts.values()))

    def next_due(self, target: str) -> float | None:
        """When the next record of a target may be claimed; None when none is open."""
        return self._database().next_due({"target": target})

    def audit(self, key: str) -> builtins.list[AuditEntry]:
        """The history of a record, oldest first."""
        return self._database().audit_of(key)

    def apply(
        self, record: RegistrationRecord | str, event: Event, *, who: str
    ) -> RegistrationRecord:
        """Let `event` happen to a record, in one transaction; answers it as it is then.

        What has happened already with the same data changes nothing. Raises `RegistrationError`
        when it may not happen, or not by `who`.
        """
        if isinstance(record, str):
            return self._apply_now(record, event, who)
        now = self._now()
        made = _change(record, event, who, now)
        if made is not None and self._database().change_records([made])[0]:
            return record.changed(made.changes)
        current = self.get(record.key)
        if _change(current, event, who, now) is None:
            return current
        raise _stale(record, current)

    def apply_all(
        self, events: Iterable[tuple[RegistrationRecord, Event]], *, who: str
    ) -> builtins.list[RegistrationRecord]:
        """Let many things happen, thousands in one transaction; answers the records after it.

        Raises `RegistrationError` before anything is changed when one of them may not happen,
        and in the end when some records had changed since they were read: those stay as they are.
        """
        now = self._now()
        pairs = [(record, _change(record, event, who, now)) for record, event in events]
        made = [change for _, change in pairs if change is not None]
        refused: set[str] = set()
        for batch in _batches(made):
            done = self._database().change_records(batch)
            refused |= {change.key for change, well in zip(batch, done, strict=True) if not well}
        if refused:
            raise RegistrationError(
                f"{len(refused)} of {len(made)} records had changed since they were read",
                keys=sorted(refused),
                hint="Read them again; the others are done",
            )
        return [record if made is None else record.changed(made.changes) for record, made in pairs]

    def claim(
        self, n: int = 1, *, owner: str, ttl: float, target: str | None = None
    ) -> builtins.list[RegistrationRecord]:
        """Lease up to `n` records (of a target) that are due and not held, for `ttl` seconds.

        The oldest come first. A lease that has ended is taken over. A damaged record is set
        aside with a warning, as nobody can work on it.
        """
        _check_lease(n, owner, ttl)
        now = self._now()
        rows = self._database().claim_records(
            n, owner=owner, now=now, until=now + ttl, where=_given(target=target)
        )
        claimed: builtins.list[RegistrationRecord] = []
        for row in rows:
            record = self._read(row)
            if record is None:
                self._set_aside(row, owner, now)
            else:
                claimed.append(record)
        return claimed

    def heartbeat(self, records: Sequence[RegistrationRecord], *, ttl: float) -> builtins.list[str]:
        """Hold leases for `ttl` seconds from now; answers the keys of those that were lost."""
        leases = [(record.key, record.version) for record in records]
        held = self._database().renew_records(leases, self._now() + ttl)
        return [key for (key, _), kept in zip(leases, held, strict=True) if not kept]

    def release(self, record: RegistrationRecord, *, due_in: float = 0.0) -> bool:
        """Give a lease back; whoever comes may claim the record in `due_in` seconds.

        False when it was no longer held.
        """
        if record.owner is None:
            return False
        now = self._now()
        changes: Row = {"owner": None, "due_at": now + due_in, "updated_at": now}
        return self._database().change_records([RecordChange(record.key, record.version, changes)])[
            0
        ]

    def export(self, *, target: str | None = None) -> Iterator[str]:
        """The records with their histories as lines of JSON; damaged ones too."""
        return export_lines(self, **_given(target=target))

    def import_lines(self, lines: Iterable[str]) -> int:
        """Add the records of exported lines that are not here yet; how many were added."""
        added = 0
        for batch in _batches(read_lines(lines, self._now())):
            history = [entry for _, entries in batch for entry in entries]
            added += self._database().insert_records([row for row, _ in batch], history)
        return added

    def _apply_now(self, key: str, event: Event, who: str) -> RegistrationRecord:
        for _ in range(TRIES):
            current = self.get(key)
            made = _change(current, event, who, self._now())
            if made is None:
                return current
            if self._database().change_records([made])[0]:
                return current.changed(made.changes)
        raise RegistrationError(f"Record {key} changes all the time", key=key, hint="Try again")

    def _read(self, row: Row) -> RegistrationRecord | None:
        try:
            return RegistrationRecord.from_row(row)
        except (ValueError, KeyError) as error:
            warnings.warn(f"{self._damage(row, error)}. {MEND}", RuntimeWarning, stacklevel=3)
            return None

    def _set_aside(self, row: Row, who: str, now: float) -> None:
        changes: Row = {"owner": None, "due_at": None, "updated_at": now}
        status = str(row["status"])
        entry = AuditEntry(row["key"], now, who, status, status, "set aside: it is damaged")
        self._database().change_records([RecordChange(row["key"], row["version"], changes, entry)])

    def _damage(self, row: Row, error: Exception) -> str:
        return f"Record {row.get('key')} in {self._path} is damaged: {error}"


MEND = "It stays where it is; export the ledger, mend the line, and import it into a new file"


def _change(record: RegistrationRecord, event: Event, who: str, now: float) -> RecordChange | None:
    others = record.owner not in {None, who}
    if others and record.due_at is not None:
        until = record.due_at.timestamp()
        if until > now:
            raise RegistrationError(
                f"Record {record.key} ({record.server}) is held by {record.owner} for another "
                f"{until - now:.0f} s",
                key=record.key,
                hint="Wait until its lease ends",
            )
    decided = decide(record, event, now)
    if decided is None:
        return None
    changes, why = decided
    entry = entry_of(record, changes, why, who)
    return RecordChange(
        record.key, record.version, changes, entry, free_at=now if others else math.inf
    )


def _stale(record: RegistrationRecord, current: RegistrationRecord) -> RegistrationError:
    return RegistrationError(
        f"Record {record.key} ({record.server}) has changed since it was read: it was "
        f"{record.status} in version {record.version} and is {current.status} in version "
        f"{current.version}",
        key=record.key,
        hint="Another worker has taken it over, or somebody marked it: read it again",
    )


def _check_lease(n: int, owner: str, ttl: float) -> None:
    if n < 1:
        raise RegistrationError(f"A lease needs a number of records above 0, not {n}")
    if not owner:
        raise RegistrationError("A lease needs an owner, a text that is not empty")
    if not 0 < ttl < float("inf"):
        raise RegistrationError("A lease needs a ttl, seconds above 0")


def _given(**where: Any) -> Row:
    return {name: value for name, value in where.items() if value is not None}


def _batches(items: Iterable[T]) -> Iterator[builtins.list[T]]:
    rest = iter(items)
    while batch := [*islice(rest, BATCH)]:
        yield batch
