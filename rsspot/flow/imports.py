"""Modules that other threads are importing, which a fork has to wait for.

A module is locked while it is imported. A child process has a copy of that lock and of the module,
but not of the thread that imports it, so an import of the same module would wait forever there.
"""

from __future__ import annotations

import importlib
import threading
import time

__all__ = ["imported_elsewhere", "wait_for_imports"]

MAX_WAIT = 2.0
"""Maximum seconds for a module; one that takes longer runs a program, and is not waited for."""
PAUSE = 0.001
"""Seconds between two checks."""

_slow: set[str] = set()


def imported_elsewhere() -> set[str]:
    """Return the modules that other threads are importing now, without those that take long."""
    # Python has no public way to ask. Where this one is missing, a fork does not wait.
    locks = getattr(getattr(importlib, "_bootstrap", None), "_module_locks", {})
    me = threading.get_ident()
    found: set[str] = set()
    for name, reference in list(locks.items()):
        if getattr(reference(), "owner", None) not in {None, me}:
            found.add(name)
    return found - _slow


def wait_for_imports(ends: float) -> None:
    """Wait until no other thread is importing a module, at most until `ends` (monotonic)."""
    ends = min(ends, time.monotonic() + MAX_WAIT)
    while names := imported_elsewhere():
        if time.monotonic() >= ends:
            _slow.update(names)
            return
        time.sleep(PAUSE)
