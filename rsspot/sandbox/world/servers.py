"""Servers: they come some time after they were won, and go after a notice when they are lost."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world.catalogue import CLASSES
from rsspot.sandbox.world.clock import rfc3339
from rsspot.sandbox.world.world import leaving, wanted

if TYPE_CHECKING:
    from rsspot.sandbox.world.world import Object, Stage

__all__ = ["NOTICE", "SERVER", "staff"]

SERVER, NOTICE = 180.0, 360.0
"""Seconds until a server is there, and from the notice to its end (docs/api-facts.md#times)."""


def staff(stage: Stage, owner: Object, pools: list[Object], now: float) -> None:
    """Bring the servers of a cloudspace, or VM cloudspace, in line with what its pools won."""
    if "status" not in owner:
        return
    crew: dict[str, dict[str, Any]] = stage.noted(owner).setdefault("crew", {})
    for key, member in list(crew.items()):
        if "until" in member and member["until"] <= now:
            _release(stage, owner, crew, key, now)
    for pool in pools:
        _adjust(stage, owner, crew, pool, now)
    known = {pool["metadata"]["name"] for pool in pools}
    for key in [key for key, member in crew.items() if member["pool"] not in known]:
        _release(stage, owner, crew, key, now)
    fields: dict[str, Any] = {
        "assignedServers": {
            key: member["server"] for key, member in crew.items() if _here(member, now)
        },
        "bids": {pool["metadata"]["name"]: _bid(pool) for pool in pools},
    }
    if owner["kind"] == "CloudSpace":
        fields["pendingAllocations"] = _pending(pools, crew, now)
    stage.change(owner, **fields)
    _list_pools(stage, owner, pools)


def _adjust(
    stage: Stage, owner: Object, crew: dict[str, dict[str, Any]], pool: Object, now: float
) -> None:
    """Let servers of one pool come or go."""
    mine = [
        key
        for key, member in crew.items()
        if member["pool"] == pool["metadata"]["name"] and "until" not in member
    ]
    won = _won(pool)
    for _ in range(won - len(mine)):
        server = _server(stage, owner, pool)
        key = server["serverName"]
        if owner["kind"] == "CloudSpace":
            key = f"{pool['metadata']['name']}-{server['serverName'][:5]}"
        crew[key] = {"pool": pool["metadata"]["name"], "at": now + SERVER, "server": server}
    # The newest go first.
    for key in mine[won:][::-1]:
        if not leaving(pool) and won < wanted(pool) and _here(crew[key], now):
            _give_notice(stage, owner, crew[key], now)
        else:
            _release(stage, owner, crew, key, now)


def _give_notice(stage: Stage, owner: Object, member: dict[str, Any], now: float) -> None:
    server = member["server"]
    member["until"] = now + NOTICE
    server["state"] = "Terminating"
    stage.log(owner, now, f"will lose its server {server['serverName']}: it was outbid")
    webhook = owner["spec"].get("webhook")
    if webhook:
        stage.notify(
            webhook,
            {
                "cloudspace": owner["metadata"]["name"],
                "Server": server["serverName"],
                "IP": server.get("IP") or server.get("ipAddress", ""),
                "Time": rfc3339(now),
            },
        )


def _release(
    stage: Stage, owner: Object, crew: dict[str, dict[str, Any]], key: str, now: float
) -> None:
    member = crew.pop(key)
    if _here(member, now):
        stage.log(owner, now, f"released its server {member['server']['serverName']}")


def _here(member: dict[str, Any], now: float) -> bool:
    return bool(member["at"] <= now)


def _won(pool: Object) -> int:
    status = pool.get("status", {})
    return 0 if leaving(pool) else status.get("wonCount") or status.get("reservedCount") or 0


def _kind(pool: Object) -> str:
    if pool["kind"] == "OnDemandNodePool":
        return "ondemand"
    return str(pool["spec"].get("poolType", "spot"))


def _bid(pool: Object) -> dict[str, Any]:
    return {"bidName": pool["metadata"]["name"], "type": _kind(pool), "wonCount": _won(pool)}


def _pending(
    pools: list[Object], crew: dict[str, dict[str, Any]], now: float
) -> dict[str, dict[str, Any]]:
    """What was won and is not here yet, by the pool's uid as the identifier of the allocation."""
    found: dict[str, dict[str, Any]] = {}
    for pool in pools:
        name = pool["metadata"]["name"]
        members = [member for member in crew.values() if member["pool"] == name]
        here = sum(_here(member, now) for member in members)
        if here < len(members):
            found[pool["metadata"]["uid"]] = {
                "serverClassName": pool["spec"]["serverClass"],
                "count": len(members),
                "allocatedCount": here,
                "bidName": name,
                "bidType": _kind(pool),
            }
    return found


def _list_pools(stage: Stage, owner: Object, pools: list[Object]) -> None:
    """Keep the lists of pools in the spec, which the service itself writes."""
    lists = {"bidRequests": [item for item in pools if item["kind"] != "OnDemandNodePool"]}
    if owner["kind"] == "CloudSpace":
        lists["onDemandRequests"] = [item for item in pools if item["kind"] == "OnDemandNodePool"]
    names = {field: [item["metadata"]["name"] for item in items] for field, items in lists.items()}
    if any(owner["spec"].get(field, []) != value for field, value in names.items()):
        owner["spec"].update(names)
        owner["metadata"]["generation"] += 1
        stage.objects.touch(owner)


def _server(stage: Stage, owner: Object, pool: Object) -> dict[str, str]:
    entry = CLASSES[pool["spec"]["serverClass"]]
    # Each server is another one, also where it takes the place of one that was lost.
    serial = stage.noted(pool)["servers"] = stage.noted(pool).get("servers", 0) + 1
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
