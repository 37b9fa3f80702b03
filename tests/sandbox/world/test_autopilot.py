"""Autopilot pools spend a budget on spot node pools of their own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

REGION = "us-central-dfw-2"
PILOT = "autopilotnodepools/pilot"


@pytest.fixture
def pilot(http: Any) -> Any:
    http.cloudspace()

    def make(**spec: Any) -> Any:
        whole = {
            "cloudSpace": "demo",
            "region": REGION,
            "vcpu": {"total": 16},
            "budgetPerHour": "2",
            **spec,
        }
        http.create("autopilotnodepools", "pilot", whole)
        http.sandbox.advance(minutes=6)
        return http

    return make


def _spent(status: Any) -> Decimal:
    return sum(
        (Decimal(item["bidPricePerHour"]) * item["desiredNodes"] for item in status["allocations"]),
        Decimal(0),
    )


def test_it_reaches_its_target_with_pools_that_can_be_seen(pilot: Any) -> None:
    http = pilot(customLabels={"tier": "batch"})
    status = http.get(PILOT)["status"]
    assert status["phase"] == "Active"
    assert status["targetVCPUs"] == 16
    assert status["managedVCPUs"] >= 16
    assert float(status["managedMemoryGB"]) > 0
    pools = {item["metadata"]["name"]: item for item in http.get("spotnodepools")["items"]}
    assert {item["spotNodePool"] for item in status["allocations"]} == set(pools)
    for pool in pools.values():
        assert pool["metadata"]["labels"] == {"ngpc.rxt.io/cloudspace": "demo"}
        assert pool["spec"]["customLabels"] == {"tier": "batch"}
    assert {item["event"] for item in status["allocationsHistory"]} == {"Created"}
    assert {item["lastOutcome"] for item in status["classStates"]} == {"Won"}
    assert set(http.get("cloudspaces/demo")["status"]["bids"]) == set(pools)


def test_it_never_bids_more_than_its_budget(pilot: Any) -> None:
    http = pilot(vcpu={"total": 1000}, budgetPerHour="0.5")
    status = http.get(PILOT)["status"]
    assert status["phase"] == "Pending"
    assert 0 < _spent(status) <= Decimal("0.5")
    http.sandbox.advance(minutes=60 * 6)
    assert _spent(http.get(PILOT)["status"]) <= Decimal("0.5")


def test_it_uses_only_nodes_of_the_requested_size(pilot: Any) -> None:
    http = pilot(vcpuPerNode={"min": 8, "max": 8}, memoryPerVCPU="7GB")
    allocations = http.get(PILOT)["status"]["allocations"]
    assert {item["vcpuPerNode"] for item in allocations} == {8}
    assert all(Decimal(item["memoryGBPerNode"]) / 8 >= 7 for item in allocations)


def test_it_shrinks_with_its_target_and_is_deleted_with_its_pools(pilot: Any) -> None:
    http = pilot(vcpuPerNode={"min": 2, "max": 2})
    http.patch(PILOT, {"spec": {"vcpu": {"total": 4}}})
    http.sandbox.advance(minutes=6)
    status = http.get(PILOT)["status"]
    assert (status["targetVCPUs"], status["managedVCPUs"]) == (4, 4)
    assert "Scaled" in {item["event"] for item in status["allocationsHistory"]}
    http("DELETE", PILOT)
    http.sandbox.advance(minutes=3)
    assert http("GET", PILOT).status_code == 404
    assert http.get("spotnodepools")["items"] == []


def test_a_class_whose_bid_was_lost_cools_down(pilot: Any) -> None:
    http = pilot(vcpuPerNode={"min": 2, "max": 2}, vcpu={"total": 4})
    lost: list[Any] = []
    for _ in range(3000):
        http.sandbox.advance(minutes=5)
        lost = [
            item
            for item in http.get(PILOT)["status"]["classStates"]
            if item["lastOutcome"] == "Lost"
        ]
        if lost:
            break
    assert lost[0]["cooldownUntil"] > lost[0]["lastAttemptTime"]
    history = http.get(PILOT)["status"]["allocationsHistory"]
    assert "its bid was lost" in {item["reason"] for item in history}
    http.sandbox.advance(minutes=40)
    assert http.get(PILOT)["status"]["managedVCPUs"] == 4


@pytest.mark.parametrize("text", ["", "much", "4", "4GB", None])
def test_any_amount_of_memory_is_accepted(pilot: Any, text: str | None) -> None:
    assert pilot(memoryPerVCPU=text).get(PILOT)["status"]["managedVCPUs"] >= 16
