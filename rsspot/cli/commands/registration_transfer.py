"""`rsspot registrations export` and `import`: the ledger as lines of JSON."""

import os
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, TextIO

import typer

from rsspot.cli.command import RsspotCommand
from rsspot.cli.output.formatting import counted, format_value
from rsspot.cli.output.ledger import StateOption, TargetOption
from rsspot.cli.session import Session
from rsspot.cli.state import open_state
from rsspot.errors import InvalidInput
from rsspot.files.folders import expand
from rsspot.registration import Imported

__all__ = ["add_transfer"]

STREAM = "-"
CONFLICTS = 5
"""Records that are named."""


def add_transfer(group: typer.Typer) -> None:
    """Add the commands to a group."""
    group.command("export", cls=RsspotCommand)(export)
    group.command("import", cls=RsspotCommand)(import_)


def export(
    ctx: typer.Context,
    file: Annotated[
        str, typer.Argument(metavar="[FILE]", help="File to write; - is standard output.")
    ] = STREAM,
    *,
    target: TargetOption = None,
    state: StateOption = None,
) -> None:
    """Write all records with their histories as lines of JSON."""
    session = Session.of(ctx)
    with open_state(session, state) as store:
        lines = store.registrations.export(target=target)
        if file == STREAM:
            for line in lines:
                session.write(f"{line}\n")
            return
        path = expand(file, InvalidInput)
        count = _write(path, lines)
    session.note(f"{counted(count, 'record is', 'records are')} in {format_value(path)}.")


def import_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="An export; - is standard input.")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check everything, and change nothing.")
    ] = False,
    keep_existing: Annotated[
        bool,
        typer.Option(
            "--keep-existing",
            help="Skip records that exist with a different history, and import the rest.",
        ),
    ] = False,
    state: StateOption = None,
) -> None:
    """Add the missing records of an export, with their histories and idempotency keys.

    Importing the same export again adds nothing. An export is refused as a whole if it is
    incomplete, or if one of its records exists with a different history.
    """
    session = Session.of(ctx)
    with (
        _lines(session, file) as lines,
        open_state(session, state, missing="empty" if dry_run else "make") as store,
    ):
        done = store.registrations.import_lines(lines, dry_run=dry_run, keep_existing=keep_existing)
    _report(session, done, dry_run=dry_run)


def _report(session: Session, done: Imported, *, dry_run: bool) -> None:
    rows = [
        ("records to add" if dry_run else "records added", str(done.added)),
        ("already there", str(done.known)),
    ]
    if done.conflicts:
        rows.append(("left as they are", str(len(done.conflicts))))
    session.show_fields(rows)
    for key in done.conflicts[:CONFLICTS]:
        session.note(f"Record {key} exists with a different history", "Warning")
    if dry_run:
        session.note("Nothing was changed.")


def _write(path: Path, lines: Iterator[str]) -> int:
    """Write a file of mode 0600 atomically; return the number of records."""
    if path.exists() and not path.is_file():  # a device or a pipe
        return _write_to(path.open("w", encoding="utf-8"), lines)
    partial = path.with_name(f"{path.name}.partial")
    with suppress(FileNotFoundError):
        partial.unlink()
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        count = _write_to(os.fdopen(descriptor, "w", encoding="utf-8", newline="\n"), lines)
        partial.replace(path)
    finally:
        with suppress(OSError):
            partial.unlink()
    return count


def _write_to(file: TextIO, lines: Iterator[str]) -> int:
    count = 0
    with file:
        for line in lines:
            file.write(f"{line}\n")
            count += 1
        file.flush()
        with suppress(OSError):  # a device has nothing to synchronize
            os.fsync(file.fileno())
    return count - 2  # the first and the last line are no records


@contextmanager
def _lines(session: Session, file: str) -> Generator[TextIO]:
    try:
        if file == STREAM:
            yield sys.stdin
            return
        with expand(file, InvalidInput).open(encoding="utf-8") as opened:
            yield opened
    except UnicodeDecodeError:
        session.refuse(
            f"{file} is not text in UTF-8", "Give a file of `rsspot registrations export`"
        )
