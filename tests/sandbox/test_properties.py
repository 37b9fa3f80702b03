"""Properties of selectors, pages, patches and auctions, for any input."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rsspot.sandbox.api.resources import json_patch, merge_patch
from rsspot.sandbox.world.auction import Auction
from rsspot.sandbox.world.catalogue import CLASSES
from rsspot.sandbox.world.clock import SandboxClock
from rsspot.sandbox.world.lists import label_matches
from rsspot.sandbox.world.market import Market
from rsspot.sandbox.world.objects import Identifiers, Objects
from rsspot.sandbox.world.world import Events, World
from rsspot.shapes import is_object

LABELS = st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.sampled_from("abc"), JSON)
# How long an example takes says more about the machine than about the sandbox.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ENTRY = CLASSES["gpu.vs2.xlargeplusplus-sjc"]


@patient
@given(LABELS, st.sampled_from("abc"), st.sets(st.sampled_from("xyz"), min_size=1))
def test_a_selector_and_its_negation_part_everything(
    labels: dict[str, str], key: str, values: set[str]
) -> None:
    item = {"metadata": {"labels": labels}}
    listed = ",".join(sorted(values))
    for one, other in (
        (f"{key} in ({listed})", f"{key} notin ({listed})"),
        (f"{key}={min(values)}", f"{key}!={min(values)}"),
        (key, f"!{key}"),
    ):
        assert label_matches(item, one) is not label_matches(item, other)
        assert not label_matches(item, f"{one},{other}")
    assert label_matches(item, f"{key} in ({listed})") is (labels.get(key) in values)


@patient
@given(st.sets(st.sampled_from("abcdefgh")), st.integers(1, 9))
def test_pages_of_any_size_are_the_whole_list(names: set[str], limit: int) -> None:
    objects = Objects(SandboxClock(), Identifiers(1))
    items: list[dict[str, Any]] = [{"metadata": {"name": name}} for name in names]
    seen: list[str] = []
    query = {"limit": str(limit)}
    while True:
        page = objects.select("Thing", items, query)
        seen += [item["metadata"]["name"] for item in page["items"]]
        if "continue" not in page["metadata"]:
            break
        assert len(page["items"]) == limit
        query["continue"] = page["metadata"]["continue"]
    assert seen == sorted(names)


def _without_nulls(value: Any) -> Any:
    if is_object(value):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return value


@patient
@given(OBJECTS, OBJECTS)
def test_a_merge_patch_twice_is_once_and_spoils_neither_side(target: Any, patch: Any) -> None:
    before = copy.deepcopy((target, patch))
    merged = merge_patch(target, patch)
    assert (target, patch) == before
    assert merge_patch(merged, patch) == merged
    for key, value in patch.items():
        if value is None:
            assert key not in merged
        elif not isinstance(value, dict):
            assert merged[key] == value
    assert merge_patch({}, patch) == _without_nulls(patch)


@patient
@given(OBJECTS, OBJECTS)
def test_a_json_patch_makes_one_object_of_another(old: Any, new: Any) -> None:
    before = copy.deepcopy(old)
    removed = [{"op": "remove", "path": f"/{key}"} for key in old]
    added = [{"op": "add", "path": f"/{key}", "value": value} for key, value in new.items()]
    tests = [{"op": "test", "path": f"/{key}", "value": value} for key, value in old.items()]
    assert json_patch(old, [*tests, *removed, *added]) == new
    assert old == before


@patient
@given(
    st.lists(st.tuples(st.integers(100, 4000), st.integers(0, 6)), max_size=6),
    st.lists(st.integers(1, 4), max_size=2),
)
def test_an_auction_gives_no_more_than_there_is_and_never_to_a_lower_bid_first(
    bids: list[tuple[int, int]], reserved: list[int]
) -> None:
    objects = Objects(SandboxClock(start=0), Identifiers(1))
    market = Market(1, 0)
    world = World(objects, market, Identifiers(2), Events(), _fail)
    objects.create(
        "cloudspaces", "n", {"kind": "CloudSpace", "metadata": {"name": "demo"}, "spec": {}}
    )
    for number, (mills, desired) in enumerate(bids):
        _pool(objects, f"bid-{number}", desired, bidPrice=str(Decimal(mills) / 1000))
    for number, desired in enumerate(reserved):
        _pool(objects, f"steady-{number}", desired, plural="ondemandnodepools")
    auction = Auction(world)
    for now in (0, 30):
        auction.run(now)
    free = ENTRY.capacity - market.used_by_others(ENTRY)
    steady = [item["status"]["reservedCount"] for item in objects.each("ondemandnodepools")]
    pools = sorted(
        objects.each("spotnodepools"), key=lambda item: -Decimal(item["spec"]["bidPrice"])
    )
    won = [item["status"]["wonCount"] for item in pools]
    assert sum(steady) == min(sum(reserved), free)
    assert sum(steady) + sum(won) <= free
    assert auction.available(ENTRY) == free - sum(steady) - sum(won)
    price = market.price(ENTRY, 30)
    short = False
    for item, count in zip(pools, won, strict=True):
        enough = Decimal(item["spec"]["bidPrice"]) >= price
        assert count == 0 or (enough and not short)
        assert (item["status"]["bidStatus"] == "Lost") is not enough
        short = short or (enough and count < item["spec"]["desired"])


def _fail(url: str, body: dict[str, str]) -> None:
    raise AssertionError("no server was lost")


def _pool(
    objects: Objects, name: str, desired: int, *, plural: str = "spotnodepools", **spec: str
) -> None:
    kind = "SpotNodePool" if plural == "spotnodepools" else "OnDemandNodePool"
    whole = {"cloudSpace": "demo", "serverClass": ENTRY.name, "desired": desired, **spec}
    objects.create(plural, "n", {"kind": kind, "metadata": {"name": name}, "spec": whole})
