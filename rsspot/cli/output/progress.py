"""What is shown while something comes to life or goes: each state, and how long it has taken."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.cli.output.formatting import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rsspot.cli.session import Session
    from rsspot.models import Cloudspace, VMCloudspace

__all__ = ["phase_of", "wait_for", "watching"]

T = TypeVar("T")


def wait_for(
    session: Session,
    until: Callable[..., T],
    name: str,
    state: Callable[[Any], str],
    *,
    timeout: float,
    poll: float,
    interrupted: str,
) -> T:
    """Call `until`, a waiter of the SDK, and show how it goes.

    `interrupted` is what to say, truthfully, when the wait is interrupted.
    """
    with watching(session, name, state, interrupted=lambda: interrupted) as seen:
        return until(name, timeout=timeout, poll=poll, on_progress=seen)


def phase_of(item: Cloudspace | VMCloudspace | None) -> str:
    """How far a cloudspace is; None is one that goes."""
    if item is None:
        return "going"
    reason = f" ({item.reason})" if item.reason and item.reason != item.phase else ""
    return f"{item.phase or 'accepted'}{reason}"


@contextmanager
def watching(
    session: Session, name: str, state: Callable[[Any], str], *, interrupted: Callable[[], str]
) -> Generator[Callable[[Any], None]]:
    """Give a function to call with each new state: `on_progress` of the SDK's waiters.

    On a terminal one line changes; elsewhere each change is a line on stderr. `interrupted` says
    what is so when a person interrupts.
    """
    try:
        with _shown(session) as show:
            told = ""

            def tell(item: Any) -> None:
                nonlocal told
                text = f"{name}: {state(item)}"
                if text != told:
                    told = text
                    show(text)

            yield tell
    except KeyboardInterrupt:
        session.note(interrupted())
        raise


@contextmanager
def _shown(session: Session) -> Generator[Callable[[str], None]]:
    if not sys.stderr.isatty():
        yield session.note
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    colours = session.colours(sys.stderr)
    console = Console(file=sys.stderr, no_color=not colours, highlight=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("…")
        yield lambda text: progress.update(task, description=printable(text))
