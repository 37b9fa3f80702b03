"""Make a plan from a catalogue and price histories, or name what prevents it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from attrs import evolve

from rsspot.market.infeasible import explain
from rsspot.market.plan import Plan, PlannedPool
from rsspot.market.problem import MILLION, Candidate, Demand
from rsspot.market.replay import WEEK, rungs
from rsspot.market.search import Market
from rsspot.market.series import MICRO, micros, money
from rsspot.market.timeline import Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rsspot.market.plan import PlanRequest
    from rsspot.market.problem import Choice, Solution
    from rsspot.market.series import Series
    from rsspot.models.catalog import ServerClass

__all__ = ["make_plan", "offered"]

HOURLY: Final = frozenset({"", "1h", "1h0m0s"})
THOUSAND: Final = 1000


def make_plan(
    classes: Iterable[ServerClass], prices: Mapping[str, Series], request: PlanRequest
) -> Plan:
    """Return the best plan for a request.

    Args:
        classes: Server classes of the catalogue.
        prices: Price histories by the names of the classes; a class without one is left out.
        request: What the plan has to meet.

    Raises:
        InvalidInput: If no plan can meet it: the message names the constraint that prevents it,
            and what is feasible.
    """
    market = _market(classes, prices, request)
    demand = Demand(
        cpu=int(request.cpus * THOUSAND),
        memory=request.memory,
        nodes=request.nodes,
        min_pools=request.pools[0],
        max_pools=request.pools[1],
        share=int(request.availability * MILLION),
        budget=None if request.budget is None else int(request.budget * MICRO),
        fewest=request.fewest,
    )
    found, is_exact = market.solve(demand)
    if found is None:
        raise explain(market, demand, request, is_exact=is_exact)
    return _plan(market, found, request, is_exact=is_exact)


def offered(item: ServerClass) -> bool:
    """Return whether servers of a class can be bought: it is not deprecated, and has a size."""
    return (
        item.availability.casefold() in {"", "available"}
        and bool(item.cpu)
        and bool(item.memory)
        and item.available != 0
    )


def _market(
    classes: Iterable[ServerClass], prices: Mapping[str, Series], request: PlanRequest
) -> Market:
    wanted = [
        item
        for item in classes
        if offered(item)
        and item.name in prices
        and (not request.regions or item.region in request.regions)
    ]
    timeline = Timeline(prices[item.name] for item in wanted)
    regions: defaultdict[str, list[Candidate]] = defaultdict(list)
    for item in wanted:
        regions[item.region].append(_candidate(item, prices[item.name], timeline))
    return Market(timeline, {name: tuple(own) for name, own in sorted(regions.items())})


def _candidate(item: ServerClass, series: Series, timeline: Timeline) -> Candidate:
    floor = 0 if item.min_bid_price is None else micros(item.min_bid_price)
    market = 0 if item.market_price is None else micros(item.market_price)
    on_demand = item.on_demand_price if item.on_demand_interval in HOURLY else None
    # A bid has to reach the floor and the market price of the moment (docs/api-facts.md#bids).
    lowest = money(max(floor, market, 1))
    bids = tuple(micros(bid) for bid in rungs(series.prices, floor=lowest, on_demand=on_demand))
    paid = sum(max(price, floor) * seconds for price, seconds in series.held())
    return Candidate(
        name=item.name,
        cpu=int(Decimal(str(item.cpu)) * THOUSAND),
        memory=item.memory or 0,
        price=max(1, round(paid / (series.end - series.start))),
        bids=bids,
        won=tuple(timeline.won(series, bids)),
        known=timeline.known(series),
        limit=MILLION if item.available is None else item.available,
    )


def _plan(market: Market, found: Solution, request: PlanRequest, *, is_exact: bool) -> Plan:
    timeline = market.timeline
    region = next(name for name, own in market.regions.items() if found.choices[0].candidate in own)
    known = timeline.seconds(found.known) or 1
    begin, end = timeline.span(found.known)
    return Plan(
        request=request,
        region=region,
        pools=tuple(_pool(market, one, region) for one in found.choices),
        availability=timeline.seconds(found.won) / known,
        interruptions_per_week=timeline.interruptions(found.won, found.known) * WEEK / known,
        longest_outage=timedelta(seconds=timeline.longest(found.known & ~found.won)),
        since=datetime.fromtimestamp(begin, UTC),
        until=datetime.fromtimestamp(end, UTC),
        is_exact=is_exact,
        compared=sum(map(len, market.regions.values())),
    )


def _pool(market: Market, one: Choice, region: str) -> PlannedPool:
    candidate = one.candidate
    level = candidate.bids.index(one.bid)
    seconds = market.timeline.seconds
    share = seconds(candidate.won[level]) / (seconds(candidate.known) or 1)
    pool = PlannedPool(
        server_class=candidate.name,
        count=one.count,
        bid=money(one.bid),
        price=money(candidate.price),
        share_won=share,
        cpus=Decimal(candidate.cpu) * one.count / THOUSAND,
        memory=candidate.memory * one.count,
        reason="",
    )
    return evolve(pool, reason=_reason(pool, market.regions[region], candidate, level))


def _reason(pool: PlannedPool, others: Iterable[Candidate], one: Candidate, level: int) -> str:
    known = [*others]
    ranks = [
        (sorted(known, key=price_of).index(one), what)
        for price_of, what in ((_price_of_cpu, "CPU"), (_price_of_memory, "GB"))
    ]
    rank, what = min(ranks)
    why = "lowest allowed" if level == 0 else "lowest that suffices"
    return (
        f"{pool.server_class}: {_nth(rank)} price per {what} of {len(known)}; "
        f"bid {pool.bid:f}: {why}"
    )


def _price_of_cpu(one: Candidate) -> tuple[float, str]:
    return one.price / one.cpu, one.name


def _price_of_memory(one: Candidate) -> tuple[float, str]:
    return one.price / one.memory, one.name


def _nth(at: int) -> str:
    return {0: "best", 1: "2nd best", 2: "3rd best"}.get(at, f"{at + 1}th best")
