"""Price histories: what they compute, and their pictures."""

from __future__ import annotations

import copy
import json
import pickle
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot.errors import InvalidInput, NotFoundError
from rsspot.models import PriceHistories, PriceHistory, PricePoint
from rsspot.models.price_scale import price_scale, time_ticks

if TYPE_CHECKING:
    from collections.abc import Callable

START = datetime(2026, 11, 1, tzinfo=UTC)
CLASS = "gp.vs2.large-dfw2"


def _history(*cents: int, **options: Any) -> PriceHistory:
    points = [
        PricePoint(START + timedelta(minutes=5 * at), Decimal(price) / 100)
        for at, price in enumerate(cents)
    ]
    known: dict[str, Any] = {"server_class": "gp.x", **options}
    return PriceHistory(points, **known)


def test_a_history_is_a_list_of_points() -> None:
    history = _history(1, 2, 3)
    assert isinstance(history, list)
    assert history == [*history]
    assert [point.price for point in history[1:]] == [Decimal("0.02"), Decimal("0.03")]
    assert isinstance(history[1:], PriceHistory)
    assert history[-1].time == history.until
    for other in (copy.deepcopy(history), pickle.loads(pickle.dumps(history))):  # noqa: S301 - ours
        assert other == history
        assert other.server_class == "gp.x"


def test_its_figures_count_each_auction_once() -> None:
    history = _history(4, 1, 2, 3)
    assert (history.low, history.high, history.mean) == (
        Decimal("0.01"), Decimal("0.04"), Decimal("0.025"),
    )  # fmt: skip
    assert history.percentile(50) == Decimal("0.02")
    assert history.percentile(100) == Decimal("0.04")
    assert history.share_below("0.02") == 0.5
    assert history.share_below("0.005") == 0


@given(st.lists(st.integers(1, 99), min_size=1), st.integers(1, 100))
def test_a_percentile_is_the_lowest_bid_that_wins_this_share(prices: list[int], p: int) -> None:
    history = _history(*prices)
    bid = history.percentile(p)
    assert history.share_below(bid) >= p / 100
    lower = [Decimal(price) / 100 for price in prices if Decimal(price) / 100 < bid]
    assert all(history.share_below(price) < p / 100 for price in lower)


def test_a_history_without_auctions_says_so() -> None:
    history = _history()
    assert history.to_dict()["points"] == []
    assert "No auctions" in history.svg()
    for read in (
        lambda: history.low, lambda: history.mean, lambda: history.since,
        lambda: history.percentile(50), lambda: history.share_below("1"),
    ):  # fmt: skip
        with pytest.raises(NotFoundError, match=r"There are no auctions for gp\.x"):
            read()


@pytest.mark.parametrize("p", [0, -1, 101, 0.5, float("nan")])
def test_a_percentile_that_is_none_is_refused(p: float) -> None:
    with pytest.raises(InvalidInput, match="percentile is"):
        _history(1).percentile(p)


def test_its_dictionary_is_exact_json() -> None:
    data = json.loads(json.dumps(_history(1, 2, floor=Decimal("0.01")).to_dict()))
    assert data["points"][1] == {"time": "2026-11-01T00:05:00+00:00", "price": "0.02"}
    assert (data["floor"], data["on_demand"], data["mean"]) == ("0.01", None, "0.015")


def test_a_picture_shows_market_floor_percentiles_and_bids() -> None:
    history = _history(4, 5, 6, floor=Decimal("0.04"), on_demand=Decimal("0.06"))
    picture = history.svg(bids=["0.05"])
    texts = re.findall("<text[^>]*>([^<]*)</text>", picture)
    for label in ("20%", "50%", "80%", "floor", "on demand", "bid 0.05", "USD an hour"):
        assert label in texts
    assert any("2026-11-01 00:00 to 2026-11-01 00:10 UTC" in text for text in texts)
    assert "bid 0.05 wins 66.7%" in texts
    assert history._repr_html_() == history.svg()


def test_several_classes_are_in_one_picture() -> None:
    both = PriceHistories([_history(1, 2), _history(3, 4, server_class="ch.x")])
    picture = both.svg()
    assert "gp.x: low 0.01" in picture
    assert "ch.x: low 0.03" in picture


def test_names_in_a_picture_are_escaped() -> None:
    picture = _history(1, server_class="<script>alert(1)</script>\x00&\"'").svg()
    assert "&lt;script&gt;" in picture
    assert not {"<script>", "\x00"} & {*re.findall("<script>|\x00", picture)}


def test_one_spike_does_not_flatten_the_rest() -> None:
    usual = [Decimal(price) / 1000 for price in range(10, 20)] * 20
    scale = price_scale([*usual, Decimal(5)])
    assert scale.is_cut
    assert scale.high < Decimal("0.03")
    picture = _history(*[1, 2] * 60, 500).svg()
    assert "high 5" in picture


@given(
    st.lists(st.decimals("0.001", "50", places=3), min_size=1, max_size=30),
    st.lists(st.decimals("0.001", "50", places=3), max_size=3),
)
def test_a_scale_holds_the_usual_prices_and_every_line(
    prices: list[Decimal], lines: list[Decimal]
) -> None:
    scale = price_scale(prices, lines)
    assert 0 <= scale.low < scale.high
    assert all(scale.low <= price for price in [*prices, *lines])
    assert all(line <= scale.high for line in lines)
    assert scale.is_cut or max(prices) <= scale.high
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)
    assert 1 <= len(scale.ticks) <= 8


@given(st.integers(0, 4 * 10**9), st.integers(0, 10**8), st.integers(2, 30))
def test_ticks_of_time_are_round_few_and_in_range(begin: int, length: int, count: int) -> None:
    start = datetime.fromtimestamp(begin, UTC)
    end = start + timedelta(seconds=length)
    ticks = time_ticks(start, end, count=count)
    assert 1 <= len(ticks) <= count + 1 or length > 365 * 86400 * (count - 1)
    assert all(start <= time <= end for time, _ in ticks)
    assert ticks == sorted(ticks)


@pytest.mark.parametrize("size", [{"width": 199}, {"height": 119}])
def test_a_picture_too_small_to_read_is_refused(size: Any) -> None:
    with pytest.raises(InvalidInput, match="too small"):
        _history(1).svg(**size)


def test_the_client_returns_a_history_with_floor_and_bids(spot: Any) -> None:
    history = spot.pricing.history(CLASS, since="6h", bids=["0.06"])
    assert history.floor == Decimal("0.04")
    assert history.bids == (Decimal("0.06"),)
    assert 70 <= len(history) <= 73
    both = spot.pricing.histories([CLASS, "ch.vs2.large-dfw2", CLASS])
    assert [each.server_class for each in both] == [CLASS, "ch.vs2.large-dfw2"]
    with pytest.raises(InvalidInput, match="No server class was named"):
        spot.pricing.histories([])


def test_a_history_needs_no_catalogue(sandbox: Any, connect: Callable[..., Any]) -> None:
    """Prices are public; who cannot sign in gets them without the floor."""
    sandbox.faults.add("status", path="/oauth/token", status=401)
    history = connect(**sandbox.client_options()).pricing.history(CLASS)
    assert history
    assert history.floor is None
