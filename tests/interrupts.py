"""Ctrl-C at a chosen moment: at the n-th place where the interpreter handles signals."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

__all__ = ["confined", "interrupted"]

PACKAGE = "/rsspot/"


def confined(call: Callable[[], object]) -> None:
    """Call `call` where what it leaves of the state of exceptions ends with it.

    An exception from a trace function can skip the instruction that ends an `except` block, and
    the interpreter would go on to handle that exception in all that follows (CPython 3.11). A
    generator has a state of its own.
    """

    def generator() -> Iterator[object]:
        yield call()

    next(generator())


def interrupted(call: Callable[[], object], number: int) -> bool:
    """Call `call`, interrupted at the n-th such place in the package; False if it has fewer.

    CPython handles signals when a function begins and when a call of C code has returned, still
    within that instruction, and a profiler is called just there. A trace function is called before
    the next instruction, which may lie outside a `with` that the signal would have been inside of.
    """
    left = number

    def profile(frame: FrameType, event: str, called: object) -> None:
        nonlocal left
        if event not in {"call", "c_return"} or called is sys.setprofile:
            return
        if PACKAGE not in frame.f_code.co_filename:
            return
        left -= 1
        if left == 0:
            sys.setprofile(None)
            raise KeyboardInterrupt

    before = sys.getprofile()
    try:
        sys.setprofile(profile)
        try:
            confined(call)
        finally:
            sys.setprofile(before)
    except KeyboardInterrupt:
        return True
    return left <= 0
