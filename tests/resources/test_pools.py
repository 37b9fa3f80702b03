"""Pools of all kinds against the sandbox, in both modes.

Rules: docs/rules.md#updates, docs/rules.md#names-of-pools, docs/rules.md#named-conditions.
"""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import CLEAR, errors
from rsspot.models import Taint

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

REGION = "us-central-dfw-2"
CLASS = "gp.vs2.medium-dfw2"


@pytest.fixture
def demo(spot: Any) -> Any:
    spot.cloudspaces.create("demo", region=REGION)
    return spot


def test_a_pool_is_sent_as_the_api_wants_it(demo: Any, sandbox: SpotSandbox) -> None:
    made = demo.spot_nodepools.create(
        "demo",
        server_class=CLASS,
        bid_price=Decimal("0.050"),
        min_nodes=2,
        max_nodes=4,
        labels={"tier": "batch"},
        taints=["spot=true:NoSchedule", Taint("only", "NoExecute")],
    )
    body = sandbox.requests[-1].json()
    assert str(uuid.UUID(made.name)) == made.name
    assert body["metadata"]["labels"] == {"ngpc.rxt.io/cloudspace": "demo"}
    assert body["spec"] == {
        "cloudSpace": "demo",
        "serverClass": CLASS,
        "desired": 2,
        "bidPrice": "0.05",
        "autoscaling": {"enabled": True, "minNodes": 2, "maxNodes": 4},
        "customLabels": {"tier": "batch"},
        "customTaints": [
            {"key": "spot", "value": "true", "effect": "NoSchedule"},
            {"key": "only", "effect": "NoExecute"},
        ],
    }


