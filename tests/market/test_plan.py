"""Plans: what they promise, how they are explained, and what stands in their way."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.errors import ConflictError, InvalidInput
from rsspot.market import PlanRequest, Series, make_plan
from rsspot.models import ServerClass

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.market import Plan
    from rsspot.sandbox import SpotSandbox

REGION = "us-central-dfw-2"
GB = 10**9


def _class(name: str, cpu: int, memory: int, **more: Any) -> ServerClass:
    spec = {
        "region": more.get("region", "r"),
        "availability": more.get("availability", "available"),
        "minBidPricePerHour": more.get("floor", "0.01"),
        "onDemandPricing": {"cost": more.get("on_demand", "0.5"), "interval": "1h"},
        "resources": {"cpu": str(cpu), "memory": f"{memory}GB"},
    }
    return ServerClass(
        {
            "metadata": {"name": name},
            "spec": spec,
            "status": {"available": more.get("available", 100)},
        }
    )


def _series(*cents: int) -> Series:
    made = Series.of((3600 * at, 10_000 * price) for at, price in enumerate(cents))
    assert made is not None
    return made


def _plan(classes: list[ServerClass], prices: dict[str, Series], **wanted: Any) -> Plan:
    request: dict[str, Any] = {
        "cpus": Decimal(8), "memory": 0, "nodes": None, "regions": (), "budget": None,
        "availability": Decimal(1), "pools": (1, 3), "strategy": "balanced", **wanted,
    }  # fmt: skip
    return make_plan(classes, prices, PlanRequest(**request))


def test_pools_that_are_never_lost_together_are_available_together() -> None:
    """Each class is lost for an hour, up to any sensible bid; another one is there then."""
    classes = [_class(name, 4, 8, on_demand="0.05") for name in "ab"]
    prices = {"a": _series(1, 99, 1, 1), "b": _series(1, 1, 99, 1)}
    found = _plan(classes, prices, availability=Decimal("0.99"))
    assert [(pool.server_class, pool.count) for pool in found.pools] == [("a", 2), ("b", 2)]
    assert found.availability == 1
    assert found.longest_outage == timedelta()
    assert {pool.share_won for pool in found.pools} == {0.75}


def test_pools_that_are_lost_together_do_not_help_each_other() -> None:
    classes = [_class(name, 4, 8, on_demand="0.05") for name in "ab"]
    prices = {name: _series(1, 99, 1, 1) for name in "ab"}
    with pytest.raises(InvalidInput, match=r"99% is not possible.* 75\.0% is") as raised:
        _plan(classes, prices, availability=Decimal("0.99"))
    assert raised.value.argument == "availability"
    assert raised.value.hint == "Ask for an availability of 0.75"
    found = _plan(classes, prices, availability=Decimal("0.75"))
    assert (found.availability, found.longest_outage) == (0.75, timedelta(hours=1))
    assert len(found.pools) == 1


def test_a_plan_is_in_one_region_and_offers_what_can_be_bought() -> None:
    classes = [
        _class("far", 4, 8, region="q"),
        _class("near", 4, 8, region="r"),
        _class("old", 8, 8, availability="deprecated"),
        _class("gone", 8, 8, available=0),
        _class("new", 8, 8),
    ]
    prices = {name: _series(1) for name in ("far", "old", "gone")} | {"near": _series(2)}
    found = _plan(classes, prices, pools=(1, 2))
    assert (found.region, [pool.server_class for pool in found.pools]) == ("q", ["far"])
    assert _plan(classes, prices, regions=("r",)).region == "r"
    with pytest.raises(InvalidInput, match="no server class to buy in nowhere"):
        _plan(classes, prices, regions=("nowhere",))


@pytest.mark.parametrize(
    ("wanted", "argument", "hint"),
    [
        ({"budget": Decimal("0.03")}, "budget", "Allow a budget of 0.04/h"),
        ({"nodes": 1}, "nodes", "Ask for 2 servers"),
        ({"pools": (2, 3)}, "pools", "Allow 1 pools"),
        ({"cpus": Decimal(10_000)}, "cpus", "Ask for less"),
    ],
)
def test_the_constraint_that_binds_is_named_with_what_is_feasible(
    wanted: dict[str, Any], argument: str, hint: str
) -> None:
    with pytest.raises(InvalidInput, match="There is no plan for") as raised:
        _plan([_class("a", 4, 8)], {"a": _series(1, 2)}, **wanted)
    assert raised.value.argument == argument
    assert (raised.value.hint or "").startswith(hint)


def test_what_is_said_to_be_feasible_is() -> None:
    classes = [_class("a", 4, 8), _class("b", 16, 64, floor="0.08")]
    prices = {"a": _series(1, 9, 3, 4), "b": _series(9, 8, 20, 8)}
    for wanted in (
        {"budget": Decimal("0.01")}, {"nodes": 9, "budget": Decimal("0.5")},
        {"availability": Decimal(1), "nodes": 1, "cpus": Decimal(20)},
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as raised:
            _plan(classes, prices, **wanted)
        hint = (raised.value.hint or "").split(";")[0]
        fixed: dict[str, Any] = dict(wanted)
        if raised.value.argument == "budget":
            fixed["budget"] = Decimal(hint.split()[-1].removesuffix("/h"))
        elif raised.value.argument == "nodes":
            fixed["nodes"] = int(hint.split()[2])
        assert _plan(classes, prices, **fixed).pools


@pytest.mark.parametrize("strategy", ["max-value", "balanced", "max-performance"])
def test_the_client_plans_in_both_modes(spot: Any, strategy: str) -> None:
    found = spot.pricing.plan(cpus=32, memory="128GB", strategy=strategy)
    wanted = {"max-value": 0.95, "balanced": 0.99, "max-performance": 0.999}[strategy]
    assert found.is_exact
    assert found.availability >= wanted
    assert found.cpus >= 32
    assert found.memory >= 128 * GB
    assert 1 <= len(found.pools) <= 3
    assert found.expected <= found.maximum
    assert json.loads(json.dumps(found.to_dict()))["region"] == found.region
    assert found.pools[0].reason in str(found)
    assert "price history" in found._repr_html_()


def test_each_constraint_of_a_plan_is_met(spot: Any) -> None:
    options: dict[str, Any] = {"cpus": 16, "memory": "64GB", "regions": [REGION]}
    found = spot.pricing.plan(**options, nodes=3, pools="2..3", availability="95%")
    assert (found.region, found.nodes) == (REGION, 3)
    assert 2 <= len(found.pools) <= 3
    free = spot.pricing.plan(**options)
    bound = spot.pricing.plan(**options, budget=free.maximum)
    assert (bound.expected, bound.maximum) == (free.expected, free.maximum)
    few = spot.pricing.plan(**options, strategy="max-performance")
    assert few.nodes <= free.nodes


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({}, "A plan needs a number of CPUs"),
        ({"cpus": -1}, "not a number of CPUs"),
        ({"cpus": float("nan")}, "not a number of CPUs"),
        ({"memory": "128"}, "which has no unit"),
        ({"nodes": 0}, "nodes must be a whole number"),
        ({"nodes": 2, "pools": 3}, "3 pools need at least 3 servers"),
        ({"cpus": 8, "availability": 99}, "not a share from 0 to 1"),
        ({"cpus": 8, "availability": "often"}, "not a share from 0 to 1"),
        ({"cpus": 8, "availability": float("nan")}, "not a share from 0 to 1"),
        ({"cpus": 8, "availability": "Infinity"}, "not a share from 0 to 1"),
        ({"cpus": 8, "availability": "sNaN%"}, "not a share from 0 to 1"),
        ({"cpus": 8, "budget": "cheap"}, "not a rate"),
        ({"cpus": 8, "budget": 0.5}, "cannot hold an exact amount|must be"),
        ({"cpus": 8, "pools": "4..2"}, "not a number of pools"),
        ({"cpus": 8, "pools": 0}, "not a number of pools"),
        ({"cpus": 8, "pools": 9}, "not a number of pools"),
        ({"cpus": 8, "strategy": "cheapest"}, "strategy"),
    ],
)
def test_what_cannot_be_planned_is_refused_before_any_call(
    connect: Callable[..., Any], options: dict[str, Any], problem: str
) -> None:
    client = connect(base_url="http://127.0.0.1:9", access_token="x")
    with pytest.raises(InvalidInput, match=problem):
        client.pricing.plan(**options)


def test_a_plan_is_bought_once(spot: Any, sandbox: SpotSandbox) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    found = spot.pricing.plan(cpus=16, memory="32GB", regions=[REGION], pools=2)
    first = spot.pricing.buy(found, "demo")
    again = spot.pricing.buy(found, "demo")
    assert [pool.name for pool in first] == [pool.name for pool in again]
    assert len(spot.spot_nodepools.list()) == 2
    sandbox.advance(minutes=60)
    for pool, planned in zip(first, found.pools, strict=True):
        assert (pool.server_class, pool.desired) == (planned.server_class, planned.count)
    other = spot.pricing.plan(cpus=2, regions=[REGION], nodes=1, strategy="max-performance")
    if other.pools[0].server_class != found.pools[0].server_class:
        with pytest.raises(ConflictError, match="server_class"):
            spot.pricing.buy(other, "demo")
    assert len(spot.pricing.buy(other, "demo", key="more")) == 1


def test_a_plan_for_another_region_is_not_bought(spot: Any) -> None:
    spot.cloudspaces.create("demo", region="uk-lon-1")
    found = spot.pricing.plan(cpus=8, regions=[REGION])
    with pytest.raises(InvalidInput, match="is in uk-lon-1") as raised:
        spot.pricing.buy(found, "demo")
    assert raised.value.hint == "Plan with regions=['uk-lon-1']"
    assert spot.spot_nodepools.list() == []


def test_a_region_that_is_not_there_is_refused(spot: Any) -> None:
    with pytest.raises(InvalidInput, match="us-central-dfw-9"):
        spot.pricing.plan(cpus=8, regions=["us-central-dfw-9"])
