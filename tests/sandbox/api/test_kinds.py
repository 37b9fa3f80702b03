"""Validation of names and specs, and the causes in error responses."""

from __future__ import annotations

from typing import Any

import pytest

CLASS = "gp.vs2.medium-dfw2"
REGION = "us-central-dfw-2"
ELSEWHERE, ABROAD = "gp.vs1.medium-lon", "uk-lon-1"
POOL = "5b1f4c1e-58a4-4f0a-9a3a-6d1f2f8c0a11"
AUTOPILOT = {"cloudSpace": "demo", "region": REGION, "vcpu": {"total": 4}, "budgetPerHour": "1"}
SPECS: dict[str, dict[str, Any]] = {
    "cloudspaces": {"region": REGION, "kubernetesVersion": "1.31.1"},
    "spotnodepools": {"cloudSpace": "demo", "serverClass": CLASS, "desired": 1, "bidPrice": "0.1"},
    "ondemandnodepools": {"cloudSpace": "demo", "serverClass": CLASS, "desired": 1},
    "autopilotnodepools": AUTOPILOT,
    "vmcloudspaces": {"region": REGION},
    "vmpools": {"vmCloudSpace": "vms", "serverClass": CLASS, "desired": 1, "bidPrice": "0.1"},
    "vmsshkeys": {"publicKey": "ssh-ed25519 AAAA me"},
}


@pytest.fixture
def made(http: Any) -> Any:
    http.cloudspace()
    http.create("vmcloudspaces", "vms", {"region": REGION})
    return http


@pytest.fixture(scope="module")
def owners(shared: Any) -> Any:
    """For creations that are refused."""
    shared.cloudspace()
    shared.create("vmcloudspaces", "vms", {"region": REGION})
    return shared


def _refused(response: Any) -> dict[str, str]:
    body = response.json()
    assert (response.status_code, body["reason"]) == (422, "Invalid"), response.text
    for cause in body["details"]["causes"]:
        assert cause["field"] in body["message"]
        assert cause["message"] in body["message"]
    return {cause["field"]: cause["message"] for cause in body["details"]["causes"]}


def _create(http: Any, plural: str, name: str, spec: Any) -> Any:
    return http("POST", plural, json={"metadata": {"name": name}, "spec": spec})


