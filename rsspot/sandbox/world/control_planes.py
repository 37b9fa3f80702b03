"""The controller of control planes: provisioning, upgrades, and lost bids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world.clock import rfc3339
from rsspot.sandbox.world.objects import is_deleting

if TYPE_CHECKING:
    from rsspot.sandbox.world.objects import Object
    from rsspot.sandbox.world.world import World

__all__ = ["PROVISIONING", "reconcile_control_plane"]

PROVISIONING, UPGRADE = 60.0, 120.0
"""Seconds that a control plane takes to be ready, and to be upgraded."""
EVENTS = {
    "Ready": "is ready",
    "Upgrading": "is being upgraded",
    "NoWinningBids": "has no winning bid",
}
"""The event when a phase begins."""


def reconcile_control_plane(world: World, item: Object, pools: list[Object], now: float) -> None:
    """Set the phase of one cloudspace or VM cloudspace."""
    if is_deleting(item):
        world.set_status(item, phase="Deleting")
        return
    if world.age(item, "created", now) < PROVISIONING:
        world.set_status(item, phase="Provisioning", health="Unknown")
        return
    before = item.get("status", {})
    first = before.get("firstReadyTimestamp") or rfc3339(now)
    fields: dict[str, Any] = {"phase": "Ready", "reason": "", "health": "Healthy"}
    if item["kind"] == "CloudSpace":
        fields |= _control_plane(world, item, now)
    bidding = [pool for pool in pools if not is_deleting(pool)]
    if fields["phase"] == "Ready" and bidding and all(map(_lost, bidding)):
        fields |= {"phase": "NoWinningBids", "reason": "None of its bids wins"}
    fields["firstReadyTimestamp"] = first
    fields["conditions"] = [
        {"type": "Ready", "status": "True", "lastTransitionTime": first, "reason": "Ready"}
    ]
    if before.get("phase") != fields["phase"]:
        world.log(item, now, EVENTS[fields["phase"]])
    world.set_status(item, **fields)


def _control_plane(world: World, item: Object, now: float) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "APIServerEndpoint": f"hcp-{item['metadata']['uid']}.spot.rackspace.com",
        "cloudspaceClassName": "gen2-default",
    }
    running = item.get("status", {}).get("currentKubernetesVersion")
    version = item["spec"]["kubernetesVersion"]
    if running is not None and running != version:
        if world.age(item, "upgrade", now) < UPGRADE:
            text = f"From {running} to {version}"
            return {**fields, "phase": "Upgrading", "reason": text, "upgradePhase": "InProgress"}
        fields["upgradePhase"] = "Completed"
    world.annotate(item).pop("upgrade", None)
    return {**fields, "currentKubernetesVersion": version}


def _lost(pool: Object) -> bool:
    return bool(pool.get("status", {}).get("bidStatus") == "Lost")
