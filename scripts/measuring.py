"""What a measurement is, and how things are measured fairly: in turns, and in rounds.

All that is compared takes turns, so that whatever else the machine does falls on all of it. Each
round gives a ratio of medians; the table shows the median of these ratios, the least and the most.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

__all__ = ["ROUNDS", "Row", "Taken", "aturns", "ratio", "turns"]

ROUNDS = 7
Taken: TypeAlias = list[float]
"""What one thing took, in each round."""


class Row(NamedTuple):
    """One line of the table."""

    what: str
    figure: str
    budget: str
    kept: bool
    spread: str = ""


def ratio(
    what: str,
    ours: float | Sequence[float],
    theirs: float | Sequence[float],
    budget: float,
    *,
    least: bool = False,
) -> Row:
    """A ratio against its budget: the most that its median may be, or the least."""
    ours = [ours] if isinstance(ours, int | float) else ours
    theirs = [theirs] if isinstance(theirs, int | float) else theirs
    values = [one / other for one, other in zip(ours, theirs, strict=True)]
    value = statistics.median(values)
    kept = value >= budget if least else value <= budget
    spread = f"{min(values):.2f} to {max(values):.2f}" if len(values) > 1 else ""
    return Row(what, f"{value:.2f}", f"{'≥' if least else '≤'} {budget:g}", kept, spread)


def turns(times: int, *calls: Callable[[], object], rounds: int = ROUNDS) -> list[Taken]:
    """The median time of each call in each round, in seconds, when they take turns."""
    taken: list[Taken] = [[] for _ in calls]
    for _ in range(rounds):
        spent: list[Taken] = [[] for _ in calls]
        for _ in range(max(1, times // rounds)):
            for index, call in enumerate(calls):
                started = time.perf_counter()
                call()
                spent[index].append(time.perf_counter() - started)
        for index, each in enumerate(spent):
            taken[index].append(statistics.median(each))
    return taken


async def aturns(
    times: int, *calls: Callable[[], Awaitable[object]], rounds: int = ROUNDS
) -> list[Taken]:
    """The same for what is awaited."""
    taken: list[Taken] = [[] for _ in calls]
    for _ in range(rounds):
        spent: list[Taken] = [[] for _ in calls]
        for _ in range(max(1, times // rounds)):
            for index, call in enumerate(calls):
                started = time.perf_counter()
                await call()
                spent[index].append(time.perf_counter() - started)
        for index, each in enumerate(spent):
            taken[index].append(statistics.median(each))
    return taken
