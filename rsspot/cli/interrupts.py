"""Signals during a long run: the first one stops it cleanly, the next ones faster."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

__all__ = ["stop_on_signals"]

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl-C, what service managers send, and a terminal that is closed."""


@contextmanager
def stop_on_signals(
    first: Callable[[], object], second: Callable[[], object], ended: Callable[[bool], object]
) -> Generator[None]:
    """Raise `KeyboardInterrupt` on the first signal, and on the third.

    first: called on the first signal, before the exception is raised. second: called on the second
    signal, which raises nothing, to end sooner what `first` began. ended: called when a signal has
    ended the body, with whether it ended cleanly, without a third signal.

    Afterwards the command exits with 128 plus the number of the signal; for SIGINT it raises.
    """
    received: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        received.append(number)
        if len(received) == 2:  # noqa: PLR2004 - the second one
            second()
            return
        if len(received) == 1:
            first()
        raise KeyboardInterrupt

    before = _install(handle)
    try:
        yield
    except (KeyboardInterrupt, OSError) as error:
        # A terminal that was closed sends SIGHUP, and cannot be written to.
        if isinstance(error, OSError) and received[:1] != [getattr(signal, "SIGHUP", None)]:
            raise
        ended(len(received) <= 2)  # noqa: PLR2004 - see above
        if received and received[0] != signal.SIGINT:
            raise typer.Exit(128 + received[0]) from None
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _install(handle: Callable[[int, FrameType | None], None]) -> dict[signal.Signals, Any]:
    """Install a handler for the signals, in the main thread; return the previous handlers."""
    before: dict[signal.Signals, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for name in NAMES:
            number: signal.Signals | None = getattr(signal, name, None)
            # What is ignored stays so (nohup, background jobs of a shell).
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, handle)
    return before