@pytest.mark.parametrize(
    ("plural", "change", "field", "text"),
    [
        ("spotnodepools", {"bidPrice": "0.0001"}, "bidPrice", "up to three decimals"),
        ("spotnodepools", {"bidPrice": "$1"}, "bidPrice", "up to three decimals"),
        ("spotnodepools", {"bidPrice": "-1"}, "bidPrice", "up to three decimals"),
        ("spotnodepools", {"bidPrice": "1e3"}, "bidPrice", "up to three decimals"),
        ("spotnodepools", {"bidPrice": ""}, "bidPrice", "must be a string"),
        ("spotnodepools", {"bidPrice": 0.1}, "bidPrice", "must be a string"),
        ("spotnodepools", {"bidPrice": None}, "bidPrice", "Required"),
        ("spotnodepools", {"desired": 0}, "desired", "at least 1"),
        ("spotnodepools", {"desired": True}, "desired", "must be an integer"),
        ("spotnodepools", {"desired": "2"}, "desired", "must be an integer"),
        ("spotnodepools", {"desired": None}, "desired", "Required"),
        ("spotnodepools", {"serverClass": "gp.none"}, "serverClass", "unknown server class"),
        ("vmpools", {"serverClass": "gp.vs1.small-dfw"}, "serverClass", "is deprecated"),
        ("spotnodepools", {"cloudSpace": "none"}, "cloudSpace", "not found"),
        ("spotnodepools", {"autoscaling": {"enabled": "yes"}}, "autoscaling.enabled", "boolean"),
        ("ondemandnodepools", {"autoscaling": []}, "autoscaling", "must be an object"),
        ("spotnodepools", {"serverClass": ELSEWHERE}, "serverClass", f"{ABROAD}, but demo is in"),
        ("ondemandnodepools", {"serverClass": ELSEWHERE}, "serverClass", "is in region"),
        ("vmpools", {"serverClass": ELSEWHERE}, "serverClass", f"vms is in {REGION}"),
        ("autopilotnodepools", {"region": ABROAD}, "region", f"demo is in {REGION}"),
        ("spotnodepools", {"autoscaling": {"enabled": True}}, "autoscaling.minNodes", "Required"),
        (
            "spotnodepools",
            {"autoscaling": {"enabled": True, "minNodes": 0, "maxNodes": 2}},
            "autoscaling.minNodes",
            "at least 1",
        ),
        (
            "spotnodepools",
            {"autoscaling": {"enabled": True, "minNodes": 3, "maxNodes": 2}},
            "autoscaling.maxNodes",
            "not be less than minNodes",
        ),
        ("spotnodepools", {"customLabels": {"a": 1}}, "customLabels", "map of strings"),
        ("spotnodepools", {"customTaints": [{"key": "a"}]}, "customTaints", "keys and effects"),
        (
            "spotnodepools",
            {"customTaints": [{"key": "a", "effect": "Never"}]},
            "customTaints",
            "keys and effects",
        ),
        ("ondemandnodepools", {"desired": 0}, "desired", "at least 1"),
        ("cloudspaces", {"region": "moon"}, "region", "unknown region"),
        ("cloudspaces", {"region": None}, "region", "Required"),
        ("cloudspaces", {"kubernetesVersion": 1}, "kubernetesVersion", "must be a string"),
        ("cloudspaces", {"HAControlPlane": "yes"}, "HAControlPlane", "boolean"),
        ("cloudspaces", {"cni": "flannel"}, "cni", "Unsupported value"),
        ("autopilotnodepools", {"budgetPerHour": "much"}, "budgetPerHour", "three decimals"),
        ("autopilotnodepools", {"vcpu": {"total": 0}}, "vcpu.total", "at least 1"),
        ("vmcloudspaces", {"vmSshKeyRef": {}}, "vmSshKeyRef", "must have a name"),
        ("vmpools", {"poolType": "free"}, "poolType", "Unsupported value"),
        ("vmpools", {"vmCloudSpace": "demo"}, "vmCloudSpace", "not found"),
        ("vmsshkeys", {"publicKey": "BEGIN"}, "publicKey", "OpenSSH"),
    ],
)
def test_a_spec_that_is_wrong_is_a_422_with_its_cause(
    owners: Any, plural: str, change: dict[str, Any], field: str, text: str
) -> None:
    assert (
        text
        in _refused(_create(owners, plural, POOL, {**SPECS[plural], **change}))[f"spec.{field}"]
    )
    assert owners("GET", f"{plural}/{POOL}").status_code == 404


def test_all_causes_are_reported_at_once(owners: Any) -> None:
    spec = {**SPECS["spotnodepools"], "desired": 0, "bidPrice": "x", "serverClass": "y"}
    causes = _refused(_create(owners, "spotnodepools", POOL, spec))
    assert set(causes) == {"spec.desired", "spec.bidPrice", "spec.serverClass"}


def test_a_bid_below_the_floor_is_rejected_with_the_minimum(made: Any) -> None:
    spec = {**SPECS["spotnodepools"], "bidPrice": "0.009"}
    text = _refused(_create(made, "spotnodepools", POOL, spec))["spec.bidPrice"]
    assert "minimum bid price of 0.010000, but got 0.009000" in text
    made.pool()
    lower = made.patch(f"spotnodepools/{POOL}", {"spec": {"bidPrice": "0.009"}})
    assert "minimum bid price of 0.010000, but got 0.009000" in _refused(lower)["spec.bidPrice"]
    floor = made.patch(f"spotnodepools/{POOL}", {"spec": {"bidPrice": "0.01"}})
    assert floor.status_code == 200


