"""What the page shows, as JSON without secrets. Nothing here changes anything but the time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world import AUCTION_INTERVAL, CLASSES, desired_nodes, is_deleting, rfc3339
from rsspot.shapes import as_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.sandbox.faults.middleware import ReceivedRequest
    from rsspot.sandbox.faults.plan import FaultPlan
    from rsspot.sandbox.world import Object, SandboxState, ServerClassEntry

__all__ = ["prices", "world"]

SHOWN = 200
"""Maximum number of requests in one response, and of objects of each kind."""
STRIDE = 4
"""Every fourth auction is enough for a small chart."""
OWNERS = ("cloudspaces", "vmcloudspaces")
POOLS = ("spotnodepools", "ondemandnodepools", "autopilotnodepools", "vmpools")


def world(
    state: SandboxState, faults: FaultPlan, received: list[ReceivedRequest], after: int
) -> dict[str, Any]:
    """Return the clock, the objects, the market, the faults, and the requests since `after`."""
    state.advance()
    with state.lock:
        now = state.clock.now()
        owners = [item for plural in OWNERS for item in state.objects.each(plural)]
        pools = [item for plural in POOLS for item in state.objects.each(plural)]
        return {
            "time": rfc3339(now),
            "auction": int(now // AUCTION_INTERVAL),
            "speed": state.clock.speed or 0,
            "seed": state.seed,
            "organizations": [
                {
                    "name": each["name"],
                    "id": each["id"],
                    "namespace": each["metadata"]["namespace"],
                }
                for each in state.organizations
            ],
            "cloudspaces": [_owner(item) for item in owners[:SHOWN]],
            "pools": [_pool(state, item, now) for item in pools[:SHOWN]],
            "servers": [each for item in owners for each in _servers(item)][:SHOWN],
            "requests": _requests(received, after),
            "faults": faults.to_list(),
        }


def prices(state: SandboxState) -> list[dict[str, Any]]:
    """Return each server class with its prices of the last day."""
    now = state.clock.now()
    return [_class(state, entry, now) for entry in CLASSES.values()]


def _class(state: SandboxState, entry: ServerClassEntry, now: float) -> dict[str, Any]:
    history = state.market.history(entry, now)["history"]
    return {
        "name": entry.name,
        "region": entry.region,
        "price": str(state.market.price(entry, now)),
        "floor": str(entry.floor),
        "on_demand": str(entry.on_demand),
        "available": state.available(entry),
        "history": [each["hammer_price"] for each in history[::-STRIDE]][::-1],
    }


def _owner(item: Object) -> dict[str, Any]:
    status = as_object(item.get("status"))
    return {
        "namespace": item["metadata"]["namespace"],
        "name": item["metadata"]["name"],
        "kind": item["kind"],
        "region": item["spec"].get("region", ""),
        "phase": "Deleting" if is_deleting(item) else status.get("phase", "Pending"),
        "servers": len(as_object(status.get("assignedServers"))),
    }


def _pool(state: SandboxState, item: Object, now: float) -> dict[str, Any]:
    spec, status = item["spec"], as_object(item.get("status"))
    entry = CLASSES.get(spec.get("serverClass", ""))
    won = status.get("wonCount") or status.get("reservedCount") or 0
    return {
        "namespace": item["metadata"]["namespace"],
        "name": item["metadata"]["name"],
        "kind": item["kind"],
        "cloudspace": spec.get("cloudSpace") or spec.get("vmCloudSpace") or "",
        "class": spec.get("serverClass", ""),
        "bid": spec.get("bidPrice", ""),
        "market": "" if entry is None else str(state.market.price(entry, now)),
        "won": won,
        "desired": desired_nodes(item) if "serverClass" in spec else "",
        "state": status.get("bidStatus") or status.get("reservedStatus") or status.get("phase", ""),
    }


def _servers(owner: Object) -> Iterator[dict[str, Any]]:
    for name, server in as_object(as_object(owner.get("status")).get("assignedServers")).items():
        yield {
            "name": name,
            "cloudspace": owner["metadata"]["name"],
            "class": server.get("serverClassName", ""),
            "type": server.get("serverType", ""),
            "state": server.get("state", ""),
            "address": server.get("IP", ""),
        }


def _requests(received: list[ReceivedRequest], after: int) -> dict[str, Any]:
    total = len(received)
    first = max(after if after <= total else 0, total - SHOWN)  # the list was cleared, or cut
    return {
        "total": total,
        "new": [
            {"method": each.method, "path": each.path, "status": each.status, "fault": each.fault}
            for each in received[first:total]
        ],
    }
