"""Ctrl-C at a chosen moment: at the n-th place where the interpreter looks for signals."""

from __future__ import annotations

import dis
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["confined", "interrupted"]

LOOKS = frozenset({"RESUME", "CALL", "CALL_KW", "CALL_FUNCTION_EX", "JUMP_BACKWARD"})
"""Instructions after which CPython runs the handlers of signals that have arrived."""
PACKAGE = "/rsspot/"


class _Tracer:
    def __init__(self, number: int) -> None:
        self.left = number
        self._before: dict[int, int] = {}

    def __call__(self, frame: Any, event: str, _argument: Any) -> Any:
        code = frame.f_code
        if PACKAGE not in code.co_filename:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode":
            before = self._before.get(id(frame))
            self._before[id(frame)] = frame.f_lasti
            if before is not None and dis.opname[code.co_code[before]] in LOOKS:
                self.left -= 1
                if self.left == 0:
                    raise KeyboardInterrupt
        elif event == "call":
            self._before.pop(id(frame), None)
        return self


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
    """Call `call`, interrupted at the n-th such place in the package; False if it has fewer."""
    tracer, before = _Tracer(number), sys.gettrace()
    try:
        sys.settrace(tracer)
        try:
            confined(call)
        finally:
            sys.settrace(before)
    except KeyboardInterrupt:
        return True
    return tracer.left <= 0