@pytest.mark.parametrize("plural", ["spotnodepools", "ondemandnodepools"])
@pytest.mark.parametrize("name", ["workers", POOL.replace("-", "")])
def test_names_of_pools_need_be_no_uuids(made: Any, plural: str, name: str) -> None:
    assert _create(made, plural, name, SPECS[plural]).status_code == 201


@pytest.mark.parametrize("plural", ["spotnodepools", "ondemandnodepools"])
@pytest.mark.parametrize("name", ["workers", POOL.upper(), POOL.replace("-", ""), "{" + POOL + "}"])
def test_names_of_pools_are_uuids_to_a_strict_sandbox(
    made: Any, plural: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made.sandbox.state, "strict", True)
    causes = _refused(_create(made, plural, name, SPECS[plural]))
    assert "must be a lowercase UUID" in causes["metadata.name"]


@pytest.mark.parametrize("plural", ["cloudspaces", "spotnodepools", "vmpools", "vmsshkeys"])
@pytest.mark.parametrize("name", ["Demo", "a.b", "-a", "a-", "a" * 64, "a b", "ä"])
def test_other_names_are_dns_labels(owners: Any, plural: str, name: str) -> None:
    causes = _refused(_create(owners, plural, name, SPECS[plural]))
    assert "RFC 1123 label" in causes["metadata.name"]


@pytest.mark.parametrize("name", [None, "", 7])
def test_a_name_is_required(owners: Any, name: Any) -> None:
    causes = _refused(_create(owners, "cloudspaces", name, SPECS["cloudspaces"]))
    assert "Required" in causes["metadata.name"]
    wrong: tuple[Any, ...] = (None, [], "x")
    for spec in wrong:
        assert "spec" in _refused(_create(owners, "cloudspaces", "a", spec))


@pytest.mark.parametrize(
    ("plural", "field", "value"),
    [
        ("cloudspaces", "region", "uk-lon-1"),
        ("cloudspaces", "cni", "cilium"),
        ("cloudspaces", "deploymentType", "gen1"),
        ("spotnodepools", "serverClass", "gp.vs1.medium-lon"),
        ("spotnodepools", "cloudSpace", "other"),
        ("ondemandnodepools", "serverClass", "gp.vs1.medium-lon"),
        ("ondemandnodepools", "cloudSpace", "other"),
        ("autopilotnodepools", "region", "uk-lon-1"),
        ("vmcloudspaces", "region", "uk-lon-1"),
        ("vmpools", "serverClass", "gp.vs1.medium-lon"),
        ("vmpools", "poolType", "ondemand"),
    ],
)
def test_some_fields_cannot_be_changed(made: Any, plural: str, field: str, value: str) -> None:
    made.create(plural, POOL, SPECS[plural])
    causes = _refused(made.patch(f"{plural}/{POOL}", {"spec": {field: value}}))
    assert causes == {f"spec.{field}": "Invalid value: field is immutable"}


@pytest.mark.parametrize("plural", SPECS)
def test_every_kind_can_be_made_read_listed_and_deleted(made: Any, plural: str) -> None:
    item = made.create(plural, POOL, SPECS[plural])
    assert "status" not in item
    assert item["apiVersion"] == "ngpc.rxt.io/v1"
    assert made.get(f"{plural}/{POOL}") == item
    assert item in made.get(plural)["items"]
    assert made.get(plural)["kind"] == f"{item['kind']}List"
    assert made("DELETE", f"{plural}/{POOL}").status_code == 200
    made.sandbox.advance(minutes=1)
    assert made("GET", f"{plural}/{POOL}").status_code == 404


def test_a_pool_is_scaled_to_nothing_only_by_a_change(made: Any) -> None:
    made.pool()
    assert made.patch(f"spotnodepools/{POOL}", {"spec": {"desired": 0}}).status_code == 200
    made.sandbox.advance(minutes=5)
    assert made.get(f"spotnodepools/{POOL}")["status"]["wonCount"] == 0
