"""What is shown while something comes to life or goes: each state, and how long it has taken."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rsspot.cli.cells import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from rsspot.cli.session import Session

__all__ = ["Poll", "Timeout", "Wait", "watching"]

Wait = Annotated[bool, typer.Option("--wait", help="Wait until it is done, and show how it goes.")]
Timeout = Annotated[
    float, typer.Option(metavar="SECONDS", show_default=True, help="Wait so long at most.")
]
Poll = Annotated[
    float, typer.Option(metavar="SECONDS", show_default=True, help="Look so often while waiting.")
]


@contextmanager
def watching(
    session: Session, name: str, state: Callable[[Any], str]
) -> Generator[Callable[[Any], None]]:
    """Give a function to call with each new state: `on_progress` of the SDK's waiters.

    On a terminal one line changes; elsewhere each change is a line on stderr.
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
        session.note("Not waiting any longer; what was asked for goes on.")
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
