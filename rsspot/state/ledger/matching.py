"""Match the VMs of a list with their records: one record for each VM, even if data is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rsspot.state.database import LedgerDatabase, Row
    from rsspot.state.ledger.candidate import RegistrationCandidate

__all__ = ["Matches", "match"]

KNOWN = {"submitted": 1, "registered": 2}
"""States in which the orchestrator may know a VM. Of two records, the higher rank counts."""


@frozen
class Matches:
    """The VMs of a list, with their existing records.

    Identity is the VM cloudspace's uid and the VM's key in `assignedServers`. A list may lack the
    uid, and earlier records may use the server's name, so these are searched too.
    """

    known: dict[str, tuple[Row, RegistrationCandidate]] = field(
        factory=dict[str, "tuple[Row, RegistrationCandidate]"]
    )
    """The row and the VM of each record, by the key of the record."""
    new: list[RegistrationCandidate] = field(factory=list["RegistrationCandidate"])
    """VMs without a record."""
    refused: list[RegistrationCandidate] = field(factory=list["RegistrationCandidate"])
    """VMs that match several records."""
    present: set[str] = field(factory=set[str])
    """Keys of all records whose VM is, or may be, in the list."""

    def add(self, row: Row, candidate: RegistrationCandidate) -> None:
        """Record that this record belongs to this VM."""
        self.known[row["key"]] = row, candidate
        self.present.add(row["key"])


def match(database: LedgerDatabase, candidates: Iterable[RegistrationCandidate]) -> Matches:
    """Find the records of the VMs of one list."""
    own = {candidate.key: candidate for candidate in candidates}
    found = Matches()
    for key, row in database.records_by_key(own).items():
        found.add(row, own[key])
    rest = {key: candidate for key, candidate in own.items() if key not in found.known}
    # The current key of one VM never counts as the earlier key of another.
    earlier = {key: each for each in rest.values() for key in each.earlier_keys if key not in own}
    rows = database.records_by_key(earlier) if earlier else {}
    fitting: dict[str, list[Row]] = {}
    for key, candidate in earlier.items():
        earlier_row = rows.get(key)
        if earlier_row is not None and candidate.is_of(earlier_row):
            fitting.setdefault(candidate.key, []).append(earlier_row)
    for key, several in fitting.items():
        # A VM that is registered under one of its names is not registered again under another.
        found.add(max(several, key=lambda row: KNOWN.get(row["status"], 0)), rest.pop(key))
    _match_by_name(database, rest, found)
    found.new.extend(rest.values())
    found.present.update(rest)
    return found


def _match_by_name(
    database: LedgerDatabase, rest: dict[str, RegistrationCandidate], found: Matches
) -> None:
    """Match VMs whose list has no uid with records that have one."""
    nameless = [each for each in rest.values() if not each.vm_cloudspace_uid]
    rows: dict[tuple[str, str, str], list[Row]] = {}
    for candidate in nameless:
        place = candidate.target, candidate.namespace, candidate.vm_cloudspace
        if place not in rows:
            names = ("target", "namespace", "vm_cloudspace")
            rows[place] = database.records(dict(zip(names, place, strict=True)))
        servers = {candidate.server, candidate.server_name} - {""}
        fitting = [
            row
            for row in rows[place]
            if row["server"] in servers and row["key"] not in found.present
        ]
        if not fitting:
            continue
        del rest[candidate.key]
        if len(fitting) == 1:
            found.add(fitting[0], candidate)
        else:
            found.refused.append(candidate)
            found.present.update(row["key"] for row in fitting)
