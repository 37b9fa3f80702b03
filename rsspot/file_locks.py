"""Locks on files, between the threads of a process and between processes."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from rsspot.errors import StateError

if TYPE_CHECKING:
    from collections.abc import Generator

if sys.platform != "win32":
    import fcntl

__all__ = ["file_lock"]

FIRST, LONGEST = 0.0001, 0.001
"""Seconds between two tries."""

_threads: dict[str, threading.Lock] = {}
_guard = threading.Lock()
_opened: set[int] = set()
"""Descriptors of lock files. A child process has copies of them, which would hold the locks."""


@contextmanager
def file_lock(path: str, timeout: float) -> Generator[None]:
    """Hold the lock on the file at `path`, which is made when it is missing, with mode 0600.

    The kernel lets it go when the process that holds it ends.
    Raises `StateError` when another holds it for longer than `timeout` seconds.
    """
    with _guard:
        mine = _threads.setdefault(path, threading.Lock())
    ends = time.monotonic() + timeout
    if not mine.acquire(timeout=timeout):
        raise _busy(path, timeout)
    try:
        descriptor = _open(path)
        try:
            pause = FIRST
            while not _try(descriptor):
                if time.monotonic() > ends:
                    raise _busy(path, timeout)
                time.sleep(pause)
                pause = min(2 * pause, LONGEST)
            yield
        finally:
            _close(descriptor)
    finally:
        mine.release()


def _open(path: str) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StateError(
            f"The lock file {path} cannot be opened ({error.strerror})",
            path=path,
            hint="Check the permissions of its folder, or choose another state path",
        ) from error
    _opened.add(descriptor)
    return descriptor


def _close(descriptor: int) -> None:
    if descriptor not in _opened:
        return  # a child leaves what its parent holds
    _opened.discard(descriptor)
    if sys.platform != "win32":
        # To close it does not do while another process has a copy.
        fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)


def _try(descriptor: int) -> bool:
    if sys.platform == "win32":
        return True  # there is no flock: only the threads of one process are kept apart
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _busy(path: str, timeout: float) -> StateError:
    return StateError(
        f"Another process has held {path} for more than {timeout:g} s",
        path=path,
        hint="Try again, or end that process",
    )


def _forget() -> None:
    # The threads that held them are not in the child.
    global _guard  # noqa: PLW0603
    _guard = threading.Lock()
    _threads.clear()
    while _opened:
        with suppress(OSError):
            os.close(_opened.pop())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