def test_a_key_gives_the_same_pool_each_time(demo: Any) -> None:
    options = {"server_class": CLASS, "bid_price": "0.05", "key": "workers"}
    first = demo.spot_nodepools.create("demo", **options)
    again = demo.spot_nodepools.create("demo", **options, if_exists="return")
    assert again.uid == first.uid
    with pytest.raises(errors.ConflictError):
        demo.spot_nodepools.create("demo", **options)
    other = demo.spot_nodepools.create("demo", **{**options, "key": "others"})
    assert other.name != first.name


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bid_price": 0.05}, "bid_price is a float"),
        ({"bid_price": "much"}, "bid_price is 'much', which is not a price"),
        ({"bid_price": "0.0001"}, "three decimals"),
        ({"bid_price": "-1"}, "three decimals"),
        ({"desired": 0}, "desired must be a whole number, 1 or more, not 0"),
        ({"desired": True}, "desired must be a whole number"),
        ({"min_nodes": 3, "max_nodes": 2}, r"max_nodes \(2\) is less than min_nodes \(3\)"),
        ({"min_nodes": 3}, "Autoscaling needs min_nodes and max_nodes"),
        ({"taints": ["nonsense"]}, "'nonsense' is not a taint"),
        ({"name": "a", "key": "b"}, "a name or a key, not both"),
        ({"server_class": "a/b"}, "server_class is 'a/b'"),
    ],
)
def test_what_cannot_be_sent_is_said_before_anything_is(
    spot: Any, sandbox: SpotSandbox, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(errors.InvalidInput, match=message):
        spot.spot_nodepools.create(
            "demo", **{"server_class": CLASS, "bid_price": "0.05", **options}
        )
    assert [
        item for item in sandbox.requests if item.method == "POST" and "pool" in item.path
    ] == []


def test_a_bid_under_the_floor_says_what_the_least_is(demo: Any) -> None:
    with pytest.raises(errors.BidTooLowError) as caught:
        demo.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.005")
    assert caught.value.minimum == Decimal("0.01")
    assert list(caught.value.causes) == ["spec.bidPrice"]


def test_pools_of_a_cloudspace_are_found_with_and_without_the_label(
    demo: Any, sandbox: SpotSandbox
) -> None:
    with_label = demo.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05")
    for item in sandbox.state.objects.each("spotnodepools"):
        item["metadata"].pop("labels")
    demo.cloudspaces.create("other", region=REGION)
    demo.spot_nodepools.create("other", server_class=CLASS, bid_price="0.05")
    found = demo.spot_nodepools.list(cloudspace="demo")
    assert [pool.name for pool in found] == [with_label.name]
    assert len(demo.spot_nodepools.list()) == 2


def test_a_pool_scales_to_zero_and_loses_its_labels(demo: Any, sandbox: SpotSandbox) -> None:
    pool = demo.spot_nodepools.create(
        "demo", server_class=CLASS, bid_price="0.05", labels={"a": "b"}
    )
    now = demo.spot_nodepools.update(pool.name, desired=0, labels=CLEAR)
    assert (now.desired, dict(now.node_labels)) == (0, {})
    assert sandbox.requests[-1].json() == {"spec": {"desired": 0, "customLabels": None}}


def test_on_demand_pools_are_reserved(demo: Any) -> None:
    pool = demo.ondemand_nodepools.create("demo", server_class=CLASS, desired=3, wait=True)
    assert pool.reserved_count == 3
    assert len(demo.cloudspaces.servers("demo")) == 3


def test_autopilot_pools_buy_virtual_cpus(demo: Any) -> None:
    pool = demo.autopilot_nodepools.create(
        "demo", region=REGION, vcpu_total=16, budget_per_hour="0.2", name="pilot"
    )
    ready = demo.autopilot_nodepools.wait_until_ready(pool.name)
    assert ready.managed_vcpus == 16
    assert demo.autopilot_nodepools.update("pilot", vcpu_total=8).vcpu_total == 8


def test_virtual_machines_have_addresses_and_are_in_the_inventory(spot: Any) -> None:
    spot.vm_ssh_keys.create("laptop", public_key="ssh-ed25519 AAAA me@example.com")
    spot.vm_cloudspaces.create("vms", region=REGION, ssh_key="laptop")
    pool = spot.vm_pools.create(
        "vms", server_class=CLASS, bid_price="0.05", desired=2, user_data="#cloud-config\n"
    )
    spot.vm_pools.wait_until_ready(pool.name)
    (vms,) = spot.inventory.list_vmcloudspaces()
    assert [server.pool for server in vms.servers] == [pool.name] * 2
    assert vms.servers[0].cpu == 2
    assert spot.inventory.list_vmpools(vmcloudspace="vms") == [pool]
    assert [server.kind for server in spot.inventory.servers()] == ["vm_cloudspace"] * 2
    assert any("is ready" in event.text for event in spot.inventory.list_organization_events())
    spot.vm_cloudspaces.delete("vms", cascade=True)
    spot.vm_ssh_keys.delete("laptop")
    assert (spot.vm_cloudspaces.list(), spot.vm_pools.list()) == ([], [])


def test_a_private_key_is_never_sent(spot: Any, sandbox: SpotSandbox) -> None:
    with pytest.raises(errors.InvalidInput, match="private key"):
        spot.vm_ssh_keys.create("x", public_key="-----BEGIN OPENSSH PRIVATE KEY-----")
    assert sandbox.requests == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"labels": {"cores": 4}}, "labels contains 'cores': 4, but must map text to text"),
        ({"labels": {4: "a"}}, "labels contains 4: 'a', but must map text to text"),
        ({"labels": {"tier": None}}, "labels contains 'tier': None"),
        ({"labels": ["a=b"]}, "labels must be a mapping of text to text, not list"),
        ({"annotations": {"on": True}}, "annotations contains 'on': True"),
        ({"taints": "spot=true:NoSchedule"}, "taints is the text .* Give a list of taints"),
        ({"taints": Taint("only", "NoExecute")}, "taints must be a list, not Taint"),
        ({"taints": [7]}, "7 is not a taint"),
    ],
)
def test_what_nodes_cannot_have_is_said_before_anything_is_sent(
    spot: Any, sandbox: SpotSandbox, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(errors.InvalidInput, match=message):
        spot.ondemand_nodepools.create("demo", server_class=CLASS, **options)
    if options != {"labels": {"tier": None}}:
        with pytest.raises(errors.InvalidInput, match=message):
            spot.ondemand_nodepools.update("pool", **options)
    assert sandbox.requests == []


def test_labels_are_added_and_taken_away_one_by_one(demo: Any) -> None:
    pool = demo.ondemand_nodepools.create("demo", server_class=CLASS, labels={"a": "1", "b": "2"})
    now = demo.ondemand_nodepools.update(pool.name, labels={"a": None, "c": "3"})
    assert dict(now.node_labels) == {"b": "2", "c": "3"}


def test_taints_come_back_as_they_were_given(demo: Any) -> None:
    taints = ["spot=true:NoSchedule", Taint("only", "NoExecute")]
    pool = demo.spot_nodepools.create(
        "demo", server_class=CLASS, bid_price="0.05", taints=taints, annotations={"team": "a"}
    )
    now = demo.spot_nodepools.get(pool.name)
    assert [(each.key, each.value, each.effect) for each in now.node_taints] == [
        ("spot", "true", "NoSchedule"),
        ("only", "", "NoExecute"),
    ]
    assert dict(now.node_annotations) == {"team": "a"}
    assert demo.spot_nodepools.update(pool.name, taints=[]).node_taints == ()


def test_the_nodes_of_an_autopilot_pool_are_bounded_and_unbounded(
    demo: Any, sandbox: SpotSandbox
) -> None:
    demo.autopilot_nodepools.create(
        "demo", region=REGION, vcpu_total=16, budget_per_hour="0.2", name="pilot"
    )
    demo.autopilot_nodepools.update("pilot", vcpu_per_node_max=4, allocation_strategy=CLEAR)
    assert sandbox.requests[-1].json() == {
        "spec": {"vcpuPerNode": {"max": 4}, "allocationStrategy": None}
    }
    before = len(sandbox.requests)
    with pytest.raises(errors.InvalidInput, match=r"vcpu_per_node_max \(2\) is less than"):
        demo.autopilot_nodepools.update("pilot", vcpu_per_node_min=4, vcpu_per_node_max=2)
    assert len(sandbox.requests) == before


def test_pools_are_streamed_for_one_cloudspace(demo: Any) -> None:
    demo.cloudspaces.create("other", region=REGION)
    wanted = [demo.ondemand_nodepools.create("demo", server_class=CLASS) for _ in range(3)]
    demo.ondemand_nodepools.create("other", server_class=CLASS)
    found = list(demo.ondemand_nodepools.each(cloudspace="demo", page_size=2))
    assert {pool.name for pool in found} == {pool.name for pool in wanted}
    assert len(list(demo.ondemand_nodepools.each(page_size=2))) == 4


def test_a_lost_answer_names_the_pool_that_may_have_been_made(
    demo: Any, sandbox: SpotSandbox
) -> None:
    sandbox.faults.add("drop_after", method="POST", path="ondemandnodepools", times=1)
    with pytest.raises(errors.OutcomeUnknown, match="Look for on-demand node pool") as caught:
        demo.ondemand_nodepools.create("demo", server_class=CLASS)
    (made,) = demo.ondemand_nodepools.list()
    assert caught.value.name == made.name


def test_servers_of_both_kinds_are_in_one_list(demo: Any) -> None:
    demo.ondemand_nodepools.create("demo", server_class=CLASS, desired=2, wait=True)
    demo.vm_cloudspaces.create("vms", region=REGION)
    demo.vm_pools.create("vms", server_class=CLASS, pool_type="ondemand", wait=True)
    found = [(server.cloudspace, server.kind) for server in demo.inventory.servers()]
    assert found == [("demo", "cloudspace")] * 2 + [("vms", "vm_cloudspace")]


@pytest.mark.parametrize("limit", [1, 3])
def test_no_more_events_come_than_were_asked_for(demo: Any, limit: int) -> None:
    for number in range(4):
        demo.cloudspaces.create(f"c{number}", region=REGION)
    assert len(demo.inventory.list_organization_events(limit=limit)) == limit
    with pytest.raises(errors.InvalidInput, match="limit must be a whole number, 1 or more"):
        demo.inventory.list_organization_events(limit=0)


def test_a_feed_that_does_not_mind_the_limit_is_cut(connect: Callable[..., Any]) -> None:
    feed = {"events": [[f"2026-01-01T00:00:0{number}Z", "an event"] for number in range(5)]}
    answering = httpx.MockTransport(lambda _: httpx.Response(200, json=feed))
    spot = connect(
        access_token="a",
        base_url="https://api.example",
        state=":memory:",
        httpx_options={"transport": answering},
    )
    assert len(spot.inventory.list_organization_events(limit=2)) == 2


def test_a_cloudspace_tells_what_each_of_its_pools_has_won(demo: Any) -> None:
    spot = demo.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05", wait=True)
    fixed = demo.ondemand_nodepools.create("demo", server_class=CLASS, desired=2, wait=True)
    bids = {bid.name: (bid.type, bid.won_count) for bid in demo.cloudspaces.get("demo").bids}
    assert bids == {spot.name: ("spot", 1), fixed.name: ("ondemand", 2)}
