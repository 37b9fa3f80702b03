"""The connections to one file: a reader and a writer, so that reads never wait for commits."""

from __future__ import annotations

import os
import threading
import weakref
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from rsspot.errors import StateError
from rsspot.file_locks import file_lock
from rsspot.state.sqlite.file import MEMORY, connect, translated

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Generator

__all__ = ["Connections"]

PASSES = 8
"""How often a writer may go before those who wait at the door."""


class Connections:
    """Opened when they are needed. Safe from many threads, processes, and across `fork`."""

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

    @contextmanager
    def reading(self) -> Generator[sqlite3.Connection]:
        """The reader, for one query."""
        with self._reading:
            self._check()
            if self._reader is None:
                self._reader = connect(self.path, self.timeout)
            with translated(self.path):
                yield self._reader

    @contextmanager
    def writing(self) -> Generator[sqlite3.Connection]:
        """The writer in a transaction, which waited its turn among processes."""
        with self._writing, ExitStack() as stack:
            self._check()
            connection = self._writer
            if connection is None:
                connection = self._writer = self._connect()
            if self.path != MEMORY:
                self._queue(stack)
            with translated(self.path):
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                    connection.execute("COMMIT")
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise

    def _connect(self) -> sqlite3.Connection:
        if self.path != MEMORY:
            return connect(self.path, self.timeout)
        if self._reader is None:
            self._reader = connect(self.path, self.timeout)
        return self._reader

    def _queue(self, stack: ExitStack) -> None:
        # sqlite lets whoever asks at the right moment go first, and that is who wrote just now.
        # Here a writer waits at the door until the one inside is done. A few times it may go in
        # again past the door, since every change of the writer costs sqlite its page cache.
        turn = f"{self.path}.turn.lock"
        if self._passed < PASSES:
            self._passed += 1
            with suppress(StateError):
                stack.enter_context(file_lock(turn, 0))
                return
        self._passed = 0
        with file_lock(f"{self.path}.door.lock", self.timeout):
            stack.enter_context(file_lock(turn, self.timeout))

    def _check(self) -> None:
        if self._closed:
            raise StateError("This state store is closed", path=self.path)


_every: weakref.WeakSet[Connections] = weakref.WeakSet()
_parents: list[sqlite3.Connection] = []
"""Connections of a parent process: to close them here could cost it its locks."""


def _abandon_all() -> None:
    for each in list(_every):
        each.abandon()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_abandon_all)
