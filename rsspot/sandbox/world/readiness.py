"""How cloudspaces and VM cloudspaces get ready, are upgraded, and are left without servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world.clock import rfc3339
from rsspot.sandbox.world.world import leaving

if TYPE_CHECKING:
    from rsspot.sandbox.world.world import Object, Stage

__all__ = ["CONTROL_PLANE", "grow"]

CONTROL_PLANE, UPGRADE = 60.0, 120.0
"""Seconds until a control plane answers, and until it runs another version."""
TOLD = {
    "Ready": "is ready",
    "Upgrading": "is being upgraded",
    "NoWinningBids": "has no winning bid",
}
"""What the event feed says of a phase."""


def grow(stage: Stage, item: Object, pools: list[Object], now: float) -> None:
    """Take one cloudspace, or VM cloudspace, to the phase that it should be in."""
    if leaving(item):
        stage.change(item, phase="Deleting")
        return
    if stage.age(item, "made", now) < CONTROL_PLANE:
        stage.change(item, phase="Provisioning", health="Unknown")
        return
    before = item.get("status", {})
    first = before.get("firstReadyTimestamp") or rfc3339(now)
    fields: dict[str, Any] = {"phase": "Ready", "reason": "", "health": "Healthy"}
    if item["kind"] == "CloudSpace":
        fields |= _control_plane(stage, item, now)
    bidding = [pool for pool in pools if not leaving(pool)]
    if fields["phase"] == "Ready" and bidding and all(map(_lost, bidding)):
        fields |= {"phase": "NoWinningBids", "reason": "No bid of its pools wins"}
    fields["firstReadyTimestamp"] = first
    fields["conditions"] = [
        {"type": "Ready", "status": "True", "lastTransitionTime": first, "reason": "Ready"}
    ]
    if before.get("phase") != fields["phase"]:
        stage.log(item, now, TOLD[fields["phase"]])
    stage.change(item, **fields)


def _control_plane(stage: Stage, item: Object, now: float) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "APIServerEndpoint": f"hcp-{item['metadata']['uid']}.spot.rackspace.com",
        "cloudspaceClassName": "gen2-default",
    }
    running = item.get("status", {}).get("currentKubernetesVersion")
    version = item["spec"]["kubernetesVersion"]
    if running is not None and running != version:
        if stage.age(item, "upgrade", now) < UPGRADE:
            text = f"From {running} to {version}"
            return {**fields, "phase": "Upgrading", "reason": text, "upgradePhase": "InProgress"}
        fields["upgradePhase"] = "Completed"
    stage.noted(item).pop("upgrade", None)
    return {**fields, "currentKubernetesVersion": version}


def _lost(pool: Object) -> bool:
    return bool(pool.get("status", {}).get("bidStatus") == "Lost")
