"""Find the cheapest pools that supply what is asked for, exactly.

The search goes over the numbers of servers of each class, best classes first. It gives up a branch
when even the cheapest way to supply the rest would cost more than the best that is known. That
lower bound comes from the dual of the linear relaxation: prices for a CPU and a byte at which no
class is a bargain. For each set of pools that is cheap enough, the lowest bids that are won often
enough are found by trying them, cheapest first. So what is found is the optimum, unless the search
takes more than `MAX_STEPS` steps: then it is the best so far, and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from attrs import frozen

from rsspot.market.bounds import LowerBound, SuffixBounds
from rsspot.market.problem import MAX_STEPS, MILLION, Choice, Solution, Steps

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rsspot.market.problem import Candidate, Demand
    from rsspot.market.timeline import Timeline

__all__ = ["Market", "Search"]

LESS: Final = 0.05
LARGE: Final = 10**12
"""More millionths of a dollar an hour than any plan costs."""


class Search:
    """A search in one region; `best` is the best that is known, also from other regions."""

    def __init__(
        self,
        candidates: Sequence[Candidate],
        demand: Demand,
        timeline: Timeline,
        best: Solution | None = None,
        steps: Steps | None = None,
    ) -> None:
        self.demand: Demand = demand
        self.timeline: Timeline = timeline
        self.best = best
        self.steps: Steps = steps or Steps()
        expected = [one.price + (LARGE if demand.fewest else 0) for one in candidates]
        lowest = [one.bids[0] for one in candidates]
        first, second = (lowest, expected) if demand.by_bids else (expected, lowest)
        sizes = [(one.cpu, one.memory) for one in candidates]
        bound = LowerBound(first, sizes, demand.cpu, demand.memory)
        order = sorted(range(len(candidates)), key=lambda at: (bound.value(at), at))
        self.candidates: list[Candidate] = [candidates[at] for at in order]
        self.first: list[int] = [first[at] for at in order]
        self.second: list[int] = [second[at] for at in order]
        self._bounds = SuffixBounds(self.first, self.candidates, demand)
        self._second_bounds = SuffixBounds(self.second, self.candidates, demand)

    @property
    def is_exact(self) -> bool:
        """Whether the search came to its end, so that `best` is the optimum."""
        return self.steps.left > 0

    def run(self, max_pools: int | None = None) -> Solution | None:
        """Search, and return the best: the optimum if `is_exact`, or None if there is none.

        max_pools: the number of pools to go up to, if it is less than that of the demand.
        """
        self._depth = min(max_pools or self.demand.max_pools, self.demand.max_pools)
        demand = self.demand
        if self.candidates:
            self._extend(0, [], (0, 0, 0), (demand.cpu, demand.memory, demand.nodes or 0))
        return self.best

    def _extend(
        self,
        start: int,
        chosen: list[tuple[int, int]],
        costs: tuple[int, int, int],
        rest: tuple[int, int, int],
    ) -> None:
        """Add one more pool in every sensible way.

        costs: of `chosen`: the first and the second cost, and the lowest bids.
        rest: the CPUs, memory and servers that are still to be supplied.
        """
        demand, depth = self.demand, self._depth
        pools = len(chosen) + 1
        steps = self.steps
        for at in range(start, len(self.candidates)):
            one = self.candidates[at]
            first, second, bid = self.first[at], self.second[at], one.bids[0]
            for n in self._counts(one, chosen, rest[2], last=pools == depth):
                steps.left -= 1
                if steps.left <= 0:
                    return
                now = costs[0] + n * first, costs[1] + n * second, costs[2] + n * bid
                left = (
                    rest[0] - n * one.cpu,
                    rest[1] - n * one.memory,
                    rest[2] - (n if demand.nodes is not None else 0),
                )
                if self._cannot_win(at, now, left):
                    break  # and with more servers all the more
                is_enough = left[0] <= 0 and left[1] <= 0 and not left[2]
                if is_enough and pools >= demand.min_pools:
                    self._settle([*chosen, (at, n)], (now[0], now[1]))
                may_go_on = pools < depth and (demand.nodes is None or left[2])
                if may_go_on and not self._cannot_win(at + 1, now, left):
                    self._extend(at + 1, [*chosen, (at, n)], now, left)

    def _counts(
        self, one: Candidate, chosen: list[tuple[int, int]], nodes: int, *, last: bool
    ) -> Iterable[int]:
        """Return the numbers of servers of a class that can be part of an optimum, in order."""
        demand = self.demand
        if demand.nodes is not None:
            if last:
                return (nodes,) if nodes <= one.limit else ()
            return range(1, min(nodes, one.limit) + 1)
        most = min(one.limit, max(1, self._needed(one, demand.cpu, demand.memory)))
        if not last:
            return range(1, most + 1)
        # The last one only has to complete what some of the others supply.
        counts = {1}
        for cpu, memory in self._supplies(chosen):
            counts.add(self._needed(one, demand.cpu - cpu, demand.memory - memory))
        return sorted(n for n in counts if 1 <= n <= most)

    def _needed(self, one: Candidate, cpu: int, memory: int) -> int:
        return max(-(-cpu // one.cpu), -(-memory // one.memory))

    def _supplies(self, chosen: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return what each selection of the pools supplies."""
        totals = [(0, 0)]
        for at, n in chosen:
            one = self.candidates[at]
            totals += [(cpu + n * one.cpu, memory + n * one.memory) for cpu, memory in totals]
        return totals

    def _cannot_win(self, at: int, costs: tuple[int, int, int], rest: tuple[int, int, int]) -> bool:
        """Return whether nothing better, or affordable, begins like this.

        at: the first of the classes that can supply the rest.
        """
        budget, best = self.demand.budget, self.best
        if rest[2] < 0 or (budget is not None and costs[2] > budget):
            return True
        if best is None:
            return False
        # A little less than computed, since the bounds are in floating point.
        least = costs[0] + self._bounds.of(at, rest) - LESS
        if least <= best.key[0] - 1:
            return False
        if least > best.key[0]:
            return True
        return costs[1] + self._second_bounds.of(at, rest) - LESS > best.key[1] - 1

    def _settle(self, chosen: list[tuple[int, int]], costs: tuple[int, int]) -> None:
        """Find the lowest bids for these pools, and keep them if they are better than the best."""
        pools = [self.candidates[at] for at, _ in chosen]
        counts = [n for _, n in chosen]
        known = -1
        for one in pools:
            known &= one.known
        needed = self.timeline.seconds(known) * self.demand.share
        enough = self._enough(chosen)
        most = LARGE if self.demand.budget is None else self.demand.budget + 1
        best = self.best
        if best is not None:
            # The other cost is what it is: bids only have to beat the best where that is equal.
            if self.demand.by_bids:
                most = min(most, best.key[0] + (costs[1] < best.key[1]))
            elif costs[0] == best.key[0]:
                most = min(most, best.key[1])
        picked: tuple[int, list[int], int] | None = None
        for total, levels in self._bids(pools, counts, known, enough, needed=needed, most=most):
            if picked is None or total < picked[0]:
                won = [one.won[level] for one, level in zip(pools, levels, strict=True)]
                picked = total, levels, _together(won, enough) & known
        if picked is None:
            return
        total, levels, pieces = picked
        key = (total, costs[1]) if self.demand.by_bids else (costs[0], total)
        if best is None or key < best.key:
            self.best = Solution(
                key,
                tuple(
                    Choice(one, n, one.bids[level])
                    for one, n, level in zip(pools, counts, levels, strict=True)
                ),
                pieces,
                known,
            )

    def _enough(self, chosen: list[tuple[int, int]]) -> list[int]:
        """Return the smallest selections of the pools (bits) that supply all that is asked for."""
        demand, count = self.demand, len(chosen)
        full = (1 << count) - 1
        if demand.nodes is not None:
            return [full]
        supplied = self._supplies(chosen)
        fitting = [
            pools
            for pools, (cpu, memory) in enumerate(supplied)
            if cpu >= demand.cpu and memory >= demand.memory
        ]
        return [one for one in fitting if not any(o != one and o & one == o for o in fitting)]

    def _bids(
        self,
        pools: list[Candidate],
        counts: list[int],
        known: int,
        enough: list[int],
        *,
        needed: int,
        most: int,
    ) -> Iterator[tuple[int, list[int]]]:
        """Yield ever lower sums of bids below `most` that are won often enough."""
        top = [one.won[-1] for one in pools]
        seconds = self.timeline.seconds
        limit = most

        def extend(
            at: int, total: int, levels: list[int], won: list[int]
        ) -> Iterator[tuple[int, list[int]]]:
            nonlocal limit
            one, n = pools[at], counts[at]
            rest = sum(
                c * p.bids[0] for p, c in zip(pools[at + 1 :], counts[at + 1 :], strict=True)
            )
            for level, bid in enumerate(one.bids):
                self.steps.left -= 1
                if total + n * bid + rest >= limit:
                    return
                now = [*won, one.won[level], *top[at + 1 :]]
                if seconds(_together(now, enough) & known) * MILLION < needed:
                    continue
                if at + 1 == len(pools):
                    limit = total + n * bid
                    yield limit, [*levels, level]
                    return
                yield from extend(at + 1, total + n * bid, [*levels, level], now[: at + 1])

        if seconds(_together(top, enough) & known) * MILLION >= needed and known:
            yield from extend(0, 0, [], [])


def _together(won: Sequence[int], enough: list[int]) -> int:
    """Return the pieces in which one of the selections of pools is won as a whole."""
    total = 0
    for pools in enough:
        both = -1
        for at, pieces in enumerate(won):
            if pools >> at & 1:
                both &= pieces
        total |= both
    return total


@frozen(eq=False)
class Market:
    """The classes that can be bought, by region, on one timeline."""

    timeline: Timeline
    regions: Mapping[str, tuple[Candidate, ...]]

    def solve(self, demand: Demand, steps: int = MAX_STEPS) -> tuple[Solution | None, bool]:
        """Return the best that meets a demand in any one region, and whether that is proven.

        demand: what is asked for.
        steps: the steps that all searches may take together.
        """
        best: Solution | None = None
        shared = Steps(steps)
        searches = [
            Search(candidates, demand, self.timeline, steps=shared)
            for candidates in self.regions.values()
        ]
        # Few pools first: they are found quickly, and what is found ends other searches early.
        for pools in range(demand.min_pools, demand.max_pools + 1):
            for search in searches:
                search.best = best
                best = search.run(pools)
        return best, shared.left > 0
