"""Several series of prices on one timeline, so that what is won together can be counted.

The time is cut where any price changes. A set of the pieces is an integer, a bit for each piece
(the first piece is the highest bit), so that "both are won" is one `&`, whatever the length.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from math import gcd
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rsspot.market.series import Series

__all__ = ["MAX_LIMITS", "Timeline"]

MAX_LIMITS: Final = 254
"""Maximum number of limits for one series."""
_WON: Final = tuple(b"1" * (at + 1) + b"0" * (255 - at) for at in range(MAX_LIMITS))
"""For each limit: the translation of a level to whether the limit reaches it."""


class Timeline:
    """The pieces of time over which all of some series are constant."""

    def __init__(self, series: Iterable[Series]) -> None:
        """Cut the time at every price of `series`, and at their ends."""
        edges = sorted({time for one in series for time in (*one.times, one.end)})
        self.edges = edges
        self.at: dict[int, int] = {edge: at for at, edge in enumerate(edges)}
        lengths = [after - before for before, after in pairwise(edges)]
        self.unit: int = gcd(*lengths) or 1  # of nothing it is 0
        self._planes = _planes([length // self.unit for length in lengths])

    def known(self, series: Series) -> int:
        """Return the pieces of which `series` has a price."""
        end = len(self.edges) - 1 - self.at[series.end]
        return (1 << (self.at[series.end] - self.at[series.start])) - 1 << end

    def won(self, series: Series, limits: Sequence[int]) -> list[int]:
        """Return for each of the limits the pieces in which the price does not exceed it.

        series: one of the series of this timeline.
        limits: increasing prices, in the unit of the series; at most `MAX_LIMITS`.
        """
        level = {price: bisect_left(limits, price) for price in {*series.prices}}
        ends = (*series.times[1:], series.end)
        at = self.at
        levels = b"".join(
            bytes((level[price],)) * (at[end] - at[time])
            for time, end, price in zip(series.times, ends, series.prices, strict=True)
        )
        shift = len(self.edges) - 1 - at[series.end]
        return [int(levels.translate(_WON[k]), 2) << shift for k in range(len(limits))]

    def seconds(self, pieces: int) -> int:
        """Return the total length of some pieces."""
        total = sum((pieces & plane).bit_count() << power for power, plane in self._planes)
        return total * self.unit

    def span(self, pieces: int) -> tuple[int, int]:
        """Return when the first of some pieces begins, and when the last one ends."""
        count = len(self.edges) - 1
        last = (pieces & -pieces).bit_length() - 1
        return self.edges[count - pieces.bit_length()], self.edges[count - last]

    @staticmethod
    def interruptions(won: int, known: int) -> int:
        """Return how often what was won is lost, within the known pieces."""
        return ((won >> 1) & ~won & known).bit_count()

    def longest(self, pieces: int) -> int:
        """Return the seconds of the longest unbroken run of pieces."""
        count = len(self.edges) - 1
        longest = run = 0
        for at in range(count):
            if pieces >> (count - 1 - at) & 1:
                run += self.edges[at + 1] - self.edges[at]
                longest = max(longest, run)
            else:
                run = 0
        return longest


def _planes(weights: Sequence[int]) -> list[tuple[int, int]]:
    """Return for each power of two the pieces whose weight has that bit."""
    planes: list[tuple[int, int]] = []
    for power in range(max(weights, default=0).bit_length()):
        bits = "".join("1" if weight >> power & 1 else "0" for weight in weights)
        plane = int(bits, 2)
        if plane:
            planes.append((power, plane))
    return planes
