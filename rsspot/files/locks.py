"""Locks on files, between the threads of a process and between processes.

A lock is an open file: closing it releases the lock, and a file without references is closed. So a
lock does not outlive its holder, be that a `with` block, a variable, or a process that is killed,
whenever a signal arrives.
"""

from __future__ import annotations

import os
import stat
import struct
import sys
import threading
import time
import weakref
from contextlib import suppress
from hashlib import sha256
from io import FileIO
from typing import TYPE_CHECKING

from rsspot.errors import StateError
from rsspot.flow.forks import hold_last_at_fork, reset_in_child

if sys.platform != "win32":
    import fcntl

__all__ = ["file_lock", "slot_of", "try_file_lock"]

FIRST, LONGEST = 0.0001, 0.001
"""Seconds between two tries."""
NAMED = 16
"""The first slot that represents a name; those before it are for the owner of the file."""
FEW = 16
"""Number of slots for names where each slot needs its own file."""

_opening = threading.Lock()
_opened: dict[int, weakref.ref[LockFile]] = {}
"""Open lock files, by descriptor. A child process has copies of them."""
_taken: dict[tuple[str, int], weakref.ref[LockFile]] = {}
"""Locks held on platforms without file locks: they are valid in this process only."""


class _Ranges:
    """Locks on single bytes of a file, as Linux has them (``F_OFD_SETLK`` in ``fcntl(2)``).

    They belong to an open file. POSIX locks belong to a process, which loses them as soon as it
    closes the same file anywhere. On other systems each slot has its own file, locked by `flock`.
    """

    command: int | None = getattr(fcntl, "F_OFD_SETLK", None) if sys.platform != "win32" else None


class LockFile(FileIO):
    """A lock that is held until this file is closed or has no more references.

    C code closes it, in one step: a Python method could be interrupted before it starts.
    """

    held: tuple[str, int] | None = None
    if TYPE_CHECKING:

        def release(self) -> None:
            """Release the lock. A second call does nothing, nor does one in a child process."""
    else:
        release = FileIO.close


class _Copied(LockFile):
    """A lock that was held while the process forked.

    A child process closes its copy. Until then, closing this one does not release the lock.
    """

    def close(self) -> None:
        try:
            if self.held is not None and not self.closed:
                _unlock(self, self.held)
        finally:
            super().close()

    if not TYPE_CHECKING:
        release = close


def slot_of(name: str) -> int:
    """Return the slot of a lock file that represents a name."""
    return NAMED + int.from_bytes(sha256(name.encode()).digest()[:6], "big")


def file_lock(path: str, timeout: float, *, slot: int = 0, like: str | None = None) -> LockFile:
    """Wait for a lock and acquire it; leaving the result as a `with` block releases it.

    timeout: maximum seconds to wait.
    path, slot, like: see `try_file_lock`.

    Raises `StateError` if another process or thread holds it for longer.
    """
    ends = time.monotonic() + timeout
    pause = FIRST
    while True:
        held = try_file_lock(path, slot=slot, like=like)
        if held is not None:
            return held
        if time.monotonic() >= ends:
            raise StateError(
                f"Another process has held {path} for more than {timeout:g} s",
                path=path,
                hint="Try again, or end that process",
            )
        time.sleep(pause)
        pause = min(2 * pause, LONGEST)


def try_file_lock(path: str, *, slot: int = 0, like: str | None = None) -> LockFile | None:
    """Acquire a lock without waiting; None while another thread or process holds it.

    path: the lock file. If it is missing, it is created for its owner only.
    slot: which of the many locks of that file.
    like: a file whose owner and mode a new lock file gets, so that everybody who may use that file
    may use the lock.

    The lock is held until the result is closed. The kernel releases it when the process ends; a
    child process does not hold it. Raises `StateError` if the file cannot be opened.
    """
    path = _file_of(path, slot)
    while True:
        try:
            file = _open(path, like)
        except OSError as error:
            raise StateError(
                f"The lock file {path} cannot be opened ({error.strerror})",
                path=path,
                hint="Check its permissions and those of its folder; delete a lock file that "
                "another user left behind, while no process uses it",
            ) from error
        try:
            if not _try_lock(file, path, slot):
                file.close()
                return None
            if _is_at(path, file):
                return file
        except BaseException:
            file.close()
            raise
        file.close()  # it was deleted meanwhile, and others lock a new file


def _file_of(path: str, slot: int) -> str:
    if _Ranges.command is not None or slot == 0 or sys.platform == "win32":
        return path
    return f"{path}-{slot if slot < NAMED else NAMED + slot % FEW}"


def _open(path: str, like: str | None) -> LockFile:
    def make(path: str, flags: int) -> int:
        return os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)

    # It has a name before it opens the file, so that a signal in between does not leave it open.
    file = LockFile.__new__(LockFile)
    try:
        with _opening:  # so that a fork finds every file in `_opened`
            try:
                LockFile.__init__(file, path, "r+")
            except FileNotFoundError:
                try:
                    LockFile.__init__(file, path, "r+", opener=make)
                except FileExistsError:
                    LockFile.__init__(file, path, "r+")
                else:
                    if like is not None:
                        _copy_owner(file, like)
            _opened[file.fileno()] = weakref.ref(file)
    except BaseException:
        file.close()
        raise
    return file


def _copy_owner(file: LockFile, like: str) -> None:
    if sys.platform == "win32":
        return
    with suppress(OSError):
        model = os.stat(like)  # noqa: PTH116 - of a path that is text
        os.fchmod(file.fileno(), stat.S_IMODE(model.st_mode) & 0o666)
        if model.st_uid != os.geteuid():
            os.fchown(file.fileno(), model.st_uid, model.st_gid)


def _try_lock(file: LockFile, path: str, slot: int) -> bool:
    if sys.platform == "win32":
        with _opening:
            holder = _taken.get((path, slot))
            other = None if holder is None else holder()
            if other is not None and not other.closed:
                return False
            _taken[path, slot] = weakref.ref(file)
    else:
        try:
            if _Ranges.command is None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            else:
                fcntl.fcntl(file, _Ranges.command, _byte(fcntl.F_WRLCK, slot))
        except (BlockingIOError, PermissionError):  # POSIX leaves the choice
            return False
    file.held = path, slot
    return True


def _unlock(file: LockFile, held: tuple[str, int]) -> None:
    if sys.platform == "win32":
        return
    if _Ranges.command is None:
        fcntl.flock(file, fcntl.LOCK_UN)
    else:
        fcntl.fcntl(file, _Ranges.command, _byte(fcntl.F_UNLCK, held[1]))


def _byte(kind: int, slot: int) -> bytes:
    return struct.pack("hhqqi4x", kind, os.SEEK_SET, slot, 1, 0)


def _is_at(path: str, file: LockFile) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(file.fileno()))  # noqa: PTH116 - of a path that is text
    except FileNotFoundError:
        return False


class _Forks:
    def after_fork_in_parent(self) -> None:
        for file in _every():
            if not file.closed and type(file) is LockFile:
                file.__class__ = _Copied

    def after_fork(self) -> None:
        for file in _every():
            with suppress(OSError):
                FileIO.close(file)  # the parent still holds the lock
        _opened.clear()


def _every() -> list[LockFile]:
    return [file for each in _opened.values() if (file := each()) is not None]


_forks = _Forks()
hold_last_at_fork(_opening)
reset_in_child(_forks)
