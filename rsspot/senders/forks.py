"""What must not go into a child process as it is: locks that are held, open connections."""

from __future__ import annotations

import os
import weakref
from typing import Protocol

__all__ = ["reset_in_child"]


class _Resets(Protocol):
    def after_fork(self) -> None: ...


_every: weakref.WeakSet[_Resets] = weakref.WeakSet()


def reset_in_child(owner: _Resets) -> None:
    """Call `owner.after_fork()` in each child process, before anything else happens there."""
    _every.add(owner)


def _reset() -> None:
    for owner in list(_every):
        owner.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset)
