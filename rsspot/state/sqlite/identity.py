"""Check whether the file at a path is still the one that was opened."""

from __future__ import annotations

import os
from time import monotonic

from rsspot.errors import StateError
from rsspot.state.sqlite.file import MEMORY

__all__ = ["Files"]

LOGS = ("-wal", "-shm")
SOON = 0.1
"""Seconds."""


class Files:
    """The state file and the two that sqlite keeps beside it.

    A process that writes to a deleted file loses its data, and one that creates a new file
    registers everything again. So neither happens: every access fails until the process, or the
    store, is started again.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self._file: tuple[int, int] | None = None
        self._logs: tuple[tuple[int, int] | None, ...] | None = None
        self._checked = -SOON

    def remember(self) -> None:
        """Record the current file as the one that was opened, unless one is recorded."""
        if self._path == MEMORY:
            return
        if self._file is None:
            self._file = _identity(self._path)
        self.check()

    def forget_logs(self) -> None:
        """Expect new log files beside it, which the next connection creates."""
        self._logs = None

    def check(self) -> None:
        """Raise `StateError` if the file is not the one that was opened."""
        if self._file is not None:
            found = _identity(self._path)
            if found != self._file:
                raise self._gone(self._path, found)

    def check_now_and_then(self) -> None:
        """Do the same at most every `SOON` seconds, for frequent reads.

        Their data was valid when it was written, and writers check each time.
        """
        now = monotonic()
        if now - self._checked >= SOON:
            self.check()
            self._checked = now

    def check_all(self) -> None:
        """Check the files beside it too, in a transaction that has started to write."""
        self.check()
        if self._file is not None:
            found = tuple(_identity(self._path + suffix) for suffix in LOGS)
            if self._logs is None:
                self._logs = found
            for suffix, old, new in zip(LOGS, self._logs, found, strict=True):
                if old != new:
                    raise self._gone(self._path + suffix, new)

    def _gone(self, path: str, found: object) -> StateError:
        self._checked = -SOON  # and each time from now on
        what = "deleted" if found is None else "replaced"
        return StateError(
            f"The state file {path} was {what} while it was in use; nothing was written",
            path=self._path,
            hint="Restore it, or restart this program, which then uses the new file",
        )


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - of a path that is text, in each transaction
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
