"""Named locks that are tried without waiting: between processes, or within one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rsspot.files.locks import file_lock, slot_of, try_file_lock
from rsspot.state.held import Held

if TYPE_CHECKING:
    from rsspot.files.locks import LockFile

__all__ = ["OPENING", "QUEUE", "WRITE", "MemoryLocks", "locked", "try_named"]

OPENING, WRITE, QUEUE = 0, 1, 2
"""The unnamed locks of a state file: to open it, to write, and to be the next writer."""


class MemoryLocks:
    """Locks among the threads and tasks of one process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: dict[str, object] = {}

    def try_lock(self, name: str) -> Held | None:
        """Acquire the lock called `name`; return None while another holder has it."""
        mark = object()

        def release() -> None:
            with self._guard:
                if self._held.get(name) is mark:
                    del self._held[name]

        with self._guard:
            if name in self._held:
                return None
            self._held[name] = mark
        return Held(release)


def locked(path: str, slot: int, timeout: float) -> LockFile:
    """Acquire one of the locks of a state file, waiting for it. Raises `StateError`.

    All locks are in one file beside it, with the same owner and mode.
    """
    return file_lock(f"{path}.lock", timeout, slot=slot, like=path)


def try_named(path: str, name: str) -> LockFile | None:
    """Acquire the lock of a state file called `name`; return None if another holder has it.

    The kernel releases it when the process ends. Raises `StateError`.
    """
    return try_file_lock(f"{path}.lock", slot=slot_of(name), like=path)
