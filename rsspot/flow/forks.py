"""Keep held locks and open connections out of child processes.

The whole package has one hook, so that there is one order. A fork copies only the thread that
forks: what another thread is doing stays half done in the child. So a fork waits until no thread
is in the middle of anything that the child needs.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from typing import TYPE_CHECKING, Protocol

from rsspot.flow.imports import imported_elsewhere, wait_for_imports

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Lockable", "hold_at_fork", "hold_last_at_fork", "reset_in_child"]

MAX_WAIT = 15.0
"""Maximum seconds that a fork waits; longer than a lock is held while a file is busy."""


class Lockable(Protocol):
    """A lock of `threading`."""

    def acquire(self, blocking: bool = ..., timeout: float = ...) -> bool: ...  # noqa: FBT001 - as it is there

    def release(self) -> None: ...


class _Resets(Protocol):
    def after_fork(self) -> None: ...


class _LockHolder(Protocol):
    def locks_at_fork(self) -> Sequence[Lockable]: ...


_registering = threading.Lock()
_resets: weakref.WeakSet[_Resets] = weakref.WeakSet()
_holders: weakref.WeakSet[_LockHolder] = weakref.WeakSet()
_last: list[Lockable] = []
_held: list[Lockable] = []


def reset_in_child(owner: _Resets) -> None:
    """Call `owner.after_fork()` in each child process, before anything else happens there.

    If `owner.after_fork_in_parent()` exists, call it in the parent, before other threads continue.
    """
    with _registering:
        _resets.add(owner)


def hold_at_fork(owner: _LockHolder) -> None:
    """Hold locks during each fork, so that no other thread is inside what they guard.

    owner: has `locks_at_fork()`, which returns its locks at that time.
    """
    with _registering:
        _holders.add(owner)


def hold_last_at_fork(lock: Lockable) -> None:
    """Also hold a lock that exists as long as the process: after all others, in this order."""
    with _registering:
        _last.append(lock)


def _before() -> None:
    ends = time.monotonic() + MAX_WAIT
    while True:
        wait_for_imports(ends)  # first: a module may need one of the locks while it is imported
        _acquire_until(_registering, ends)
        for holder in list(_holders):
            for lock in holder.locks_at_fork():
                _acquire_until(lock, ends)
        for lock in _last:
            _acquire_until(lock, ends)
        if not imported_elsewhere():
            return
        _release()


def _acquire_until(lock: Lockable, ends: float) -> None:
    # A child that may hang is better than a parent that does: whoever has held a lock for this
    # long may be waiting for the thread that forks.
    if lock.acquire(timeout=max(0.0, ends - time.monotonic())):
        _held.append(lock)


def _release() -> None:
    while _held:
        _held.pop().release()


def _after_in_parent() -> None:
    for owner in list(_resets):
        in_parent = getattr(owner, "after_fork_in_parent", None)
        if in_parent is not None:
            in_parent()
    _release()


def _after_in_child() -> None:
    global _registering  # noqa: PLW0603
    _release()
    _registering = threading.Lock()
    for owner in list(_resets):
        owner.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child
    )
