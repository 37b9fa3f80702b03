"""The ledger as JSON lines, to move it to another database or to look into it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attrs import asdict

from rsspot.errors import RegistrationError, RSSpotError
from rsspot.state.database import AuditEntry, FromNow
from rsspot.state.durations import MAXIMUM
from rsspot.state.ledger.record import RegistrationRecord, as_moment, identity, storable
from rsspot.state.ledger.transitions import SETTLED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsspot.state.database import Database, Row

__all__ = ["export_lines", "read_lines"]


def export_lines(database: Database, batch: int, **where: Any) -> Iterator[str]:
    """One line a record, with its history, `batch` at a time. Damaged ones are in it, as is."""
    after = 0
    while page := database.export_records(where, after=after, limit=batch):
        for row, history in page:
            columns = {name: value for name, value in row.items() if name not in INTERNAL}
            entries = [asdict(entry) for entry in history]
            yield json.dumps({"record": columns, "audit": entries}, default=repr)
        after = page[-1][0]["position"]


def read_lines(lines: Iterable[str]) -> Iterator[tuple[Row, list[AuditEntry]]]:
    """The rows and histories in exported lines. Leases do not travel; what is left of waits does.

    Raises `RegistrationError` with the number of the line that cannot be read.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _row(json.loads(line))
        except (
            ValueError, LookupError, TypeError, AttributeError, RecursionError, RSSpotError
        ) as error:  # fmt: skip
            raise RegistrationError(
                f"Line {number} is no record of a ledger: {error!r}",
                hint="Fix the line or leave it out, and import again: what is here already stays",
            ) from None


def _row(item: dict[str, Any]) -> tuple[Row, list[AuditEntry]]:
    # Ledgers of the first version have no ids of leases, and say only when a record was due.
    row: Row = {"lease_id": None, "due_in": None, **item["record"]}
    record = RegistrationRecord.from_row(row)
    # A record from a list without uids keeps its key when the uid becomes known.
    expected = [
        identity(record.namespace, record.vm_cloudspace, uid, record.server, record.target)
        for uid in (record.vm_cloudspace_uid, "")
    ]
    if record.key not in expected:
        raise ValueError(f"its key should be {expected[0]}")
    wait = 0.0 if record.owner is not None else min(record.due_in or 0.0, MAXIMUM)
    row |= {**SETTLED, "due_at": FromNow(wait) if record.is_open else None}
    history = [_entry(**entry) for entry in item["audit"]]
    if any(entry.key != record.key for entry in history):
        raise ValueError("its history belongs to another record")
    return {name: row[name] for name in COLUMNS if name != "due_in"}, history


def _entry(**columns: Any) -> AuditEntry:
    entry = AuditEntry(**columns)
    if as_moment(entry.at) is None:
        raise ValueError("a line of its history has no time")
    for name, text in columns.items():
        absent = name == "before" and text is None
        if name != "at" and not absent and (not isinstance(text, str) or storable(text) != text):
            raise ValueError("a line of its history has a text that cannot be stored")
    return entry


INTERNAL = frozenset({"position", "due_on", "damaged"})
COLUMNS = tuple(RegistrationRecord.__annotations__)
"""What of a row is exported."""
