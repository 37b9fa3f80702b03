"""Show the progress of a wait: each state, and the time that it has taken."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.cli.output.formatting import sanitize

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rsspot.cli.output.terminal import Terminal
    from rsspot.models import Cloudspace, VMCloudspace

__all__ = ["describe_phase", "show_progress", "wait_for"]

T = TypeVar("T")


def wait_for(
    terminal: Terminal,
    until: Callable[..., T],
    name: str,
    describe: Callable[[Any], str],
    *,
    timeout: str,
    poll: str,
    interrupted: str,
) -> T:
    """Call `until`, a waiter of the SDK, and show its progress.

    interrupted: the message for when the wait is interrupted; it must be true at any moment.
    """
    with show_progress(terminal, name, describe, interrupted=lambda: interrupted) as on_progress:
        return until(name, timeout=timeout, poll=poll, on_progress=on_progress)


def describe_phase(item: Cloudspace | VMCloudspace | None) -> str:
    """Return the phase of a cloudspace; None is one that is being deleted."""
    if item is None:
        return "deleting"
    reason = f" ({item.reason})" if item.reason and item.reason != item.phase else ""
    return f"{item.phase or 'accepted'}{reason}"


@contextmanager
def show_progress(
    terminal: Terminal, name: str, describe: Callable[[Any], str], *, interrupted: Callable[[], str]
) -> Generator[Callable[[Any], None]]:
    """Yield a function to call with each new state: `on_progress` of the SDK's waiters.

    A terminal shows one line that changes; otherwise each change is a line on stderr.
    `interrupted` returns the message to show on an interrupt.
    """
    try:
        with _display(terminal) as show:
            last = ""

            def on_progress(item: Any) -> None:
                nonlocal last
                text = f"{name}: {describe(item)}"
                if text != last:
                    last = text
                    show(text)

            yield on_progress
    except KeyboardInterrupt:
        terminal.note(interrupted())
        raise


@contextmanager
def _display(terminal: Terminal) -> Generator[Callable[[str], None]]:
    if not sys.stderr.isatty():
        yield terminal.note
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(file=sys.stderr, no_color=not terminal.use_color(sys.stderr), highlight=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("…")
        yield lambda text: progress.update(task, description=sanitize(text))
