"""A pool is found by its name, the beginning of it, or its key, and by nothing else."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from rsspot.errors import InvalidInput, NotFoundError
from rsspot.models import AutopilotNodePool, OnDemandNodePool, SpotNodePool, VMPool
from rsspot.resources.finding import find_pool, name_of_key


def pool(name: str, owner: str = "demo") -> SpotNodePool:
    return SpotNodePool(
        {"metadata": {"name": name, "namespace": "org-a"}, "spec": {"cloudSpace": owner}}
    )


POOLS = [
    pool("12345678-aaaa-4aaa-8aaa-aaaaaaaaaaaa"),
    pool("12345678-bbbb-4aaa-8aaa-aaaaaaaaaaaa"),
    pool("12"),
    pool(name_of_key("org-a", "demo", "workers")),
]


@pytest.mark.parametrize(
    ("text", "at"), [("12345678-a", 0), ("12345678-B", 1), ("12", 2), (" workers ", 3)]
)
def test_it_is_found(text: str, at: int) -> None:
    assert find_pool(POOLS, text) is POOLS[at]


def test_several_or_none_are_errors_that_help() -> None:
    with pytest.raises(InvalidInput, match=r"'1234' matches 2 pools: .*Write more of the name"):
        find_pool(POOLS, "1234")
    for text in ("", "worker", "9", "demo"):
        with pytest.raises(NotFoundError, match="There is no node pool"):
            find_pool(POOLS, text)


def test_groups_find_their_pools(spot: Any) -> None:
    spot.cloudspaces.create("demo", region="us-central-dfw-2")
    made = spot.spot_nodepools.create(
        "demo", server_class="gp.vs2.medium-dfw2", bid_price="0.05", key="a/b"
    )
    for text in (made.name, made.name[:9], "a/b"):
        assert spot.spot_nodepools.find(text) == made
    with pytest.raises(NotFoundError):
        spot.ondemand_nodepools.find(made.name)
    for text in ("", "x/y", ".."):
        with pytest.raises(InvalidInput):
            spot.spot_nodepools.find(text)


@pytest.mark.parametrize(
    ("market", "bid", "text"),
    [
        ("0.03", "0.02", "market 0.03 is above your bid 0.02"),
        ("0.1", "0.012", "market 0.10 is above your bid 0.012"),
        ("0.02", "0.02", None),
        (None, "0.02", None),
        ("0.03", None, None),
    ],
)
@pytest.mark.parametrize("kind", [SpotNodePool, VMPool])
def test_a_bid_below_the_market_is_explained(
    market: str | None, bid: str | None, text: str | None, kind: Any
) -> None:
    found = kind({"spec": {"bidPrice": bid}})
    assert found.explain_loss(None if market is None else Decimal(market)) == text


def test_a_fixed_price_and_a_budget_lose_to_no_market() -> None:
    assert OnDemandNodePool({}).explain_loss(Decimal(9)) is None
    assert AutopilotNodePool({"spec": {"budgetPerHour": "0.1"}}).explain_loss(Decimal(9)) is None
