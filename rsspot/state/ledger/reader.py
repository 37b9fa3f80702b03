"""Read the ledger: records, their counts and their histories."""

from __future__ import annotations

import json
import re
import warnings
from typing import TYPE_CHECKING, Any

from rsspot.arguments import check_arguments
from rsspot.errors import DamagedRecordError, RecordNotFound, RegistrationError
from rsspot.flow.flow import run
from rsspot.shapes import is_object
from rsspot.state.kinds import KINDS
from rsspot.state.ledger.checks import given, status_name, text
from rsspot.state.ledger.exchange import export_lines
from rsspot.state.ledger.flows import LedgerFlows
from rsspot.state.ledger.record import RegistrationRecord

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Collection, Iterable, Iterator

    from rsspot.state.database import AuditEntry, Database, LedgerDatabase, Row
    from rsspot.state.ledger.status import RegistrationStatus, Summary

__all__ = [
    "BATCH",
    "LedgerReader",
    "find_key",
]

PREFIX = re.compile(r"[0-9a-f]{4,40}")
"""Minimum characters of a key; fewer match too many keys."""
SHOWN = 5


def find_key(database: LedgerDatabase, name: str, target: str | None) -> str:
    """Return the key of the record that `name` matches. Raises `RegistrationError`."""
    of_target: Row = {} if target is None else {"target": target}
    found = [*database.records({"server": name, **of_target}, limit=SHOWN + 1)]
    if PREFIX.fullmatch(name):
        rows = database.records_by_key(database.record_keys(name, SHOWN + 1))
        found += [row for row in rows.values() if target is None or row["target"] == target]
    if not found:
        found = [row for row in _named(database, name) if target in {None, row["target"]}]
    keys = list(dict.fromkeys(str(row["key"]) for row in found))
    if len(keys) == 1 or name in keys:
        return name if name in keys else keys[0]
    where = "" if target is None else f" of target {target}"
    if not keys:
        raise RecordNotFound(
            f"There is no record {name!r:.80}{where}",
            key=name,
            hint="Give a key, the beginning of one, or the name of a VM or its server; "
            "`rsspot registrations list` lists them",
        )
    fitting = ", ".join(
        dict.fromkeys(f"{row['key'][:12]} ({row['server']}, {row['target']})" for row in found)
    )
    raise RegistrationError(
        f"{name!r:.80} matches several records{where}: {fitting}",
        key=name,
        hint="Give more characters of the key, or the target",
    )


def _named(database: LedgerDatabase, name: str) -> list[Row]:
    """Return the records of VMs with this display name."""
    part = f'"display_name": {json.dumps(name)}'  # as `as_json` writes it, perhaps further inside
    rows = database.records_by_key(database.payload_keys(part, BATCH)).values()
    return [row for row in rows if _display_name(row) == name]


def _display_name(row: Row) -> Any:
    try:
        payload: Any = json.loads(row["payload"])
    except (ValueError, TypeError, RecursionError):  # a damaged record
        return None
    return payload.get("display_name") if is_object(payload) else None


BATCH = 2000
"""Number of records that are read or written at a time."""
FIX = "The record is kept. Export the ledger, fix the line, and import it into a new file"


@check_arguments(KINDS)
class LedgerReader:
    """The read operations of a ledger; `Ledger` adds those that change it."""

    def __init__(self, database: Callable[[], Database], path: str) -> None:
        self._database = database
        self._path = path

    @property
    def flows(self) -> LedgerFlows:
        """The operations that work in sync and async code."""
        return LedgerFlows(self._database, self.get, self._read)

    def get(self, key: str) -> RegistrationRecord:
        """Return one record. Raises `RecordNotFound` or `DamagedRecordError`."""
        rows = self._database().records({"key": text("key", key)}, limit=1)
        if not rows:
            raise RecordNotFound(f"There is no record {key}", key=key)
        try:
            return RegistrationRecord.from_row(rows[0])
        except DamagedRecordError as error:
            raise DamagedRecordError(
                self._damage(error), path=self._path, hint=FIX, key=key
            ) from None

    def find(self, name: str, *, target: str | None = None) -> RegistrationRecord:
        """Return the record with this key, beginning of a key, or name.

        name: a key, at least four characters of one, the name of a server in its VM cloudspace, or
        the display name of a VM, which is looked for last.
        target: the target of the record; None means any.

        Raises `RegistrationError` if there is none, or more than one.
        """
        return self.get(find_key(self._database(), text("name", name), target))

    def targets(self) -> builtins.list[str]:
        """Return the targets that have records."""
        return self._database().record_targets()

    def each(self, **where: Any) -> Iterator[RegistrationRecord]:
        """Return the records with these values, oldest first. Warns about damaged records."""
        return self._read_all(self.rows(**where))

    def list(
        self, *, target: str | None = None, status: RegistrationStatus | str | None = None
    ) -> builtins.list[RegistrationRecord]:
        """Return the records of a target, or with a status, or both: all of them, oldest first."""
        wanted = None if status is None else status_name(status)
        return [*self.each(**given(target=target, status=wanted))]

    def rows(self, **where: Any) -> Iterator[Row]:
        """Yield the rows of these records, including damaged ones."""
        after = 0
        while page := self._database().records(where, after=after, limit=BATCH):
            yield from page
            after = page[-1]["position"]

    def summary(self, target: str | None = None) -> Summary:
        """Return how many records there are of each status."""
        return run(self.flows.summary(target))

    def next_due(self, target: str, *, held: Collection[str] = ()) -> float | None:
        """Return the seconds until a record of a target may be claimed; None if none is open.

        held: ids of leases that do not count.
        """
        return run(self.flows.next_due(target, held))

    def audit(self, key: str) -> builtins.list[AuditEntry]:
        """Return the history of a record, oldest first."""
        return self._database().audit_of(text("key", key))

    def export(self, *, target: str | None = None) -> Iterator[str]:
        """Return the records with their histories, all of one moment, as lines of JSON.

        Damaged ones are among them.
        """
        return export_lines(self._database(), BATCH, **given(target=target))

    def _read_all(self, rows: Iterable[Row]) -> Iterator[RegistrationRecord]:
        return (record for row in rows if (record := self._read(row)) is not None)

    def _read(self, row: Row) -> RegistrationRecord | None:
        try:
            return RegistrationRecord.from_row(row)
        except DamagedRecordError as error:
            warnings.warn(f"{self._damage(error)}. {FIX}", RuntimeWarning, stacklevel=3)
            return None

    def _damage(self, error: DamagedRecordError) -> str:
        return f"Record {error.key} in {self._path} is damaged: {error.message}"
