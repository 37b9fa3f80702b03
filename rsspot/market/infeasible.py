"""Name the constraint that prevents a plan, and what would be feasible."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from attrs import evolve

from rsspot.errors import InvalidInput
from rsspot.market.problem import MILLION
from rsspot.market.series import money

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.market.plan import PlanRequest
    from rsspot.market.problem import Demand, Solution
    from rsspot.market.search import Market

__all__ = ["explain"]

STEPS: Final = 40_000
"""Steps of each search for what is feasible."""
PERMILLE: Final = 1000
MORE_NODES: Final = 64


def explain(
    market: Market, demand: Demand, request: PlanRequest, *, is_exact: bool
) -> InvalidInput:
    """Return the error for a demand that cannot be met.

    Each constraint is left out in turn: one without which there is a plan is what binds, and the
    nearest value that is feasible is looked for.
    """
    if not any(market.regions.values()):
        where = f" in {', '.join(request.regions)}" if request.regions else ""
        return InvalidInput(
            f"There is no server class to buy{where}: none has both a size and a price history",
            argument="regions",
            hint="Name other regions; `client.regions.list()` has them",
        )
    no_plan = (
        f"There is no plan for {request}"
        if is_exact
        else f"No plan was found in time for {request}"
    )
    found = [*_bindings(market, demand, request)]
    if found:
        argument, problem, hint = found[0]
        also = "".join(f"; or {other[2][0].lower()}{other[2][1:]}" for other in found[1:])
        return InvalidInput(f"{no_plan}: {problem}", argument=argument, hint=hint + also)
    loose = evolve(demand, share=0, budget=None, nodes=None, min_pools=1)
    if _solve(market, loose) is None:
        return InvalidInput(
            f"{no_plan}: no region sells that much in {request.pools[1]} pools",
            argument="cpus",
            hint="Ask for less, or allow more pools",
        )
    names = [
        name
        for name, value in (
            ("availability", demand.share), ("budget", demand.budget), ("nodes", demand.nodes),
            ("pools", demand.min_pools > 1),
        )
        if value
    ]  # fmt: skip
    return InvalidInput(
        f"{no_plan}: {' and '.join(names)} cannot be met together",
        argument=names[0] if names else "cpus",
        hint="Relax at least two of them; relaxing one is not enough",
    )


def _bindings(
    market: Market, demand: Demand, request: PlanRequest
) -> Iterator[tuple[str, str, str]]:
    """Yield each constraint that binds alone: the argument, the problem, and a hint."""
    if demand.budget is not None:
        least = _solve(market, evolve(demand, budget=None, by_bids=True, fewest=False))
        if least is not None:
            amount = money(least.key[0])
            yield (
                "budget",
                (
                    f"the budget of {_hourly(money(demand.budget))} is too low, "
                    f"the bids add up to at least {_hourly(amount)}"
                ),
                f"Allow a budget of {amount:f}/h",
            )
    if demand.share and _solve(market, evolve(demand, share=0)) is not None:
        best = _best_share(market, demand)
        yield (
            "availability",
            (
                f"an availability of {request.availability:%} is not possible with bids up to "
                f"the on-demand price; {best:.1%} is"
            ),
            f"Ask for an availability of {best.normalize():f}",
        )
    if demand.nodes is not None and _solve(market, evolve(demand, nodes=None)) is not None:
        nearest = _nearest_nodes(market, demand)
        text = "some other number is" if nearest is None else f"{nearest} is the nearest number"
        yield (
            "nodes",
            f"{demand.nodes} servers are not possible with the other constraints; {text}",
            "Leave out the number of servers" if nearest is None else f"Ask for {nearest} servers",
        )
    if demand.min_pools > 1:
        fewer = _solve(market, evolve(demand, min_pools=1))
        if fewer is not None:
            count = len(fewer.choices)
            yield (
                "pools",
                (
                    f"{demand.min_pools} pools or more are not possible with the other "
                    f"constraints; {count} are"
                ),
                f"Allow {count} pools",
            )


def _best_share(market: Market, demand: Demand) -> Decimal:
    """Return the highest feasible availability, in thousandths."""
    low, high = 0, demand.share * PERMILLE // MILLION
    while low < high:
        middle = (low + high + 1) // 2
        if _solve(market, evolve(demand, share=middle * MILLION // PERMILLE)) is None:
            high = middle - 1
        else:
            low = middle
    return Decimal(low) / PERMILLE


def _nearest_nodes(market: Market, demand: Demand) -> int | None:
    nodes = demand.nodes or 1
    for distance in range(1, MORE_NODES):
        for other in (nodes - distance, nodes + distance):
            if other >= 1 and _solve(market, evolve(demand, nodes=other)) is not None:
                return other
    return None


def _solve(market: Market, demand: Demand) -> Solution | None:
    return market.solve(demand, STEPS)[0]


def _hourly(amount: Decimal) -> str:
    return f"{amount.normalize():f} USD an hour"
