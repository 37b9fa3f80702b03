"""The connections to one file: a reader and a writer, so that reads never wait for commits."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.errors import InvalidInput, StateClosed, StateError
from rsspot.flow.forks import hold_at_fork, hold_last_at_fork, reset_in_child
from rsspot.flow.patience import patience
from rsspot.state.sqlite.file import MEMORY, as_state_error, connect
from rsspot.state.sqlite.identity import Files
from rsspot.state.sqlite.locks import QUEUE, WRITE, locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from contextlib import AbstractContextManager

    from rsspot.flow.forks import Lockable

__all__ = ["Connections"]

T = TypeVar("T")

WRONG_TYPE = frozenset(
    {"SQLITE_CONSTRAINT_CHECK", "SQLITE_CONSTRAINT_DATATYPE", "SQLITE_CONSTRAINT_NOTNULL"}
)
"""Errors of sqlite for a value that a column cannot hold."""
_FAILURES = (sqlite3.Error, OSError, UnicodeError, OverflowError)
PASSES = 8
"""How many times a writer may go before those that wait in the queue."""


class Connections:
    """Connections that are opened on first use. Safe for threads, processes, and `fork`.

    No exception at any moment (Ctrl-C included) leaves a transaction open or a lock held:
    locks and transactions are `with` blocks over objects that C code enters and leaves, so that
    no signal can come in between.
    """

    _reader: sqlite3.Connection | None = None
    _writer: sqlite3.Connection | None = None
    _cursor: sqlite3.Cursor | None = None
    """A cursor of the reader, for `fetch`."""

    def __init__(self, path: str, timeout: float, *, allow_foreign_owner: bool = False) -> None:
        self.path = path
        self.timeout = timeout
        self._allow_foreign_owner = allow_foreign_owner
        self._closed = False
        self._files = Files(path)
        self._begin()
        hold_at_fork(self)
        reset_in_child(self)

    def _begin(self) -> None:
        self._reader = self._writer = self._cursor = None
        self._passed = 0
        self._wait = self.timeout
        self._reading = threading.RLock()
        # In memory there is one connection, and so one lock.
        self._writing = self._reading if self.path == MEMORY else threading.RLock()

    def locks_at_fork(self) -> tuple[Lockable, ...]:
        """Return the locks under which connections are opened, used and closed."""
        return self._writing, self._reading

    def after_fork(self) -> None:
        """Start over in a child process, where the parent's connections must not be closed."""
        _parents.extend(each for each in (self._reader, self._writer) if each is not None)
        self._files.forget_logs()
        self._begin()

    def close(self) -> None:
        """Close all connections permanently."""
        with self._writing, self._reading:
            self._closed = True
            self._cursor = None
            for connection in {self._reader, self._writer} - {None}:
                if connection is not None:
                    connection.close()
            self._reader = self._writer = None

    def __del__(self) -> None:
        with _dropping:
            for connection in (self._reader, self._writer):
                if connection is not None:
                    connection.close()

    def read(self, work: Callable[[sqlite3.Connection], T], *, is_hot: bool = False) -> T:
        """Return the result of `work` with the reader; `work` must fetch all rows at once.

        is_hot: whether reads are so frequent that the file is only checked now and then.
        """
        with self._reading:
            try:
                connection = self._reader or self._open_reader()
                if is_hot:
                    self._files.check_now_and_then()
                else:
                    self._files.check()
                return _readable(connection, work)
            except _FAILURES as error:
                raise self._error(error) from error
            except BaseException as error:
                self._abandon_reader(error)
                raise

    def _abandon_reader(self, error: BaseException) -> None:
        """Close the reader after an interruption.

        A traceback may keep a statement that is not finished, and as long as it does, all that the
        reader reads is of one snapshot.
        """
        if not isinstance(error, Exception) and self.path != MEMORY:
            reader, self._reader, self._cursor = self._reader, None, None
            if reader is not None:
                reader.close()

    def read_pages(
        self, pages: Callable[[sqlite3.Connection], Iterable[list[T]]]
    ) -> Iterator[list[T]]:
        """Yield pages that are all of one snapshot, however slowly they are taken.

        pages: reads them. It gets a connection of its own, or in memory, where there is only one,
        reads all of them at once.
        """
        if self.path == MEMORY:
            yield from self.read(lambda connection: [*pages(connection)])
            return
        try:
            with self._reading:
                connection = self._connect()
            with closing(connection):
                connection.text_factory = _as_it_is  # a snapshot cannot be read a second time
                connection.execute("BEGIN")
                yield from pages(connection)
        except (sqlite3.Error, OSError) as error:
            raise self._error(error) from error

    def fetch(self, query: str, values: tuple[str, ...] = ()) -> tuple[Any, ...]:
        """Return the first row of `query`, which has one, as a tuple.

        This is the shortest way, for reads so frequent that the file is only checked now and then.
        """
        with self._reading:
            cursor = self._cursor
            if cursor is not None:
                try:
                    self._files.check_now_and_then()
                    row: tuple[Any, ...] = cursor.execute(query, values).fetchone()
                except _FAILURES:
                    self._cursor = None  # `read` tries again, and reports what is wrong
                except BaseException as error:
                    self._abandon_reader(error)
                    raise
                else:
                    return row
            return self.read(lambda reader: self._fetch_first(reader, query, values), is_hot=True)

    def _fetch_first(
        self, reader: sqlite3.Connection, query: str, values: tuple[str, ...]
    ) -> tuple[Any, ...]:
        """Fetch the first row with a cursor that is kept: a new one for each call takes longer."""
        cursor = reader.cursor()
        cursor.row_factory = None
        row: tuple[Any, ...] = cursor.execute(query, values).fetchone()
        self._cursor = cursor
        return row

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return the result of `work` with the writer, in a transaction that may have to wait."""
        with self._writing:
            try:
                connection = self._writer or self._open_writer()
                self._files.check()
                if connection.in_transaction:
                    connection.rollback()
                return _readable(connection, lambda it: self._transaction(it, work))
            except _FAILURES as error:
                raise self._error(error) from error

    def _transaction(
        self, connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]
    ) -> T:
        try:
            wait = patience(self.timeout)
            if wait != self._wait:
                _set_wait(connection, wait)
                self._wait = wait
            with self._write_queue(wait), connection:  # which commits, or rolls back, in one step
                connection.execute("BEGIN IMMEDIATE")
                result = work(connection)
                # As late as possible: data that is committed to a deleted file is lost.
                self._files.check_all()
                return result
        except BaseException:
            if connection.in_transaction:
                connection.rollback()
            raise

    def _open_reader(self) -> sqlite3.Connection:
        self._reader = self._connect()
        return self._reader

    def _open_writer(self) -> sqlite3.Connection:
        if self.path == MEMORY:
            self._writer = self._reader or self._open_reader()
        else:
            self._writer = self._connect()
        return self._writer

    def _connect(self) -> sqlite3.Connection:
        if self._closed:
            raise StateClosed("This state store is closed", path=self.path)
        self._files.check()  # a deleted file is not replaced by a new one
        wait = patience(self.timeout)
        connection = connect(self.path, wait, allow_foreign_owner=self._allow_foreign_owner)
        try:
            if wait != self.timeout:
                _set_wait(connection, self.timeout)
            self._files.remember()
        except BaseException:
            connection.close()
            raise
        return connection

    def _write_queue(self, wait: float) -> AbstractContextManager[object]:
        # sqlite is not fair: whoever retries at the right moment wins, usually the last writer.
        # Here writers of all processes wait in a queue of two locks. A few times the last writer
        # may go first again, since every change of the writer costs sqlite its page cache.
        if self.path == MEMORY:
            return nullcontext()
        if self._passed < PASSES:
            self._passed += 1
            try:
                return locked(self.path, WRITE, 0)
            except StateError:
                pass
        self._passed = 0
        with locked(self.path, QUEUE, wait):
            return locked(self.path, WRITE, wait)

    def _error(self, error: Exception) -> StateError | InvalidInput:
        if isinstance(error, sqlite3.Error | OSError) and not _is_of_wrong_type(error):
            return as_state_error(self.path, error)
        if isinstance(error, UnicodeError):
            what = "a text with an unpaired surrogate"
        else:
            what = "a number" if isinstance(error, OverflowError) else "a value of another type"
        return InvalidInput(
            f"The state file {self.path} cannot store this: {what}",
            hint="Text must not contain surrogates, and numbers must fit in 64 bits",
        )


def _is_of_wrong_type(error: Exception) -> bool:
    """Return whether sqlite refused a value because of its type, or because there is none."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return "binding parameter" in str(error) or name in WRONG_TYPE


def _readable(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    """Return the result of `work`, even if a row has text that is not UTF-8."""
    try:
        return work(connection)
    except sqlite3.OperationalError as error:
        # One damaged row must not hide all others; its reader detects what is wrong with it.
        if "decode to UTF-8" not in str(error) or connection.text_factory is _as_it_is:
            raise
    connection.text_factory = _as_it_is
    return work(connection)


def _set_wait(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")


def _as_it_is(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


_parents: list[sqlite3.Connection] = []
"""Connections of a parent process: closing them here could release its locks."""
_dropping = threading.RLock()
hold_last_at_fork(_dropping)
