"""What is wrong with the arguments is said before anything is sent, in both modes."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import errors

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox

REGION = "us-central-dfw-2"
CLASS = "gp.vs2.medium-dfw2"
BID: dict[str, Any] = {"server_class": CLASS, "bid_price": "1"}
BAD = ["", ".", "..", "a/b", "a?dryRun=All", "a#b", "%2e%2e", "a\r\nX: y", "a\\b", 7]

WAITED = ("get", "delete", "wait_until_ready", "wait_until_deleted")
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    *(("regions", verb, {}) for verb in ("get",)),
    *(("server_classes", verb, {}) for verb in ("get",)),
    *(("pricing", verb, {}) for verb in ("history", "suggest_bid")),
    *(("cloudspaces", verb, {}) for verb in (*WAITED, "servers", "kubeconfig")),
    *(("spot_nodepools", verb, {}) for verb in WAITED),
    *(("ondemand_nodepools", verb, {}) for verb in WAITED),
    *(("autopilot_nodepools", verb, {}) for verb in WAITED),
    *(("vm_cloudspaces", verb, {}) for verb in (*WAITED, "servers")),
    *(("vm_pools", verb, {}) for verb in WAITED),
    *(("vm_ssh_keys", verb, {}) for verb in ("get", "delete", "wait_until_deleted")),
    ("cloudspaces", "delete", {"cascade": True}),
    ("vm_cloudspaces", "delete", {"cascade": True}),
    ("cloudspaces", "update", {"webhook": "https://hook.example/"}),
    ("spot_nodepools", "update", {"desired": 1}),
    ("ondemand_nodepools", "update", {"desired": 1}),
    ("autopilot_nodepools", "update", {"vcpu_total": 1}),
    ("vm_cloudspaces", "update", {"webhook": "https://hook.example/"}),
    ("vm_pools", "update", {"desired": 1}),
    ("spot_nodepools", "create", BID),
    ("ondemand_nodepools", "create", {"server_class": CLASS}),
    ("autopilot_nodepools", "create", {"region": "r", "vcpu_total": 1, "budget_per_hour": 1}),
    ("vm_pools", "create", BID),
]


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_name_is_never_sent(spot: Any, sandbox: SpotSandbox, bad: Any) -> None:
    for group, verb, options in CALLS:
        with pytest.raises(errors.InvalidInput):
            getattr(getattr(spot, group), verb)(bad, **options)
        assert sandbox.requests == [], f"{group}.{verb} {options}"


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_name_that_may_be_left_out_is_never_sent(
    spot: Any, sandbox: SpotSandbox, bad: Any
) -> None:
    with pytest.raises(errors.InvalidInput):
        spot.spot_nodepools.list(cloudspace=bad)
    with pytest.raises(errors.InvalidInput):
        spot.inventory.list_vmpools(vmcloudspace=bad)
    with pytest.raises(errors.InvalidInput):
        spot.spot_nodepools.create("x", **BID, name=bad)
    with pytest.raises(errors.InvalidInput):
        spot.vm_pools.create("x", **BID, name=bad)
    with pytest.raises(errors.InvalidInput):
        spot.vm_cloudspaces.create("x", region="r", ssh_key=bad)
    assert sandbox.requests == []


def test_a_cascade_without_a_name_deletes_no_pool(spot: Any, sandbox: SpotSandbox) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    pool = spot.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05")
    for item in sandbox.state.objects.each("spotnodepools"):
        item["spec"]["cloudSpace"] = ""
    with pytest.raises(errors.InvalidInput, match="name is empty"):
        spot.cloudspaces.delete("", cascade=True)
    assert spot.spot_nodepools.get(pool.name).deleted_at is None


@pytest.mark.parametrize("bad", ["cheap", "NaN", "Infinity"])
def test_what_is_no_amount_is_said(spot: Any, bad: str) -> None:
    with pytest.raises(errors.InvalidInput, match="max_price"):
        spot.pricing.list(max_price=bad)
    with pytest.raises(errors.InvalidInput, match="margin"):
        spot.pricing.suggest_bid(CLASS, margin=bad)


def test_an_empty_name_is_no_organization(spot: Any, sandbox: SpotSandbox) -> None:
    with pytest.raises(errors.InvalidInput, match="name of an organization is empty"):
        spot.organizations.get("")
    assert sandbox.requests == []


def test_labels_may_be_any_mapping(spot: Any, sandbox: SpotSandbox) -> None:
    spot.cloudspaces.create("demo", region=REGION)
    pool = spot.spot_nodepools.create("demo", server_class=CLASS, bid_price="0.05")
    spot.spot_nodepools.update(pool.name, labels=MappingProxyType({"a": "b"}))
    assert sandbox.requests[-1].json() == {"spec": {"customLabels": {"a": "b"}}}


def test_a_key_and_user_data_are_text(spot: Any, sandbox: SpotSandbox) -> None:
    for wrong, message in ((5, "key must be text, not int"), ("", "key is empty")):
        with pytest.raises(errors.InvalidInput, match=message):
            spot.spot_nodepools.create("demo", **BID, key=wrong)
    with pytest.raises(errors.InvalidInput, match="user_data must be text or bytes, not dict"):
        spot.vm_pools.create("vms", **BID, user_data={"secret": "x"})
    assert sandbox.requests == []
