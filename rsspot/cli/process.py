"""What a process owes its terminal: interrupts from the first line, and streams that are open."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = [
    "CLOSED_PIPE",
    "INTERRUPTED",
    "commanded",
    "flushed",
    "give_up_stdout",
    "open_streams",
    "quick_exit",
]

CLOSED_PIPE = 141
"""128 and SIGPIPE: what a program that the signal ends leaves behind."""
INTERRUPTED = 130
"""128 and SIGINT, as shells have it."""


def open_streams() -> None:
    """Put the null device where standard streams are closed.

    Otherwise the next file or socket that is opened would take the number of the stream, and
    whatever is printed would be written into it. Writing to a standard output that was closed
    still fails, as for any other program.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # Numbers are given out from the lowest, so that this is `number`. A standard output
            # that cannot be written to is found when it is written to.
            os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def give_up_stdout() -> None:
    """Write no more to a standard output that has failed: Python flushes it again at its end."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def flushed(status: int) -> int:
    """`status`, when all that was printed has come out; else 1 or 141, and the failure is shown."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        give_up_stdout()
        return CLOSED_PIPE
    except OSError as error:
        give_up_stdout()
        sys.stderr.write(f"Error: The output: {error.strerror}\n")
        return 1
    return status


@contextmanager
def quick_exit(*, to_the_end: bool) -> Generator[None]:
    """End at once at an interrupt, before a command has begun and after it has ended.

    Nothing has to be put away then, and an exception could come in the middle of an import, or of
    the end of the interpreter, where nobody catches it. `to_the_end` keeps it so until the process
    is gone.
    """
    if not _is_ours(signal.default_int_handler):
        yield
        return
    signal.signal(signal.SIGINT, _leave)
    try:
        yield
    finally:
        if not to_the_end:
            signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def commanded() -> Generator[None]:
    """Raise `KeyboardInterrupt` at an interrupt while a command runs."""
    if not _is_ours(_leave):
        yield
        return
    hook = sys.unraisablehook
    sys.unraisablehook = _raised_again
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, _leave)
        sys.unraisablehook = hook


def _is_ours(handler: Any) -> bool:
    # Who started us with interrupts ignored (nohup, a shell's background) means it so.
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and signal.getsignal(signal.SIGINT) is handler


def _leave(_signal: int, _frame: object) -> None:
    try:
        os.write(2, b"\nInterrupted.\n" if os.isatty(2) else b"Interrupted.\n")
    finally:
        os._exit(INTERRUPTED)


def _raised_again(problem: Any) -> None:
    """An interrupt that came in a callback, where Python can only print it, is raised anew."""
    if issubclass(problem.exc_type, KeyboardInterrupt):
        import _thread

        # From another thread: here it would be raised at once, in this function.
        _thread.start_new_thread(_thread.interrupt_main, ())
        return
    sys.__unraisablehook__(problem)
