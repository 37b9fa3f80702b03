"""What a measurement is, and how two things are measured fairly."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Row", "ratio", "turns"]


class Row(NamedTuple):
    """One line of the table."""

    what: str
    figure: str
    budget: str
    kept: bool


def ratio(what: str, ours: float, theirs: float, budget: float, *, least: bool = False) -> Row:
    """A ratio against its budget: the most that it may be, or the least."""
    value = ours / theirs
    kept = value >= budget if least else value <= budget
    return Row(what, f"{value:.2f}", f"{'≥' if least else '≤'} {budget:g}", kept)


def turns(times: int, *calls: Callable[[], object]) -> list[float]:
    """The median time of each call, in seconds, when they take turns."""
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(times):
        for index, call in enumerate(calls):
            started = time.perf_counter()
            call()
            taken[index].append(time.perf_counter() - started)
    return [statistics.median(each) for each in taken]
