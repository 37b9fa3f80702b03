"""Create the file for its owner only, open and migrate it, or move a corrupt one aside."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

from rsspot._version import __version__
from rsspot.errors import StateError
from rsspot.files.folders import STATE_FILE
from rsspot.files.ownership import check_owner, make_folder
from rsspot.state.sqlite.locks import OPENING, locked
from rsspot.state.sqlite.schema import APPLICATION, CURRENT, MIGRATIONS

__all__ = ["MEMORY", "as_state_error", "connect"]

MEMORY = ":memory:"
PAUSE = 0.002
"""Seconds between two attempts to turn on the write-ahead log."""
LEGACY_TABLES = {"preferences", "http_cache", "command_history", "registration_ledger"}
"""The tables of rsspot 0.3.0."""
CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_warned: set[str] = set()


def connect(path: str, timeout: float, *, allow_foreign_owner: bool = False) -> sqlite3.Connection:
    """Return an open connection to the current schema. Raises `StateError`."""
    if path == MEMORY:
        connection = _open(path, timeout)
        try:
            _migrate(connection, path)
        except BaseException:
            connection.close()
            raise
        return connection
    check_owner(path, "The state file", StateError, allow_foreign_owner=allow_foreign_owner)
    try:
        return _connect(path, timeout)
    except (sqlite3.Error, OSError) as error:
        raise as_state_error(path, error) from error


def _connect(path: str, timeout: float) -> sqlite3.Connection:
    _refuse_untouched(path, timeout)
    _prepare(path)
    try:
        connection, version = _open_file(path, timeout)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in CORRUPT:
            raise
        with locked(path, OPENING, timeout):
            _move_aside(path, timeout)
        _prepare(path)
        connection, version = _open(path, timeout), 0
    try:
        if version == CURRENT:
            _refuse_foreign(connection, path)
            return connection
        with locked(path, OPENING, timeout):
            _refuse_foreign(connection, path)
            _turn_on_log(connection, timeout)
            _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def as_state_error(path: str, error: sqlite3.Error | OSError) -> StateError:
    """Return an error of sqlite or of the file system as `StateError`, with the fix."""
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", "") or ""
        hint = next((fix for known, fix in HINTS.items() if name.startswith(known)), OTHERWISE)
        return StateError(f"The state file {path} cannot be used: {error}", path=path, hint=hint)
    return StateError(
        f"The state file {path} cannot be used: {error.strerror or error}",
        path=path,
        hint="Check its permissions and those of its folder, or choose another state path",
    )


HINTS = {
    "SQLITE_BUSY": "Another process has locked it: try again, or end that process",
    "SQLITE_LOCKED": "Another process has locked it: try again, or end that process",
    "SQLITE_FULL": "The disk is full: free some space",
    "SQLITE_READONLY": "It is read-only: make it writable, or choose another state path",
    "SQLITE_CANTOPEN": "Check that it is a file that you may read and write",
    "SQLITE_IOERR": "The disk failed or is full: check it",
    "SQLITE_CORRUPT": "It is damaged. Move it away, and a new one is created; "
    "`sqlite3 <file> .recover` reads what can be saved",
    "SQLITE_NOTADB": "It is not a state file: choose another state path",
}
OTHERWISE = "Choose another state path; the data in this one is kept"


def _prepare(path: str) -> None:
    file = Path(path)
    if file.is_dir():
        inside = file / STATE_FILE
        known = f"the file in it: {inside}" if inside.is_file() else "a file"
        hint = f"Give the path of {known}"
        raise StateError(f"The state path {path} is a directory", path=path, hint=hint)
    make_folder(file.parent)
    try:
        # The log files of sqlite get the mode of this file.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        _check_mode(path)


def _check_mode(path: str) -> None:
    mode = stat.S_IMODE(Path(path).stat().st_mode)
    if os.name == "posix" and mode & 0o077 and path not in _warned:
        _warned.add(path)
        warnings.warn(
            f"Other users can read the state file {path} (mode {mode:04o}), which holds tokens; "
            f"fix it with: chmod 600 {path}",
            RuntimeWarning,
            stacklevel=2,
        )


def _open(path: str, timeout: float) -> sqlite3.Connection:
    connection = _connected(path, timeout=timeout, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _connected(path: str, **options: Any) -> sqlite3.Connection:
    # It has a name before it opens the file, so that a signal in between does not leave it open.
    connection = sqlite3.Connection.__new__(sqlite3.Connection)
    try:
        sqlite3.Connection.__init__(connection, path, isolation_level=None, **options)
    except BaseException:
        with suppress(sqlite3.ProgrammingError):
            connection.close()
        raise
    return connection


def _open_file(path: str, timeout: float) -> tuple[sqlite3.Connection, int]:
    connection = _open(path, timeout)
    try:
        return connection, _version(connection)
    except BaseException:
        connection.close()
        raise


def _turn_on_log(connection: sqlite3.Connection, timeout: float) -> None:
    # This needs exclusive access for a moment, and fails instead of waiting for it.
    ends = time.monotonic() + timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= ends:
                raise
            time.sleep(PAUSE)
        else:
            return


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    # An empty file also has version 0.
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return version


def application_id(path: str | os.PathLike[str]) -> int:
    """Return the application id of a database, without creating files beside it.

    Only sqlite may open a database: closing it in another way releases the locks of all connections
    of this process, and another process could then delete the log that they write to
    (https://www.sqlite.org/howtocorrupt.html, 2.2). Raises `sqlite3.Error`.
    """
    uri = f"{Path(path).absolute().as_uri()}?mode=ro"
    if not all(Path(f"{path}{suffix}").exists() for suffix in ("-wal", "-shm")):
        uri += "&immutable=1"  # nobody uses it, so the file has all data
    connection = _connected(uri, uri=True)
    try:
        found: int = connection.execute("PRAGMA application_id").fetchone()[0]
    finally:
        connection.close()
    return found


def _refuse_untouched(path: str, timeout: float) -> None:
    """Refuse a database of another program, before opening it could change it."""
    try:
        if application_id(path) == APPLICATION:
            return
        uri = f"{Path(path).absolute().as_uri()}?mode=ro"
        connection = _connected(uri, uri=True, timeout=timeout)
        try:
            connection.execute("BEGIN")  # another process may be creating the tables
            _refuse_foreign(connection, path)
        finally:
            connection.close()
    except (OSError, sqlite3.Error):
        return  # the next process that opens it reports the reason


def _refuse_foreign(connection: sqlite3.Connection, path: str) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION:
        return
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master").fetchall()}
    if not tables:
        return
    if tables >= LEGACY_TABLES:
        raise StateError(
            f"The state path {path} is a state file of rsspot 0.3.0",
            path=path,
            hint="Import it with `rsspot state import-legacy`, which says what to change, or "
            "choose another state path",
        )
    raise StateError(
        f"The state path {path} is a database of another program",
        path=path,
        hint="Choose another state path",
    )


def _migrate(connection: sqlite3.Connection, path: str) -> None:
    version = _version(connection)
    if version > CURRENT:
        written = connection.execute("SELECT value FROM meta WHERE name = 'written_by'").fetchone()
        raise StateError(
            f"The state file {path} was written by rsspot {written[0] if written else '?'}, "
            f"which is newer than this one ({__version__})",
            path=path,
            hint="Upgrade rsspot, or choose another state path",
        )
    for number in range(version, CURRENT):
        connection.executescript(
            f"BEGIN IMMEDIATE; {MIGRATIONS[number]}; PRAGMA user_version = {number + 1}; COMMIT"
        )
    connection.execute(
        "INSERT OR REPLACE INTO meta (name, value) VALUES ('written_by', ?)", (__version__,)
    )


def _move_aside(path: str, timeout: float) -> None:
    # The previous holder of the lock may have done it already.
    with suppress(sqlite3.DatabaseError):
        connection, _ = _open_file(path, timeout)
        connection.close()
        return
    aside = f"{path}.corrupt-{time.strftime('%Y%m%dT%H%M%S')}"
    while Path(aside).exists():
        aside += "-"
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(path + suffix).rename(aside + suffix)
    warnings.warn(
        f"The state file {path} is corrupt. It was moved to {aside}, and a new one is created",
        RuntimeWarning,
        stacklevel=2,
    )
