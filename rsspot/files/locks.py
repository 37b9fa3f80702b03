"""Locks on files, between the threads of a process and between processes.

A lock is an open file: who closes it lets the lock go, and what nothing refers to is closed. So a
lock does not outlive what holds it, be that a `with` block, a variable, or a process that is
killed, wherever a signal strikes.
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
"""The first slot that stands for a name; those before it are for the owner of the file."""
FEW = 16
"""Slots for names where each needs a file of its own."""

_opening = threading.Lock()
_opened: dict[int, weakref.ref[LockFile]] = {}
"""Open lock files, by descriptor. A child process has copies of them."""
_taken: dict[tuple[str, int], weakref.ref[LockFile]] = {}
"""What is held where the platform has no such locks: it counts in this process only."""


class _Ranges:
    """Locks on single bytes of a file, as Linux has them (``F_OFD_SETLK`` in ``fcntl(2)``).

    They belong to an open file, not to a process as those of POSIX do, which a process loses as
    soon as it closes the same file anywhere. Elsewhere each slot has a file, and `flock`.
    """

    command: int | None = getattr(fcntl, "F_OFD_SETLK", None) if sys.platform != "win32" else None


class LockFile(FileIO):
    """A lock that is held until this is closed, or nothing refers to it any longer.

    C code closes it, in one step: a method in Python could be interrupted before it has begun.
    """

    held: tuple[str, int] | None = None
    if TYPE_CHECKING:

        def release(self) -> None:
            """Let the lock go. A second call does nothing, nor does one in a child process."""
    else:
        release = FileIO.close


class _Copied(LockFile):
    """A lock that was held while the process forked.

    A child closes its copy, but for a moment it has one, and then to close this one does not do.
    """

    def close(self) -> None:
        try:
            if self.held is not None and not self.closed:
                _let_go(self, self.held)
        finally:
            super().close()

    if not TYPE_CHECKING:
        release = close


def slot_of(name: str) -> int:
    """Return the slot of a lock file that stands for a name."""
    return NAMED + int.from_bytes(sha256(name.encode()).digest()[:6], "big")


def file_lock(path: str, timeout: float, *, slot: int = 0, like: str | None = None) -> LockFile:
    """Take a lock, and wait for it; leaving the result as a `with` block lets it go.

    timeout: how many seconds to wait at most.
    path, slot, like: see `try_file_lock`.

    Raises `StateError` when another holds it for longer than that.
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
    """Take a lock without waiting; None while another thread or process holds it.

    path: the lock file. A missing one is made, for its owner only.
    slot: which of the many locks of that file.
    like: a file whose owner and mode a new lock file gets, so that who may use the one may use
    the other, whoever came first.

    The lock is held until the result is closed. The kernel lets it go when the process ends; a
    child process does not hold it. Raises `StateError` where the file cannot be opened.
    """
    path = _file_of(path, slot)
    while True:
        try:
            file = _open(path, like)
        except OSError as error:
            raise StateError(
                f"The lock file {path} cannot be opened ({error.strerror})",
                path=path,
                hint="Check its permissions and those of its folder; a lock file that another "
                "user has left behind may be deleted while no process uses it",
            ) from error
        try:
            if not _take(file, path, slot):
                file.close()
                return None
            if _is_at(path, file):
                return file
        except BaseException:
            file.close()
            raise
        file.close()  # somebody has deleted it meanwhile, and others lock another one


def _file_of(path: str, slot: int) -> str:
    if _Ranges.command is not None or slot == 0 or sys.platform == "win32":
        return path
    return f"{path}-{slot if slot < NAMED else NAMED + slot % FEW}"


def _open(path: str, like: str | None) -> LockFile:
    def make(path: str, flags: int) -> int:
        return os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)

    with _opening:  # so that a fork finds each in `_opened`
        try:
            file = LockFile(path, "r+")
        except FileNotFoundError:
            try:
                file = LockFile(path, "r+", opener=make)
            except FileExistsError:
                file = LockFile(path, "r+")
            else:
                if like is not None:
                    _make_alike(file, like)
        _opened[file.fileno()] = weakref.ref(file)
    return file


def _make_alike(file: LockFile, like: str) -> None:
    if sys.platform == "win32":
        return
    with suppress(OSError):
        model = os.stat(like)  # noqa: PTH116 - of a path that is text
        os.fchmod(file.fileno(), stat.S_IMODE(model.st_mode) & 0o666)
        if model.st_uid != os.geteuid():
            os.fchown(file.fileno(), model.st_uid, model.st_gid)


def _take(file: LockFile, path: str, slot: int) -> bool:
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


def _let_go(file: LockFile, held: tuple[str, int]) -> None:
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
                FileIO.close(file)  # it is not the child's to let go
        _opened.clear()


def _every() -> list[LockFile]:
    return [file for each in _opened.values() if (file := each()) is not None]


_forks = _Forks()
hold_last_at_fork(_opening)
reset_in_child(_forks)
