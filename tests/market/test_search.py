"""The search for the cheapest plan, against trying everything."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rsspot.market.problem import MILLION, Candidate, Demand, Steps
from rsspot.market.search import Search
from rsspot.market.series import Series
from rsspot.market.timeline import Timeline

if TYPE_CHECKING:
    from rsspot.market.problem import Solution

SLOTS = 8


@st.composite
def markets(draw: st.DrawFn) -> tuple[list[Candidate], Timeline, list[list[int]]]:
    """A few classes with prices over some hours, and the prices."""
    count = draw(st.integers(1, 4))
    prices = [
        draw(st.lists(st.integers(1, 6), min_size=SLOTS, max_size=SLOTS)) for _ in range(count)
    ]
    lengths = draw(st.lists(st.integers(1, 3), min_size=SLOTS, max_size=SLOTS))
    times = [sum(lengths[:at]) for at in range(SLOTS)]
    series = [Series(tuple(times), tuple(own), sum(lengths)) for own in prices]
    timeline = Timeline(series)
    made: list[Candidate] = []
    for at, own in enumerate(series):
        bids = tuple(sorted(draw(st.sets(st.integers(1, 6), min_size=1, max_size=3))))
        made.append(
            Candidate(
                name=f"c{at}",
                cpu=draw(st.sampled_from([1000, 2000, 4000, 8000])),
                memory=draw(st.integers(1, 12)),
                price=draw(st.integers(1, 12)),
                bids=bids,
                won=tuple(timeline.won(own, bids)),
                known=timeline.known(own),
                limit=draw(st.sampled_from([1, 2, 4, 100])),
            )
        )
    return (
        made,
        timeline,
        [[p for p, n in zip(own, lengths, strict=True) for _ in range(n)] for own in prices],
    )


@st.composite
def demands(draw: st.DrawFn) -> Demand:
    """Small demands of every kind."""
    low = draw(st.integers(1, 2))
    return Demand(
        cpu=draw(st.integers(0, 8)) * 1000,
        memory=draw(st.integers(0, 12)),
        nodes=draw(st.none() | st.integers(1, 4)),
        min_pools=low,
        max_pools=draw(st.integers(low, 3)),
        share=draw(st.sampled_from([0, 400_000, 800_000, 950_000, MILLION])),
        budget=draw(st.none() | st.integers(1, 40)),
        fewest=draw(st.booleans()),
        by_bids=draw(st.booleans()),
    )


def _supplies(
    used: list[tuple[Candidate, int, int, list[int]]], demand: Demand, hour: int | None
) -> bool:
    won = [(c, n) for c, n, bid, own in used if hour is None or own[hour] <= bid]
    nodes = demand.nodes is None or sum(n for _, n in won) == demand.nodes
    return (
        nodes
        and sum(n * c.cpu for c, n in won) >= demand.cpu
        and sum(n * c.memory for c, n in won) >= demand.memory
    )


def brute_force(
    candidates: list[Candidate], prices: list[list[int]], demand: Demand
) -> tuple[int, int] | None:
    """Try all numbers of servers up to what one class alone needs, with all bids."""
    hours = len(prices[0])
    most = max(
        4, *(max(-(-demand.cpu // c.cpu), -(-demand.memory // c.memory)) for c in candidates)
    )
    choices = [[(0, 0), *product(range(1, min(c.limit, most) + 1), c.bids)] for c in candidates]
    best: tuple[int, int] | None = None
    for pick in product(*choices):
        used = [
            (c, n, bid, own) for c, (n, bid), own in zip(candidates, pick, prices, strict=True) if n
        ]
        maximum = sum(n * bid for _, n, bid, _ in used)
        if not demand.min_pools <= len(used) <= demand.max_pools:
            continue
        if demand.nodes is not None and sum(n for _, n, _, _ in used) != demand.nodes:
            continue
        if demand.budget is not None and maximum > demand.budget:
            continue
        expected = sum(n * (c.price + (10**12 if demand.fewest else 0)) for c, n, _, _ in used)
        key = (maximum, expected) if demand.by_bids else (expected, maximum)
        if best is not None and key >= best:
            continue

        if not _supplies(used, demand, None):
            continue
        if (
            sum(_supplies(used, demand, hour) for hour in range(hours)) * MILLION
            >= demand.share * hours
        ):
            best = key
    return best


@settings(max_examples=120)
@given(markets(), demands())
def test_the_search_finds_what_trying_everything_finds(
    market: tuple[list[Candidate], Timeline, list[list[int]]], demand: Demand
) -> None:
    _compare(market, demand)


@pytest.mark.prove
@settings(max_examples=4000)
@given(markets(), demands())
def test_the_search_finds_what_trying_everything_finds_in_many_markets(
    market: tuple[list[Candidate], Timeline, list[list[int]]], demand: Demand
) -> None:
    _compare(market, demand)


def _compare(market: tuple[list[Candidate], Timeline, list[list[int]]], demand: Demand) -> None:
    candidates, timeline, prices = market
    search = Search(candidates, demand, timeline)
    found = search.run()
    assert search.is_exact
    assert (None if found is None else found.key) == brute_force(candidates, prices, demand)
    if found is not None:
        check(found, demand, timeline)


def check(found: Solution, demand: Demand, timeline: Timeline) -> None:
    """Check that a result is what it says."""
    total = sum(one.count * one.bid for one in found.choices)
    assert total == found.key[0 if demand.by_bids else 1]
    share = timeline.seconds(found.won) * MILLION
    assert share >= demand.share * timeline.seconds(found.known)
    assert all(one.bid in one.candidate.bids for one in found.choices)


def test_a_search_that_takes_too_long_ends_with_the_best_so_far() -> None:
    series = Series(tuple(range(8)), (1, 2, 3, 4, 5, 6, 7, 8), 8)
    timeline = Timeline([series])
    candidates = [
        Candidate(
            name=f"c{at}", cpu=1000 + at, memory=1, price=10 + at, bids=(8,),
            won=tuple(timeline.won(series, [8])), known=timeline.known(series),
        )
        for at in range(12)
    ]  # fmt: skip
    search = Search(candidates, Demand(cpu=77_000, max_pools=4), timeline, steps=Steps(300))
    assert search.run() is not None
    assert not search.is_exact
