"""Measure several things fairly: in turns, and in rounds.

The things compared take turns, so that other work of the machine affects all of them. Each
round gives a ratio of medians; the table shows the median, minimum and maximum of these ratios.
"""

from __future__ import annotations

import math
import statistics
import time
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

__all__ = ["ROUNDS", "Row", "Taken", "aturns", "figure", "ratio", "turns"]

ROUNDS = 7
Taken: TypeAlias = list[float]
"""The time of one thing in each round, in seconds."""


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
    """Compare a ratio with its budget: the maximum of its median, or the minimum if `least`."""
    ours = [ours] if isinstance(ours, int | float) else ours
    theirs = [theirs] if isinstance(theirs, int | float) else theirs
    values = [one / other for one, other in zip(ours, theirs, strict=True)]
    value = statistics.median(values)
    kept = value >= budget if least else value <= budget
    spread = f"{min(values):.2f} to {max(values):.2f}" if len(values) > 1 else ""
    return Row(what, f"{value:.2f}", f"{'≥' if least else '≤'} {budget:g}", kept, spread)


def figure(what: str, ours: Sequence[float], theirs: Sequence[float]) -> Row:
    """Return a ratio that has no budget, for information."""
    return ratio(what, ours, theirs, math.inf)._replace(budget="")


def turns(times: int, *calls: Callable[[], object], rounds: int = ROUNDS) -> list[Taken]:
    """Return the median time of each call in each round, in seconds; the calls take turns."""
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
    """Do the same with async calls."""
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
