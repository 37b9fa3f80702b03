"""The controllers of servers and of control planes: they start, are upgraded, and end."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world.catalogue import CLASSES
from rsspot.sandbox.world.clock import rfc3339
from rsspot.sandbox.world.objects import desired_nodes, is_deleting

if TYPE_CHECKING:
    from rsspot.sandbox.world.objects import Object
    from rsspot.sandbox.world.world import World

__all__ = [
    "NOTICE",
    "PROVISIONING",
    "STARTUP",
    "reconcile_control_plane",
    "reconcile_servers",
]

STARTUP, NOTICE = 180.0, 360.0
"""Seconds until a server starts, and from its notice to its end (docs/api-facts.md#times)."""


Assignments = dict[str, dict[str, Any]]
"""By key: the pool that won a server, the server, and when it starts and ends."""


def reconcile_servers(world: World, owner: Object, pools: list[Object], now: float) -> None:
    """Start and release servers of a cloudspace, or VM cloudspace, as its pools won them."""
    if "status" not in owner:
        return
    assigned: Assignments = world.annotate(owner).setdefault("servers", {})
    for key, assignment in list(assigned.items()):
        if "ends_at" in assignment and assignment["ends_at"] <= now:
            _release(world, owner, assigned, key, now)
    for pool in pools:
        _adjust(world, owner, assigned, pool, now)
    known = {pool["metadata"]["name"] for pool in pools}
    for key in [key for key, assignment in assigned.items() if assignment["pool"] not in known]:
        _release(world, owner, assigned, key, now)
    fields: dict[str, Any] = {
        "assignedServers": {
            key: assignment["server"]
            for key, assignment in assigned.items()
            if _is_running(assignment, now)
        },
        "bids": {pool["metadata"]["name"]: _bid(pool) for pool in pools},
    }
    if owner["kind"] == "CloudSpace":
        fields["pendingAllocations"] = _pending(pools, assigned, now)
    world.set_status(owner, **fields)
    _list_pools(world, owner, pools)


def _adjust(world: World, owner: Object, assigned: Assignments, pool: Object, now: float) -> None:
    """Start or release servers of one pool."""
    keys = [
        key
        for key, assignment in assigned.items()
        if assignment["pool"] == pool["metadata"]["name"] and "ends_at" not in assignment
    ]
    won = _won(pool)
    for _ in range(won - len(keys)):
        server = _server(world, owner, pool)
        key = server["serverName"]
        if owner["kind"] == "CloudSpace":
            key = f"{pool['metadata']['name']}-{server['serverName'][:5]}"
        assigned[key] = {
            "pool": pool["metadata"]["name"],
            "starts_at": now + STARTUP,
            "server": server,
        }
    # The newest are released first.
    for key in keys[won:][::-1]:
        if not is_deleting(pool) and won < desired_nodes(pool) and _is_running(assigned[key], now):
            _give_notice(world, owner, assigned[key], now)
        else:
            _release(world, owner, assigned, key, now)


def _give_notice(world: World, owner: Object, assignment: dict[str, Any], now: float) -> None:
    server = assignment["server"]
    assignment["ends_at"] = now + NOTICE
    server["state"] = "Terminating"
    world.log(owner, now, f"will lose its server {server['serverName']}: it was outbid")
    webhook = owner["spec"].get("webhook")
    if webhook:
        world.notify(
            webhook,
            {
                "cloudspace": owner["metadata"]["name"],
                "Server": server["serverName"],
                "IP": server.get("IP") or server.get("ipAddress", ""),
                "Time": rfc3339(now),
            },
        )


def _release(world: World, owner: Object, assigned: Assignments, key: str, now: float) -> None:
    assignment = assigned.pop(key)
    if _is_running(assignment, now):
        world.log(owner, now, f"released its server {assignment['server']['serverName']}")


def _is_running(assignment: dict[str, Any], now: float) -> bool:
    return bool(assignment["starts_at"] <= now)


def _won(pool: Object) -> int:
    status = pool.get("status", {})
    return 0 if is_deleting(pool) else status.get("wonCount") or status.get("reservedCount") or 0


def _kind(pool: Object) -> str:
    if pool["kind"] == "OnDemandNodePool":
        return "ondemand"
    return str(pool["spec"].get("poolType", "spot"))


def _bid(pool: Object) -> dict[str, Any]:
    return {"bidName": pool["metadata"]["name"], "type": _kind(pool), "wonCount": _won(pool)}


def _pending(pools: list[Object], assigned: Assignments, now: float) -> dict[str, dict[str, Any]]:
    """Return the allocations that have not started, identified by the uid of their pool."""
    found: dict[str, dict[str, Any]] = {}
    for pool in pools:
        name = pool["metadata"]["name"]
        assignments = [assignment for assignment in assigned.values() if assignment["pool"] == name]
        running = sum(_is_running(assignment, now) for assignment in assignments)
        if running < len(assignments):
            found[pool["metadata"]["uid"]] = {
                "serverClassName": pool["spec"]["serverClass"],
                "count": len(assignments),
                "allocatedCount": running,
                "bidName": name,
                "bidType": _kind(pool),
            }
    return found


def _list_pools(world: World, owner: Object, pools: list[Object]) -> None:
    """Write the lists of pools into the spec, as the service does."""
    lists = {"bidRequests": [item for item in pools if item["kind"] != "OnDemandNodePool"]}
    if owner["kind"] == "CloudSpace":
        lists["onDemandRequests"] = [item for item in pools if item["kind"] == "OnDemandNodePool"]
    names = {field: [item["metadata"]["name"] for item in items] for field, items in lists.items()}
    if any(owner["spec"].get(field, []) != value for field, value in names.items()):
        owner["spec"].update(names)
        owner["metadata"]["generation"] += 1
        world.objects.touch(owner)


def _server(world: World, owner: Object, pool: Object) -> dict[str, str]:
    entry = CLASSES[pool["spec"]["serverClass"]]
    # A server that replaces a lost one is a new server.
    serial = world.annotate(pool)["serial"] = world.annotate(pool).get("serial", 0) + 1
    digest = hashlib.sha256(f"{pool['metadata']['uid']}/{serial}".encode()).digest()
    name = str(uuid.UUID(bytes=digest[:16], version=4))
    address = f"10.{digest[16]}.{digest[17]}.{digest[18] % 254 + 1}"
    common = {
        "serverName": name,
        "serverClassName": entry.name,
        "serverType": _kind(pool),
        "state": "Running",
    }
    if owner["kind"] == "CloudSpace":
        return {**common, "clusterRole": "worker", "IP": address}
    return {
        **common,
        "displayName": f"{pool['metadata']['name'][:8]}-{serial}",
        "nodePoolName": pool["metadata"]["name"],
        "ipAddress": address,
        "cpu": str(entry.cpu),
        "memory": entry.memory,
    }


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
