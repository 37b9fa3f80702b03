"""Read state files of rsspot 0.3.0, and never write to them.

sqlite keeps recent changes in a file beside the database. To read them, sqlite would have to
write there, so a file with changes beside it is copied first, and the copy is read.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import field, frozen

from rsspot.errors import StateError
from rsspot.files.ownership import check_owner
from rsspot.state.sqlite.file import application_id
from rsspot.state.sqlite.schema import APPLICATION

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

__all__ = ["LegacyState", "count_registrations", "is_legacy", "read_state"]

T = TypeVar("T")

SIDE_FILES = ("-wal", "-journal")
TRIES = 5
LEDGER = frozenset(
    {
        "registration_key", "vm_uid", "org_id", "vmcloudspace", "vmpool", "vm_name",
        "omni_cluster", "token_id", "token_expires_at", "status", "last_error", "payload_json",
        "updated_at",
    }
)  # fmt: skip
"""The columns of its ledger."""


@frozen(kw_only=True)
class LegacyState:
    """The content of a state file of 0.3.0; rows are unchanged."""

    path: str
    registrations: tuple[dict[str, Any], ...] = field(repr=False)
    preferences: dict[str, Any] = field(repr=False)
    commands: tuple[tuple[float, str], ...] = field(repr=False)
    """When a command ran, in seconds since the epoch, and the command; oldest first."""
    is_in_use: bool
    """Whether a program may have it open, since there are changes beside the file."""


def is_legacy(path: str | Path) -> bool:
    """Return whether there is a state file of 0.3.0 at `path`. A damaged one does not count."""
    try:
        return count_registrations(path) is not None
    except StateError:
        return False


def count_registrations(path: str | Path) -> int | None:
    """Return the number of registrations in a state file of 0.3.0; None if there is no such file.

    Raises `StateError` for an sqlite file that cannot be read.
    """

    def count(connection: sqlite3.Connection) -> int | None:
        if not _is_of_legacy(connection):
            return None
        if not _columns(connection, "registration_ledger"):
            return 0
        found: int = connection.execute("SELECT count(*) FROM registration_ledger").fetchone()[0]
        return found

    return _read(Path(path), count, None)


def read_state(path: str | Path, *, allow_foreign_owner: bool = False) -> LegacyState:
    """Return the content of the state file of 0.3.0 at `path`. The file is not changed.

    allow_foreign_owner: whether to read a file of another user. Raises `StateError`.
    """
    file = Path(path)
    check_owner(file, "The state file", StateError, allow_foreign_owner=allow_foreign_owner)

    def read(connection: sqlite3.Connection) -> LegacyState | None:
        if not _is_of_legacy(connection):
            return None
        columns = _columns(connection, "registration_ledger")
        missing = sorted(LEDGER - columns)
        if columns and missing:
            raise StateError(
                f"The state file {file} was not written by rsspot 0.3.0: its ledger has no column "
                f"{missing[0]}",
                path=str(file),
                hint="Upgrade rsspot to import files of other versions",
            )
        ledger = "SELECT * FROM registration_ledger ORDER BY updated_at, registration_key"
        return LegacyState(
            path=str(file),
            registrations=tuple(_rows(connection, ledger) if columns else ()),
            preferences={
                row["key"]: row["value"]
                for row in _rows(connection, "SELECT key, value FROM preferences ORDER BY key")
            },
            commands=tuple(_commands(connection)),
            is_in_use=_has_changes_beside(file),
        )

    found = _read(file, read, None)
    if found is None:
        missing = not file.exists()
        raise StateError(
            f"There is no file {file}"
            if missing
            else f"{file} is not a state file of rsspot 0.3.0",
            path=str(file),
            hint="Give the path of its state.db, which is beside its configuration file",
        )
    return found


def _commands(connection: sqlite3.Connection) -> list[tuple[float, str]]:
    if not _columns(connection, "command_history"):
        return []
    query = "SELECT created_at, command FROM command_history ORDER BY created_at, id"
    return [(row["created_at"], row["command"]) for row in _rows(connection, query)]


def _is_of_legacy(connection: sqlite3.Connection) -> bool:
    return _columns(connection, "preferences") >= {"key", "value", "updated_at"} and (
        _columns(connection, "http_cache") >= {"key", "payload"}
        or _columns(connection, "registration_ledger") >= {"registration_key"}
    )


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row["name"] for row in _rows(connection, f"PRAGMA table_info({table})")}


def _rows(connection: sqlite3.Connection, query: str) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).fetchall()]


def _read(file: Path, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
    try:
        if not _may_be_legacy(file):
            return otherwise
        with _connected(file) as connection:
            return work(connection)
    except (sqlite3.Error, OSError) as error:
        raise StateError(
            f"The state file {file} cannot be read: {error}",
            path=str(file),
            hint="If it is damaged, `sqlite3 <file> .recover` writes what can be saved; to go on "
            "without it, run `rsspot state import-legacy --discard`",
        ) from error


def _may_be_legacy(file: Path) -> bool:
    if not file.is_file():
        return False
    try:
        return application_id(file) != APPLICATION
    except sqlite3.Error as error:
        return error.sqlite_errorcode != sqlite3.SQLITE_NOTADB


@contextmanager
def _connected(file: Path) -> Generator[sqlite3.Connection]:
    if not _has_changes_beside(file):
        # There are no changes beside it, and sqlite must not create files there.
        with closing(_connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1")) as connection:
            yield connection
        return
    with tempfile.TemporaryDirectory(prefix="rsspot-") as folder:
        copy = _copied(file, Path(folder) / "state.db")
        with closing(_connect(copy.as_uri())) as connection:
            yield connection


def _connect(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.text_factory = _text
    return connection


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _has_changes_beside(file: Path) -> bool:
    return any(_size(f"{file}{suffix}") for suffix in SIDE_FILES)


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


def _copied(file: Path, copy: Path) -> Path:
    """Copy the file and the files beside it, as they were at one moment."""
    for _ in range(TRIES):
        before = _state_of(file)
        for suffix in ("", *SIDE_FILES):
            target = Path(f"{copy}{suffix}")
            target.unlink(missing_ok=True)
            if Path(f"{file}{suffix}").exists():
                shutil.copyfile(f"{file}{suffix}", target)
        if _state_of(file) == before:
            return copy
    raise StateError(
        f"The state file {file} keeps changing while it is copied",
        path=str(file),
        hint="End the programs that use rsspot 0.3.0, and try again",
    )


def _state_of(file: Path) -> list[tuple[int, int] | None]:
    found: list[tuple[int, int] | None] = []
    for suffix in ("", *SIDE_FILES):
        try:
            status = Path(f"{file}{suffix}").stat()
        except FileNotFoundError:
            found.append(None)
        else:
            found.append((status.st_size, status.st_mtime_ns))
    return found
