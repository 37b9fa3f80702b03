"""The process: interrupts from the first line to the last, standard streams, versions."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = [
    "CLOSED_PIPE",
    "INTERRUPTED",
    "await_interrupt",
    "discard_stdout",
    "exit_on_interrupt",
    "flush_output",
    "open_streams",
    "raise_on_interrupt",
    "replace_unprintable",
    "versions",
]

CLOSED_PIPE = 141
"""128 + SIGPIPE: the status of a program that this signal ends."""
INTERRUPTED = 130
"""128 + SIGINT, the convention of shells."""


def open_streams() -> None:
    """Open the null device in place of closed standard streams.

    Otherwise the next file or socket would get the number of the stream, and printed text would
    be written into it. Writing to a closed standard output still fails, as in any other program.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is taken, which is `number`. A standard output that cannot be
            # written to is reported when something is written.
            os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def discard_stdout() -> None:
    """Replace a standard output that has failed: Python flushes it again at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    os.close(null)


def replace_unprintable() -> None:
    """Write what the encoding of a standard stream lacks as question marks."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a test's stream
            stream.reconfigure(errors="replace")  # type: ignore[union-attr] # text streams have it


def flush_output(status: int, text: str = "") -> int:
    """Write a text and flush standard output. Return `status`, or if that fails, 141 or 1.

    An error is shown, and does not replace another `status` than 0.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        discard_stdout()
        return CLOSED_PIPE
    except OSError as error:
        discard_stdout()
        with suppress(OSError):  # it may be full too
            sys.stderr.write(f"Error: Cannot write the output: {error.strerror}\n")
        return status or 1
    return status


@contextmanager
def exit_on_interrupt(*, until_process_ends: bool) -> Generator[None]:
    """End the process at once on an interrupt, before a command begins and after it has ended.

    There is nothing to clean up then, and an exception could be raised in the middle of an import
    or of the interpreter's exit, where nothing catches it. `until_process_ends` keeps the handler
    until the process ends.
    """
    if not _has_handler(signal.default_int_handler):
        yield
        return
    signal.signal(signal.SIGINT, _exit_now)
    try:
        yield
    finally:
        if not until_process_ends:
            signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def raise_on_interrupt() -> Generator[None]:
    """Raise `KeyboardInterrupt` on an interrupt while a command runs."""
    if not _has_handler(_exit_now):
        yield
        return
    hook = sys.unraisablehook
    sys.unraisablehook = _raise_again
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, _exit_now)
        sys.unraisablehook = hook


def _has_handler(handler: Any) -> bool:
    # If interrupts are ignored (nohup, background jobs of a shell), that stays so.
    is_main = threading.current_thread() is threading.main_thread()
    return is_main and signal.getsignal(signal.SIGINT) is handler


def _exit_now(_signal: int, _frame: object) -> None:
    try:
        os.write(2, b"\nInterrupted.\n" if os.isatty(2) else b"Interrupted.\n")
    finally:
        os._exit(INTERRUPTED)


_coming: list[type[BaseException]] = []
"""Interrupts that another thread is about to raise."""


def await_interrupt() -> None:
    """Wait for an interrupt that came in a callback, so that nothing is shown after it."""
    if _coming:
        _coming.clear()
        time.sleep(1)  # it is interrupted


def _raise_again(problem: Any) -> None:
    """Raise an interrupt again that came in a callback, where Python can only print it."""
    if issubclass(problem.exc_type, KeyboardInterrupt):
        import _thread

        _coming.append(problem.exc_type)
        # From another thread: here it would be raised at once, inside this function.
        _thread.start_new_thread(_thread.interrupt_main, ())
        return
    sys.__unraisablehook__(problem)


def versions() -> str:
    """Return the version of rsspot, and the version and hash of its generated package."""
    import rsspot_api

    from rsspot import __version__

    api = f"API {rsspot_api.__version__}, sha256 {rsspot_api.GENERATION_SHA256}"
    return f"rsspot {__version__} ({api})"
