"""Bids replayed against past prices."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot.errors import InvalidInput, NotFoundError
from rsspot.market import Series, backtest
from rsspot.models import next_rung

if TYPE_CHECKING:
    from collections.abc import Callable

HOUR = 3600


def _series(*prices: int) -> Series:
    made = Series.of((hour * HOUR, price * 10_000) for hour, price in enumerate(prices))
    assert made is not None
    return made


def test_a_replay_counts_time_interruptions_and_outages() -> None:
    """Cents: the bid of 2 wins hours 0, 2, 3 and 6 of 8."""
    found = backtest(_series(1, 3, 2, 2, 4, 5, 1, 9), server_class="x", bids=[Decimal("0.02")])
    (result,) = found.results
    assert result.share_won == 0.5
    assert result.interruptions == 3
    assert result.interruptions_per_week == 3 * 7 * 24 / 8
    assert result.longest_outage == timedelta(hours=2)
    assert result.mean_paid == Decimal("0.015")
    assert found.period == timedelta(hours=8)


def test_the_floor_is_the_least_that_wins_and_that_is_paid() -> None:
    found = backtest(
        _series(1, 1, 2),
        server_class="x",
        bids=[Decimal("0.01"), Decimal("0.02")],
        floor=Decimal("0.02"),
    )
    assert [result.share_won for result in found.results] == [0, 1]
    assert [result.mean_paid for result in found.results] == [None, Decimal("0.02")]


def test_a_period_begins_in_the_middle_of_a_price() -> None:
    found = backtest(
        _series(1, 5, 5), server_class="x", bids=[Decimal("0.01")], period=timedelta(minutes=150)
    )
    assert found.results[0].share_won == 0.2
    assert not found.is_short
    assert "2 h 30 min of price history, since 1970-01-01 00:30 UTC" in found.basis


def test_a_short_feed_is_reported_with_its_beginning() -> None:
    found = backtest(_series(1, 1), server_class="x", period=timedelta(days=30))
    assert found.is_short
    assert found.basis == (
        "2 h of price history: 30 d were asked for, but the feed begins at 1970-01-01 00:00 UTC"
    )


@given(
    st.lists(st.integers(1, 60), min_size=2, max_size=40),
    st.integers(1, 70),
    st.integers(1, 20),
)
def test_a_replay_equals_a_walk_over_hours(prices: list[int], bid: int, floor: int) -> None:
    found = backtest(
        _series(*prices),
        server_class="x",
        bids=[Decimal(bid) / 100],
        floor=Decimal(floor) / 100,
    ).results[0]
    won = [floor <= bid and price <= bid for price in prices]
    paid = [max(price, floor) for price, wins in zip(prices, won, strict=True) if wins]
    text = "".join("1" if wins else "0" for wins in won)
    assert found.share_won == pytest.approx(sum(won) / len(won))
    assert found.interruptions == text.count("10")
    assert found.longest_outage == timedelta(hours=max(map(len, text.split("1"))))
    if paid:
        assert found.mean_paid is not None
        assert float(found.mean_paid) == pytest.approx(sum(paid) / len(paid) / 100, abs=1e-6)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40), st.integers(1, 30))
def test_the_bids_that_are_tried_are_the_steps_that_make_a_difference(
    prices: list[int], floor: int
) -> None:
    found = backtest(_series(*prices), server_class="x", floor=Decimal(floor) / 100)
    bids = [result.bid for result in found.results]
    shares = [result.share_won for result in found.results]
    assert bids == sorted({next_rung(bid) for bid in bids})
    assert shares == sorted({*shares})
    assert shares[-1] == 1
    assert bids[0] == next_rung(Decimal(floor) / 100)


def test_no_bid_above_the_on_demand_price_is_tried() -> None:
    found = backtest(
        _series(1, 50), server_class="x", floor=Decimal("0.01"), on_demand=Decimal("0.2")
    )
    assert [result.bid for result in found.results] == [Decimal("0.01")]
    assert found.lowest(0.9) is None
    lowest = found.lowest(0.5)
    assert lowest is not None
    assert lowest.bid == Decimal("0.01")


def test_entries_of_a_feed_that_cannot_be_read_are_left_out() -> None:
    entries: list[Any] = [
        {"run_at": 7200, "hammer_price": "0.03"},
        {"run_at": 0, "hammer_price": 0.036000000000000004},
        {"run_at": 3600, "hammer_price": 1},
        *({"run_at": time, "hammer_price": price} for time, price in (
            (None, 1), (True, 1), (1, None), (1, "x"), (1, float("nan")), (1, -1), ("1", 1)
        )),
        "x",
    ]  # fmt: skip
    series = Series.of_feed({"history": entries})
    assert series is not None
    assert (series.times, series.prices) == ((0, 3600, 7200), (36_000, 1_000_000, 30_000))
    assert series.end == 10_800
    assert Series.of_feed({}) is None


def test_the_client_replays_bids_in_both_modes(spot: Any) -> None:
    found = spot.pricing.backtest("gp.vs2.large-dfw2", bids=["0.06", "0.22"], period="12h")
    assert [result.bid for result in found.results] == [Decimal("0.06"), Decimal("0.22")]
    assert found.floor == Decimal("0.04")
    assert found.period == timedelta(hours=12)
    assert "<table>" in found._repr_html_()
    with pytest.raises(NotFoundError, match="no price history for nope"):
        spot.pricing.backtest("nope")


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"bids": [0.1]}, "is a float"),
        ({"bids": ["-1"]}, "prices start at 0.001"),
        ({"period": "30"}, "which has no unit"),
        ({"period": "-1d"}, "not a duration"),
        ({"period": "0s"}, "period is 0"),
    ],
)
def test_the_client_refuses_bad_bids_and_periods_before_any_call(
    connect: Callable[..., Any], options: dict[str, Any], problem: str
) -> None:
    client = connect(base_url="http://127.0.0.1:9", access_token="x")
    with pytest.raises(InvalidInput, match=problem):
        client.pricing.backtest("gp.vs2.large-dfw2", **options)
