"""Create many objects without the garbage collector scanning them."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["keep_all"]

T = TypeVar("T")

OWN = 1000
"""Fewer frozen objects than this are the interpreter's: Python 3.12 starts with some 400.

`gc.freeze` freezes all objects, of which the smallest program has several thousand.
"""


def keep_all(make: Callable[[], T]) -> T:
    """Return what `make` returns; none of its objects is garbage, so the collector is off.

    Scanning them repeatedly takes as long as parsing a large body, and a tenth of the time until
    rsspot is imported. `make bench` measures both.
    """
    if not gc.isenabled():
        return make()
    gc.collect(1)
    try:
        gc.disable()
        value = make()
        _count_as_old()
    finally:
        gc.enable()
    return value


def _count_as_old() -> None:
    """Move all objects to the oldest generation of the garbage collector, without scanning them.

    Otherwise the next collection of young objects scans all new ones, and a later one does so
    again. Other young objects have just been scanned. Nothing is moved if the program has frozen
    objects (`gc.freeze`, for example before a fork), since this would unfreeze them.
    """
    if gc.get_freeze_count() < OWN:
        gc.freeze()
        gc.unfreeze()
