"""Export the ledger as lines of JSON, to move it to another database or to inspect it.

`rsspot registrations export` and `import` do the same in a terminal.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rsspot.errors import RegistrationError, RSSpotError
from rsspot.shapes import is_object
from rsspot.state.database import AuditEntry, FromNow
from rsspot.state.durations import MAXIMUM
from rsspot.state.ledger.candidate import identity
from rsspot.state.ledger.columns import as_moment
from rsspot.state.ledger.record import RegistrationRecord
from rsspot.state.ledger.status import RegistrationStatus as Status
from rsspot.state.ledger.transitions import SETTLED
from rsspot.state.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsspot.state.database import Database, Row

__all__ = ["FORMAT", "VERSION", "as_lines", "export_lines", "read_line", "read_lines"]

FORMAT = "rsspot-registrations"
VERSION = 1
COLUMNS = tuple(RegistrationRecord.__annotations__)
"""The columns that are exported; databases may have further columns."""
COUNTS = ("attempts", "generation", "version")
MAX_COUNT = 2**31 - 1
"""The maximum of an integer column in every database."""
OPEN = frozenset({Status.DISCOVERED, Status.TOKEN_ISSUED, Status.SUBMITTED})
"""Statuses of records that are not finished."""
ENTRY = ("at", "who", "before", "after", "why")


def export_lines(database: Database, page: int, **where: Any) -> Iterator[str]:
    """Yield a line with the format, one for each record with its history, and a last line.

    `page` records are read at a time. Damaged records are written unchanged.
    """
    records = (each for some in database.export_records(where, page=page) for each in some)
    return as_lines(
        ({name: row.get(name) for name in COLUMNS}, history) for row, history in records
    )


def as_lines(records: Iterable[tuple[Row, Iterable[AuditEntry]]]) -> Iterator[str]:
    """Yield an export of these records, each with all columns of `COLUMNS` and with its history."""
    yield json.dumps({"format": FORMAT, "version": VERSION})
    count = 0
    for record, history in records:
        entries = [{name: getattr(entry, name) for name in ENTRY} for entry in history]
        yield json.dumps({"record": record, "history": entries}, default=repr)
        count += 1
    yield json.dumps({"end": {"records": count}})


def read_lines(lines: Iterable[str]) -> Iterator[tuple[str, Row, list[AuditEntry]]]:
    """Yield each line of an export that is a record, with its row and its history.

    Leases are not exported; remaining waits are. Raises `RegistrationError` with the number
    of a line that cannot be read, and at the end if the export is not complete.
    """
    keys = set[str]()
    began = ended = False
    given: Iterable[Any] = lines
    for number, line in enumerate(given, 1):
        if not isinstance(line, str):
            raise _wrong(number, f"is not text, but {type(line).__name__}")
        if not line.strip():
            continue
        if ended:
            raise _wrong(number, "comes after the last line of the export", CUT)
        item = _item(number, line, CUT if began else NO_EXPORT)
        if not began:
            _check_format(item)
            began = True
        elif is_object(item) and "end" in item:
            _check_end(number, item, len(keys))
            ended = True
        else:
            row, history = read_line(number, item)
            if row["key"] in keys:
                raise _wrong(number, f"has record {row['key']} a second time")
            keys.add(row["key"])
            yield line, row, history
    if not began:
        raise RegistrationError("There is nothing to import: it has no lines", hint=NO_EXPORT)
    if not ended:
        raise RegistrationError(
            f"The export was cut off: it has {len(keys)} records and no last line", hint=CUT
        )


def _item(number: int, line: str, hint: str) -> Any:
    try:
        return json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        raise _wrong(number, "is not JSON", hint) from None


def _check_format(item: Any) -> None:
    if not is_object(item) or item.get("format") != FORMAT:
        raise _wrong(1, "is not the first line of an export of registrations", NO_EXPORT)
    version = item.get("version")
    if version != VERSION or type(version) is not int:
        raise RegistrationError(
            f"The export is in version {version!r:.20} of its format, and this rsspot reads "
            f"version {VERSION}",
            hint="Install the version of rsspot that wrote it, or a newer one",
        )


def _check_end(number: int, item: dict[str, Any], count: int) -> None:
    end = item["end"]
    expected = end.get("records") if is_object(end) else None
    if type(expected) is not int:
        raise _wrong(number, "has no number of records")
    if expected != count:
        raise RegistrationError(
            f"The export has {count} records, and {expected} were written: lines are missing"
            if expected > count
            else f"The export has {count} records, and only {expected} were written",
            hint=CUT,
        )


def read_line(number: int, item: Any) -> tuple[Row, list[AuditEntry]]:
    """Return the row and the history of one line. Raises `RegistrationError`."""
    try:
        return _row(item)
    except (
        ValueError, LookupError, TypeError, AttributeError, RecursionError, RSSpotError
    ) as error:  # fmt: skip
        raise _wrong(number, f"is not a record of a ledger: {_problem(error)}") from None


def _wrong(number: int, what: str, hint: str | None = None) -> RegistrationError:
    return RegistrationError(
        f"Line {number} {what}", hint=hint or "Fix the line or leave it out, and import again"
    )


def _problem(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"has no {error}"
    own = isinstance(error, RSSpotError | ValueError) and not isinstance(error, UnicodeError)
    return str(error) if own else "one of its values is not valid"


def _row(item: dict[str, Any]) -> tuple[Row, list[AuditEntry]]:
    row: Row = {name: item["record"][name] for name in COLUMNS}
    record = RegistrationRecord.from_row(row)
    # A record from a list without uids keeps its key when the uid becomes known, and one that
    # was imported without a namespace keeps its key when that becomes known.
    expected = [
        identity(namespace, record.vm_cloudspace, uid, record.server, record.target)
        for namespace in (record.namespace, "")
        for uid in (record.vm_cloudspace_uid, "")
    ]
    if record.key not in expected:
        raise ValueError(f"its key should be {expected[0]}")
    wait = 0.0 if record.owner is not None else min(record.due_in or 0.0, MAXIMUM)
    for name in COUNTS:
        if row[name] > MAX_COUNT:
            raise ValueError(f"{name}: a count is too large")
    # A record that was edited by hand must neither be skipped forever nor start again.
    is_open = record.status in OPEN or (record.status is Status.FAILED and record.is_open)
    # A record from 0.3.0 without a namespace waits until its VM appears in a list.
    is_open = is_open and bool(record.namespace)
    row |= {**SETTLED, "due_at": FromNow(wait) if is_open else None}
    history = [_entry(record.key, entry) for entry in item["history"]]
    return {name: value for name, value in row.items() if name != "due_in"}, history


def _entry(key: str, columns: dict[str, Any]) -> AuditEntry:
    entry = AuditEntry(key, **{name: columns[name] for name in ENTRY})
    if as_moment(entry.at) is None:
        raise ValueError("a line of its history has no time")
    for name in ENTRY[1:]:
        text = columns[name]
        absent = name == "before" and text is None
        if not absent and (not isinstance(text, str) or storable(text) != text):
            raise ValueError("a line of its history has a text that cannot be stored")
    return entry


CUT = "Export again; nothing was imported"
NO_EXPORT = "`rsspot registrations export`, or `Ledger.export`, writes what can be imported"
