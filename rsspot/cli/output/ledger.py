"""The registration ledger for commands: open it, name the user, and format its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from attrs import fields, frozen

from rsspot.cli.output.column import Column

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from rsspot import RegistrationRecord
    from rsspot.cli.output.column import Columns
    from rsspot.registration import Summary

__all__ = [
    "COUNTS",
    "RECORDS",
    "Counts",
    "Record",
    "ShownRecord",
    "StateOption",
    "TargetOption",
    "one_line",
    "program_error",
    "short_line",
    "vm_name",
]

SHORT = 12
"""Characters of a key in a table; the beginning of one is enough for every command."""
TRACEBACK = "Traceback (most recent call last):"
LONGEST = 80
"""Characters of an error in a table."""

StateOption = Annotated[
    str | None,
    typer.Option(
        "--state",
        metavar="PATH_OR_URL",
        help="State file, or the URL of a PostgreSQL database. By default RSSPOT_STATE_PATH, "
        "state_path of the configuration, or the usual file.",
    ),
]
TargetOption = Annotated[
    str | None, typer.Option("--target", metavar="NAME", help="Only this target.")
]
Record = Annotated[
    str,
    typer.Argument(
        metavar="KEY",
        help="Key of a record, the beginning of one, or the name of a VM or its server.",
    ),
]


@frozen
class Counts:
    """How many records of a target there are of each status."""

    target: str
    total: int
    registered: int
    failed: int
    discovered: int
    token_issued: int
    submitted: int
    skipped: int
    damaged: int

    @classmethod
    def of(cls, target: str, summary: Summary) -> Self:
        """Return the counts of a summary."""
        names = [each.name for each in fields(cls)][1:]
        return cls(target, *(getattr(summary, name) for name in names))


@frozen
class ShownRecord:
    """A record as commands show it, in every format."""

    key: str
    server: str
    status: str
    target: str
    namespace: str
    vm_cloudspace: str
    vm_cloudspace_uid: str
    pool: str
    address: str
    idempotency_key: str
    failures: int
    error: str | None
    worker: str | None
    """The worker that holds the lease."""
    due_at: datetime | None
    token_id: str | None
    token_expires_at: datetime | None
    submitted_at: datetime | None
    created_at: datetime
    updated_at: datetime
    payload: dict[str, Any]

    @classmethod
    def of(cls, record: RegistrationRecord) -> Self:
        """Return what is shown of a record."""
        same = {name: getattr(record, name) for name in SAME}
        return cls(
            **same,
            status=str(record.status),
            failures=record.attempts,
            error=record.last_error,
            worker=record.owner if record.is_leased else None,
        )

    @property
    def name(self) -> str:
        """The display name of the VM."""
        return vm_name(self)

    @property
    def reason(self) -> str | None:
        """The beginning of the reason why it failed or was skipped, else None."""
        if self.error is None or self.status not in {"failed", "skipped"}:
            return None
        line = program_error(self.error)
        return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def one_line(error: str) -> str:
    """Return an error in one line: the first one, and of a traceback in Python the last one."""
    first, _, rest = error.partition("\n")
    return first.replace(TRACEBACK, rest.rstrip().rpartition("\n")[2])


def program_error(error: str) -> str:
    """Return the error of a program in one line, without the class that says that it is one."""
    return one_line(error).removeprefix("ProgramFailed: ").removeprefix("Permanent: ")


def vm_name(record: RegistrationRecord | ShownRecord) -> str:
    """Return the display name of a VM if the list has one, else its server name."""
    shown = record.payload.get("display_name")
    return shown if isinstance(shown, str) and shown else record.server


def short_line(record: RegistrationRecord | ShownRecord, change: str) -> str:
    """A change of a record in one line, with the beginning of its key."""
    return f"{record.key[:SHORT]} {vm_name(record)}: {change}"


SAME = tuple(
    each.name
    for each in fields(ShownRecord)
    if each.name not in {"status", "failures", "error", "worker"}
)

RECORDS: Columns[ShownRecord] = (
    Column("KEY", lambda item: item.key[:SHORT]),
    Column("NAME", lambda item: item.name),
    Column("STATUS", lambda item: item.status, colored=True),
    Column("VM CLOUDSPACE", lambda item: item.vm_cloudspace, 4),
    Column("SERVER", lambda item: item.server, 8, is_id=True),
    Column("TARGET", lambda item: item.target, 5),
    Column("ADDRESS", lambda item: item.address, 6),
    Column("FAILURES", lambda item: item.failures, 3),
    Column("WORKER", lambda item: item.worker, 7, optional=True),
    Column("CHANGED", lambda item: item.updated_at, 2),
    Column("ERROR", lambda item: item.reason, 1, wraps=True, optional=True),
)


COUNTS: Columns[Counts] = (
    Column("TARGET", lambda item: item.target),
    Column("TOTAL", lambda item: item.total),
    Column("REGISTERED", lambda item: item.registered),
    Column("FAILED", lambda item: item.failed),
    Column("DISCOVERED", lambda item: item.discovered, 1),
    Column("TOKEN ISSUED", lambda item: item.token_issued, 3),
    Column("SUBMITTED", lambda item: item.submitted, 2),
    Column("SKIPPED", lambda item: item.skipped, 4),
    Column("DAMAGED", lambda item: item.damaged or None, 5, optional=True),
)
