"""The ledger as JSON lines, to move it to another database or to look into it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attrs import asdict

from rsspot.errors import RegistrationError
from rsspot.state.database import AuditEntry
from rsspot.state.ledger.record import RegistrationRecord, identity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsspot.state.database import Row
    from rsspot.state.ledger.ledger import Ledger

__all__ = ["export_lines", "read_lines"]


def export_lines(ledger: Ledger, **where: Any) -> Iterator[str]:
    """One line a record, with its history. Damaged ones are in it, as they are."""
    for row in ledger.rows(**where):
        columns = {name: value for name, value in row.items() if name != "position"}
        history = [asdict(entry) for entry in ledger.audit(row["key"])]
        yield json.dumps({"record": columns, "audit": history}, default=repr)


def read_lines(lines: Iterable[str], now: float) -> Iterator[tuple[Row, list[AuditEntry]]]:
    """The rows and histories in exported lines. Leases do not travel.

    Raises `RegistrationError` with the number of the line that cannot be read.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _row(json.loads(line), now)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RegistrationError(
                f"Line {number} is no record of a ledger: {error!r}",
                hint="Mend the line or leave it out, and import again: what is here already stays",
            ) from None


def _row(item: dict[str, Any], now: float) -> tuple[Row, list[AuditEntry]]:
    row: Row = item["record"]
    record = RegistrationRecord.from_row(row)
    expected = identity(
        record.namespace,
        record.vm_cloudspace,
        record.vm_cloudspace_uid,
        record.server,
        record.target,
    )
    if record.key != expected:
        raise ValueError(f"its key should be {expected}")
    if record.owner is not None and record.due_at is not None:
        row = {**row, "owner": None, "due_at": now}
    history = [AuditEntry(**entry) for entry in item["audit"]]
    if any(entry.key != record.key for entry in history):
        raise ValueError("its history belongs to another record")
    return {name: row[name] for name in COLUMNS}, history


COLUMNS = tuple(RegistrationRecord.__annotations__)
"""What of a row is exported."""
