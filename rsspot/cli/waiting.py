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
    told = ""

    def changed(item: Any) -> str | None:
        nonlocal told
        text = f"{name}: {state(item)}"
        if text == told:
            return None
        told = text
        return text

    if not sys.stderr.isatty():

        def tell(item: Any) -> None:
            if text := changed(item):
                session.note(text)

        yield tell
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    colours = session.colours(sys.stderr)
    console = Console(file=sys.stderr, no_color=not colours, highlight=False)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(f"{name}: …")

        def show(item: Any) -> None:
            if text := changed(item):
                progress.update(task, description=printable(text))

        yield show
