"""The classes that can be bought, on one timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from rsspot.market.problem import MAX_STEPS, Steps
from rsspot.market.search import Search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.market.problem import Candidate, Demand, Solution
    from rsspot.market.timeline import Timeline

__all__ = ["Market"]


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
