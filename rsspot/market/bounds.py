"""A lower bound for what CPUs and memory cost, whatever classes supply them."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rsspot.market.problem import Candidate, Demand

__all__ = ["LowerBound", "SuffixBounds"]

MAX_PRICES = 4
"""Pairs of prices that are compared: those that are best for the whole demand, and the extremes."""


class LowerBound:
    """The dual of "supply an amount as cheaply as possible, also with fractions of servers".

    Any prices for a CPU and a byte at which no server is worth more than it costs give a bound:
    what the demand is worth at these prices. The best such prices are at the corners of the area
    that the servers allow.
    """

    def __init__(
        self, costs: Sequence[int], sizes: Sequence[tuple[int, int]], cpu: int, memory: int
    ) -> None:
        """Prepare the bound.

        costs: what a server of each class costs.
        sizes: the CPUs and the memory of a server of each class.
        cpu: the CPUs of the whole demand.
        memory: the memory of the whole demand.
        """
        self.costs: Sequence[int] = costs
        self.sizes: Sequence[tuple[int, int]] = sizes
        corners = sorted(
            _corners(costs, sizes), key=lambda price: -(price[0] * cpu + price[1] * memory)
        )
        extremes = [max(corners), max(corners, key=lambda price: price[1])] if corners else []
        self.prices: list[tuple[float, float]] = [
            *dict.fromkeys([*corners[: MAX_PRICES - 2], *extremes])
        ]

    def __call__(self, cpu: int, memory: int) -> float:
        """Return the minimum cost of an amount of CPUs and memory; negative counts as none."""
        cpu, memory = max(cpu, 0), max(memory, 0)
        return max((a * cpu + b * memory for a, b in self.prices), default=0.0)

    def value(self, at: int) -> float:
        """Return the cost of a class relative to its worth for the whole demand."""
        if not self.prices:
            return 0.0
        a, b = self.prices[0]
        worth = a * self.sizes[at][0] + b * self.sizes[at][1]
        return self.costs[at] / worth if worth else float("inf")


class SuffixBounds:
    """The lower bounds for what only the classes from some position on can supply."""

    def __init__(
        self, costs: Sequence[int], candidates: Sequence[Candidate], demand: Demand
    ) -> None:
        """Prepare the bounds; each is made when it is first needed.

        costs: what a server of each class costs.
        candidates: the classes.
        demand: what is asked for.
        """
        self.costs = costs
        self.sizes: list[tuple[int, int]] = [(one.cpu, one.memory) for one in candidates]
        self.demand = demand
        self._made: dict[int, tuple[list[tuple[float, float]], int]] = {}

    def of(self, at: int, rest: tuple[int, int, int]) -> float:
        """Return the minimum cost of the rest if only classes from `at` on supply it.

        rest: CPUs, memory and servers; what is negative is not needed.
        """
        known = self._made.get(at)
        if known is None:
            costs = self.costs[at:]
            bound = LowerBound(costs, self.sizes[at:], self.demand.cpu, self.demand.memory)
            known = self._made[at] = bound.prices, min(costs, default=0)
        prices, least = known
        cpu, memory, nodes = rest
        if cpu <= 0 and memory <= 0:
            return nodes * least
        if not prices:
            return float("inf")
        if cpu < 0:
            cpu = 0
        elif memory < 0:
            memory = 0
        worth = float(nodes * least)
        for a, b in prices:
            other = a * cpu + b * memory
            worth = max(worth, other)
        return worth


def _corners(
    costs: Sequence[int], sizes: Sequence[tuple[int, int]]
) -> Iterator[tuple[float, float]]:
    classes = [*zip(costs, sizes, strict=True)]
    if not classes:
        return
    # A little less than the corner, since it is computed in floating point.
    less = 1 - 1e-12
    yield min(cost / cpu for cost, (cpu, _) in classes) * less, 0.0
    yield 0.0, min(cost / memory for cost, (_, memory) in classes) * less
    for (cost, (cpu, memory)), (cost2, (cpu2, memory2)) in combinations(classes, 2):
        area = cpu * memory2 - cpu2 * memory
        if not area:
            continue
        a = (cost * memory2 - cost2 * memory) / area
        b = (cpu * cost2 - cpu2 * cost) / area
        if (
            a >= 0
            and b >= 0
            and all(a * c + b * m <= price * (1 + 1e-12) for price, (c, m) in classes)
        ):
            yield a * less, b * less
