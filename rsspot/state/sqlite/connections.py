"""The connections to one file: a reader and a writer, so that reads never wait for commits."""

from __future__ import annotations

import os
import sqlite3
import threading
import weakref
from contextlib import nullcontext
from typing import TYPE_CHECKING, TypeVar

from rsspot.errors import InvalidInput, StateError
from rsspot.file_locks import file_lock
from rsspot.state.sqlite.file import MEMORY, as_state_error, connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

__all__ = ["Connections"]

T = TypeVar("T")

PASSES = 8
"""How often a writer may go before those who wait at the door."""


class Connections:
    """Opened when they are needed. Safe from many threads, processes, and across `fork`.

    Whatever raises, wherever it does (Ctrl-C too), no transaction stays open and no lock is kept:
    locks and transactions are `with` blocks over objects that C code enters and leaves, so that
    no signal comes in between.
    """

    def __init__(self, path: str, timeout: float) -> None:
        self.path = path
        self.timeout = timeout
        self._closed = False
        self._reset()
        _every.add(self)

    def _reset(self) -> None:
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._passed = 0
        self._reading = threading.RLock()
        # In memory there is one connection, and so one lock.
        self._writing = self._reading if self.path == MEMORY else threading.RLock()

    def abandon(self) -> None:
        """Begin anew in a child process, where the parent's connections must not be closed."""
        _parents.extend(each for each in (self._reader, self._writer) if each is not None)
        self._reset()

    def close(self) -> None:
        """Close what is open, for good."""
        with self._writing, self._reading:
            self._closed = True
            for connection in {self._reader, self._writer} - {None}:
                if connection is not None:
                    connection.close()
            self._reader = self._writer = None

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what `work` makes of the reader; it takes whole results, never one by one."""
        with self._reading:
            try:
                return work(self._reader or self._open_reader())
            except (sqlite3.Error, OSError, UnicodeError, OverflowError) as error:
                raise self._error(error) from error

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what `work` makes of the writer, in a transaction that waited for its turn."""
        with self._writing:
            try:
                connection = self._writer or self._open_writer()
                if connection.in_transaction:
                    connection.rollback()
                with self._turn(), connection:
                    connection.execute("BEGIN IMMEDIATE")
                    return work(connection)
            except (sqlite3.Error, OSError, UnicodeError, OverflowError) as error:
                raise self._error(error) from error

    def _open_reader(self) -> sqlite3.Connection:
        self._check()
        self._reader = connect(self.path, self.timeout)
        return self._reader

    def _open_writer(self) -> sqlite3.Connection:
        self._check()
        if self.path == MEMORY:
            self._writer = self._reader or self._open_reader()
        else:
            self._writer = connect(self.path, self.timeout)
        return self._writer

    def _turn(self) -> AbstractContextManager[object]:
        # sqlite lets whoever asks at the right moment go first, and that is who wrote just now.
        # Here a writer waits at the door until the one inside is done. A few times it may go in
        # again past the door, since every change of the writer costs sqlite its page cache.
        if self.path == MEMORY:
            return nullcontext()
        turn = f"{self.path}.turn.lock"
        if self._passed < PASSES:
            self._passed += 1
            try:
                return file_lock(turn, 0)
            except StateError:
                pass
        self._passed = 0
        with file_lock(f"{self.path}.door.lock", self.timeout):
            return file_lock(turn, self.timeout)

    def _check(self) -> None:
        if self._closed:
            raise StateError("This state store is closed", path=self.path)

    def _error(self, error: Exception) -> StateError | InvalidInput:
        if isinstance(error, sqlite3.Error | OSError):
            return as_state_error(self.path, error)
        return InvalidInput(
            f"The state file {self.path} cannot hold this: {error}",
            hint="Text must be without surrogates, and numbers within 64 bits",
        )


_every: weakref.WeakSet[Connections] = weakref.WeakSet()
_parents: list[sqlite3.Connection] = []
"""Connections of a parent process: to close them here could cost it its locks."""


def _abandon_all() -> None:
    for each in list(_every):
        each.abandon()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_abandon_all)
