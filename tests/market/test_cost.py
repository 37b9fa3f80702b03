"""What pools and control planes cost."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.errors import InvalidInput, NotFoundError
from rsspot.market.cost import Cost
from rsspot.market.costing import pool_cost
from rsspot.models import OnDemandNodePool, ServerClass, SpotNodePool, VMPool

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox

LARGE = "gp.vs2.large-dfw2"
REGION = "us-central-dfw-2"
KNOWN = {
    "x": ServerClass(
        {
            "metadata": {"name": "x"},
            "spec": {
                "minBidPricePerHour": "0.02",
                "onDemandPricing": {"cost": "0.5", "interval": "1h"},
            },
            "status": {"spotPricing": {"marketPricePerHour": "0.001"}},
        }
    )
}


def _spot(bid: str = "0.05", desired: int = 3, won: int | None = 2, **spec: Any) -> SpotNodePool:
    data: dict[str, Any] = {
        "metadata": {"name": "p"},
        "spec": {"serverClass": "x", "bidPrice": bid, "desired": desired, **spec},
        "status": {"wonCount": won},
    }
    return SpotNodePool(data)


def test_a_spot_pool_costs_the_floor_where_the_market_is_below_it() -> None:
    line = pool_cost(_spot(), KNOWN)
    assert line.price == Decimal("0.02")
    assert (line.now, line.expected, line.maximum) == (
        Decimal("0.04"), Decimal("0.06"), Decimal("0.15"),
    )  # fmt: skip


def test_a_bid_below_the_price_is_expected_to_cost_nothing() -> None:
    line = pool_cost(_spot(bid="0.01", won=None), KNOWN)
    assert [line.now, line.expected, line.maximum] == [0, 0, Decimal("0.03")]


def test_autoscaling_counts_up_to_its_maximum() -> None:
    line = pool_cost(_spot(autoscaling={"enabled": True, "minNodes": 1, "maxNodes": 10}), KNOWN)
    assert (line.wanted, line.maximum) == (10, Decimal("0.5"))


def test_fixed_prices_are_expected_and_the_most() -> None:
    data: dict[str, Any] = {
        "metadata": {"name": "p"},
        "spec": {"serverClass": "x", "desired": 2},
        "status": {"reservedCount": 1},
    }
    line = pool_cost(OnDemandNodePool(data), KNOWN)
    assert [line.now, line.expected, line.maximum] == [Decimal("0.5"), 1, 1]
    rented = VMPool({**data, "spec": {**data["spec"], "poolType": "ondemand", "bidPrice": "0.1"}})
    assert pool_cost(rented, KNOWN).maximum == 1


def test_what_has_no_known_price_is_named_and_not_counted() -> None:
    found = Cost((pool_cost(_spot(), {}), pool_cost(_spot(), KNOWN)))
    assert found.unknown == ("p",)
    assert found.now == Decimal("0.04")
    assert found.maximum == Decimal("0.30")
    assert json.loads(json.dumps(found.to_dict()))["unknown"] == ["p"]


def test_a_cloudspace_costs_its_control_plane_and_its_pools(
    spot: Any, sandbox: SpotSandbox
) -> None:
    spot.cloudspaces.create("demo", region=REGION, ha_control_plane=True)
    spot.cloudspaces.create("other", region=REGION)
    spot.spot_nodepools.create("demo", server_class=LARGE, bid_price="0.22", desired=3)
    spot.ondemand_nodepools.create("demo", server_class=LARGE, desired=1)
    sandbox.advance(minutes=10)
    found = spot.pricing.cost("demo")
    market = spot.server_classes.get(LARGE).market_price
    plane = Decimal(40) / 730
    assert {line.kind for line in found.lines} == {"control plane", "spot", "ondemand"}
    assert found.now == plane + 3 * market + Decimal("0.48")
    assert found.maximum == plane + 3 * Decimal("0.22") + Decimal("0.48")
    assert found.maximum_per_month == found.maximum * 730
    assert found.missing == ()
    assert len(spot.pricing.cost().lines) == 4
    assert "<table>" in found._repr_html_()


def test_an_autopilot_pool_is_counted_once(spot: Any, sandbox: SpotSandbox) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    spot.autopilot_nodepools.create("demo", region=REGION, vcpu_total=8, budget_per_hour="0.5")
    sandbox.advance(minutes=30)
    found = spot.pricing.cost("demo")
    (line,) = [line for line in found.lines if line.kind != "control plane"]
    assert (line.kind, line.maximum) == ("autopilot", Decimal("0.5"))
    assert line.now is not None
    assert 0 < line.now <= Decimal("0.5")


def test_lists_that_cannot_be_read_are_named(spot: Any, sandbox: SpotSandbox) -> None:
    sandbox.faults.add("status", path="autopilotnodepools", status=403)
    sandbox.faults.add("status", path="vmpools", status=404)
    assert spot.pricing.cost().missing == ("autopilot pools", "VM pools")


def test_a_cloudspace_that_is_not_there_is_an_error(spot: Any) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    with pytest.raises(NotFoundError, match="no cloudspace 'dmo'") as raised:
        spot.pricing.cost("dmo")
    assert "demo" in (raised.value.hint or "")


def test_a_pool_is_estimated_before_it_is_bought(spot: Any) -> None:
    found = spot.pricing.estimate(LARGE, count=4, bid="0.22")
    assert found.maximum == Decimal("0.88")
    assert 4 * Decimal("0.04") <= found.expected <= found.maximum
    assert spot.pricing.estimate(LARGE).maximum == Decimal("0.48")
    for options in ({"count": -1}, {"bid": "free"}, {"count": True}):
        with pytest.raises(InvalidInput):
            spot.pricing.estimate(LARGE, **options)
