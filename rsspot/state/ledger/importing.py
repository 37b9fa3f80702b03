"""Import an export, which is checked completely before anything is written."""

from __future__ import annotations

import json
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, TypeVar

from attrs import frozen

from rsspot.errors import RegistrationError
from rsspot.state.ledger.exchange import read_line, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsspot.state.database import AuditEntry, Database, Row

__all__ = ["Imported", "import_lines"]

T = TypeVar("T")

IN_MEMORY = 32 * 1024 * 1024
"""Maximum characters of new records in memory; more are written to a temporary file."""
NAMED = 5
"""Maximum number of records in the message about a conflict."""
SAME_TIME = 0.001
"""Seconds. Databases round times to microseconds."""


@frozen(kw_only=True)
class Imported:
    """The result of an import, or of its dry run."""

    added: int = 0
    """Records that the ledger did not have."""
    known: int = 0
    """Records that the ledger already has, as exported or with further progress."""
    conflicts: tuple[str, ...] = ()
    """Keys of records with another history, or less progress, in the ledger; not changed."""


def import_lines(
    database: Database,
    lines: Iterable[str],
    *,
    batch: int,
    dry_run: bool,
    keep_existing: bool,
) -> Imported:
    """Add the records that are new; `Ledger.import_lines` has the details."""
    known, conflicts = 0, list[str]()
    # The temporary file has no name, and only its owner can read it.
    with SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="\n") as new:
        added = 0
        for some in batches(read_lines(lines), batch):
            relations = _compare(database, [(row, history) for _, row, history in some])
            for (line, row, _), relation in zip(some, relations, strict=True):
                if relation is None:
                    new.write(f"{line.strip()}\n")
                    added += 1
                elif relation:
                    known += 1
                else:
                    conflicts.append(row["key"])
        if conflicts and not keep_existing:
            raise _refusal(conflicts)
        if not dry_run:
            new.seek(0)
            expected, added = added, 0
            overtaken = list[str]()
            records = (read_line(number, json.loads(line)) for number, line in enumerate(new, 1))
            for page in batches(records, batch):
                written = _insert(database, page)
                added += written
                if written < len(page):  # another process has added some in the meantime
                    overtaken += _conflicts(database, page)
            known += expected - added - len(overtaken)
            if overtaken and not keep_existing:
                raise _overtaken(added, overtaken)
            conflicts += overtaken
    return Imported(added=added, known=known, conflicts=tuple(conflicts))


def _insert(database: Database, page: list[tuple[Row, list[AuditEntry]]]) -> int:
    entries = [entry for _, history in page for entry in history]
    return database.insert_records([row for row, _ in page], entries)


def _conflicts(database: Database, page: list[tuple[Row, list[AuditEntry]]]) -> list[str]:
    relations = _compare(database, page)
    return [row["key"] for (row, _), known in zip(page, relations, strict=True) if not known]


def _compare(database: Database, items: list[tuple[Row, list[AuditEntry]]]) -> list[bool | None]:
    """Return for each record None if it is new, else whether the existing one contains it."""
    here = database.records_by_key([row["key"] for row, _ in items])
    histories = database.histories(here)
    return [
        None if row["key"] not in here else _contains(here[row["key"]], histories, row, history)
        for row, history in items
    ]


def _contains(
    here: Row, histories: dict[str, list[AuditEntry]], row: Row, history: list[AuditEntry]
) -> bool:
    """Return whether the existing record is the exported one, or a later version of it."""
    if abs(here["created_at"] - row["created_at"]) > SAME_TIME or here["version"] < row["version"]:
        return False
    known = histories[row["key"]]
    if not history or not known:
        return bool(here["status"] == row["status"])
    # The beginning may be missing on either side, because old entries are deleted.
    return any(
        all(
            _is_same(ours, theirs)
            for ours, theirs in zip(reversed(known[: end + 1]), reversed(history), strict=False)
        )
        for end in range(len(known))
    )


def _is_same(ours: AuditEntry, theirs: AuditEntry) -> bool:
    return (
        abs(ours.at - theirs.at) <= SAME_TIME
        and (ours.who, ours.before, ours.after, ours.why)
        == (theirs.who, theirs.before, theirs.after, theirs.why)
    )  # fmt: skip


def _refusal(conflicts: list[str]) -> RegistrationError:
    count = "record exists" if len(conflicts) == 1 else "records exist"
    return RegistrationError(
        f"{len(conflicts)} {count} with another history: {_named(conflicts)}",
        keys=conflicts,
        hint="Nothing was imported. Leave them out with `keep_existing`, which adds the others",
    )


def _overtaken(added: int, keys: list[str]) -> RegistrationError:
    count = "record was" if len(keys) == 1 else "records were"
    return RegistrationError(
        f"{len(keys)} {count} added by another process during the import, with another history: "
        f"{_named(keys)}. These were left as they are, and {added} others were imported",
        keys=keys,
        hint="Stop the runs of a ledger before you import into it",
    )


def _named(keys: list[str]) -> str:
    return ", ".join(keys[:NAMED]) + (f" and {len(keys) - NAMED} more" if len(keys) > NAMED else "")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Split items into lists of at most `size`."""
    rest = iter(items)
    while some := [*islice(rest, size)]:
        yield some
