"""Named locks that are tried, never waited for: between processes, or inside one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rsspot.files.locks import file_lock, slot_of, try_file_lock
from rsspot.state.held import Held

if TYPE_CHECKING:
    from rsspot.files.locks import LockFile

__all__ = ["DOOR", "OPENING", "TURN", "MemoryLocks", "locked", "try_named"]

OPENING, TURN, DOOR = 0, 1, 2
"""The locks of a state file that have no names: to open it, to write, and to be the next."""


class MemoryLocks:
    """Locks among the threads and tasks of one process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held: dict[str, object] = {}

    def try_lock(self, name: str) -> Held | None:
        """Take the lock called `name`; None while another holds it."""
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
    """Take one of the locks of a state file, and wait for it. Raises `StateError`.

    All of them are in one file beside it, which has its owner and its mode.
    """
    return file_lock(f"{path}.lock", timeout, slot=slot, like=path)


def try_named(path: str, name: str) -> LockFile | None:
    """Take the lock of a state file that is called `name`; None if another holds it.

    The kernel releases it when the process ends. Raises `StateError`.
    """
    return try_file_lock(f"{path}.lock", slot=slot_of(name), like=path)
