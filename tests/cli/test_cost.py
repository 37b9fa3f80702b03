"""What things cost, at the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

LARGE = "gp.vs2.large-dfw2"


@pytest.fixture
def demo(rsspot: Callable[..., Any], sandbox: SpotSandbox) -> Callable[..., Any]:
    """A cloudspace with one pool."""
    rsspot("cloudspaces", "create", "demo", "--region", "us-central-dfw-2")
    rsspot(
        "pools",
        "create",
        "spot",
        "demo",
        "--bid",
        "0.22",
        "--count",
        "3",
        "--key",
        "a",
        "--class",
        LARGE,
    )
    sandbox.advance(minutes=10)
    return rsspot


def test_the_cost_is_shown_by_pool_and_in_total(demo: Callable[..., Any]) -> None:
    for width in (50, 80, 200):
        shown = demo("cost", "--no-color", terminal=True, width=width).out
        assert "control plane" in shown
        assert "at most   0.6600 USD an hour, 481.80 a month" in shown
        assert max(map(len, shown.splitlines())) <= width
    data = json.loads(demo("cost", "demo", "-o", "json").out)
    assert data["per_hour"]["maximum"] == "0.66"
    assert data["per_month"]["maximum"] == "481.80"
    assert demo("cost", "dmo").status == 6


def test_a_pool_shows_its_cost_before_it_is_created_or_scaled(demo: Callable[..., Any]) -> None:
    made = demo(
        "pools", "create", "spot", "demo", "--bid", "0.22", "--count", "2", "--class", LARGE
    )
    assert f"Cost: 2 of {LARGE}: expected " in made.err
    assert "at most 0.44 USD an hour (321.20 a month)" in made.err
    fixed = demo("pools", "create", "ondemand", "demo", "--class", LARGE)
    assert f"Cost: 1 of {LARGE}: 0.48 USD an hour (350.40 a month), a fixed price" in fixed.err
    pool = json.loads(demo("pools", "list", "-o", "json").out)[0]["metadata"]["name"]
    assert "at most 0.88 USD an hour" in demo("pools", "scale", pool, "4").err


def test_a_bid_below_the_market_is_not_expected_to_cost_anything(demo: Callable[..., Any]) -> None:
    made = demo("pools", "create", "spot", "demo", "--bid", "0.001", "--class", LARGE)
    assert "nothing while the market price, 0." in made.err
    assert ", is above the bid; at most 0.001 USD an hour" in made.err


def test_a_cost_that_cannot_be_found_out_stops_nothing(
    demo: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    sandbox.faults.add("status", path=f"serverclasses/{LARGE}", status=404)
    made = demo("pools", "create", "spot", "demo", "--bid", "0.22", "--class", LARGE)
    assert (made.status, "Cost:" in made.err) == (0, False)
