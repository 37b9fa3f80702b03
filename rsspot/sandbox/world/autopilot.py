"""The controller of autopilot pools, which bid with spot node pools within a budget."""

from __future__ import annotations

import re
from decimal import ROUND_UP, Decimal
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world.catalogue import CLASSES
from rsspot.sandbox.world.clock import rfc3339
from rsspot.sandbox.world.lists import GROUP
from rsspot.sandbox.world.market import AUCTION_INTERVAL, MILL
from rsspot.sandbox.world.objects import is_deleting
from rsspot.shapes import as_object

if TYPE_CHECKING:
    from rsspot.sandbox.world.catalogue import ServerClassEntry
    from rsspot.sandbox.world.objects import Object
    from rsspot.sandbox.world.world import World

__all__ = ["reconcile_autopilot"]

MARGIN = Decimal("1.2")
"""The bid, as a multiple of the market price."""
COOLDOWN = 1800.0
"""Seconds until a bid for a class that was lost is repeated."""
MAX_HISTORY = 50
AMOUNT = re.compile(r"\d+(\.\d+)?")
CHILDREN = "spotnodepools"


def reconcile_autopilot(world: World, pool: Object, now: float) -> None:
    """Adjust the spot node pools of one autopilot pool to its target and budget."""
    children = _children(world, pool)
    if is_deleting(pool):
        for child in children:
            _delete(world, pool, child, "the autopilot pool is being deleted", now)
        return
    state = world.annotate(pool)
    if now >= state.setdefault("next", now):
        state["next"] = now + AUCTION_INTERVAL
        for child in children:
            if child.get("status", {}).get("bidStatus") == "Lost":
                _delete(world, pool, child, "its bid was lost", now)
        _adjust(world, pool, now)
    _report(world, pool, now)


def _adjust(world: World, pool: Object, now: float) -> None:
    """Shrink pools when the target was lowered; else bid for the cheapest classes."""
    children = _children(world, pool)
    missing = pool["spec"]["vcpu"]["total"] - sum(_cpus(child) for child in children)
    for child in children[::-1]:
        surplus = min(-missing // _entry(child).cpu, child["spec"]["desired"])
        if missing < 0 and surplus > 0:
            _resize(world, pool, child, child["spec"]["desired"] - surplus, now)
            missing += surplus * _entry(child).cpu
    left = Decimal(pool["spec"]["budgetPerHour"]) - sum(
        (Decimal(child["spec"]["bidPrice"]) * child["spec"]["desired"] for child in children),
        Decimal(0),
    )
    for entry in _candidates(world, pool, now):
        bid = max(world.market.price(entry, now) * MARGIN, entry.floor).quantize(MILL, ROUND_UP)
        nodes = min(-(-missing // entry.cpu), int(left // bid))
        if missing > 0 and nodes > 0:
            _bid(world, pool, entry, bid, nodes, now)
            missing -= nodes * entry.cpu
            left -= nodes * bid


def _candidates(world: World, pool: Object, now: float) -> list[ServerClassEntry]:
    """Return the classes that the pool may use, cheapest vCPU first."""
    spec = pool["spec"]
    size = as_object(spec.get("vcpuPerNode"))
    minimum, maximum = size.get("min") or 0, size.get("max") or 1_000_000
    memory = AMOUNT.match(spec.get("memoryPerVCPU") or "")
    min_memory = Decimal(memory[0]) if memory else Decimal(0)
    cooling: dict[str, float] = world.annotate(pool).setdefault("cooling", {})
    found = [
        entry
        for entry in CLASSES.values()
        if entry.region == spec["region"]
        and entry.availability == "available"
        and minimum <= entry.cpu <= maximum
        and _gigabytes(entry) / entry.cpu >= min_memory
        and cooling.get(entry.name, 0) <= now
    ]
    return sorted(found, key=lambda entry: world.market.price(entry, now) / entry.cpu)


def _bid(  # noqa: PLR0917 - private, and each of them differs
    world: World, pool: Object, entry: ServerClassEntry, bid: Decimal, nodes: int, now: float
) -> None:
    cloudspace = pool["spec"]["cloudSpace"]
    shared = ("customLabels", "customAnnotations", "customTaints")
    child = world.objects.create(
        CHILDREN,
        pool["metadata"]["namespace"],
        {
            "apiVersion": f"{GROUP}/v1",
            "kind": "SpotNodePool",
            "metadata": {
                "name": world.identifiers.uid(),
                "labels": {f"{GROUP}/cloudspace": cloudspace},
                "ownerReferences": [
                    {
                        "apiVersion": f"{GROUP}/v1",
                        "kind": "AutopilotNodePool",
                        "name": pool["metadata"]["name"],
                        "uid": pool["metadata"]["uid"],
                        "controller": True,
                    }
                ],
            },
            "spec": {
                "cloudSpace": cloudspace,
                "serverClass": entry.name,
                "desired": nodes,
                "bidPrice": str(bid),
                **{key: pool["spec"][key] for key in shared if pool["spec"].get(key)},
            },
        },
    )
    _record(world, pool, child, "Created", "", now)
    _outcome(world, pool, entry.name, "Pending", now)


def _resize(world: World, pool: Object, child: Object, nodes: int, now: float) -> None:
    if nodes == 0:
        _delete(world, pool, child, "the target was lowered", now)
        return
    child["spec"]["desired"] = nodes
    child["metadata"]["generation"] += 1
    world.objects.touch(child)
    _record(world, pool, child, "Scaled", "the target was lowered", now)


def _delete(world: World, pool: Object, child: Object, reason: str, now: float) -> None:
    metadata = child["metadata"]
    _record(world, pool, child, "Deleted", reason, now)
    if child.get("status", {}).get("bidStatus") == "Lost":
        cooling = world.annotate(pool).setdefault("cooling", {})
        cooling[child["spec"]["serverClass"]] = now + COOLDOWN
        _outcome(world, pool, child["spec"]["serverClass"], "Lost", now)
    world.objects.delete(CHILDREN, metadata["namespace"], metadata["name"])


def _outcome(world: World, pool: Object, name: str, outcome: str, now: float) -> None:
    states: dict[str, dict[str, Any]] = world.annotate(pool).setdefault("classes", {})
    tried = states.get(name, {}).get("lastAttemptTime")
    states[name] = {
        "serverClass": name,
        "lastOutcome": outcome,
        "lastAttemptTime": rfc3339(now) if outcome == "Pending" else tried,
        "cooldownUntil": rfc3339(now + COOLDOWN) if outcome == "Lost" else None,
    }


def _record(  # noqa: PLR0917 - private, and each of them differs
    world: World, pool: Object, child: Object, event: str, reason: str, now: float
) -> None:
    history: list[dict[str, Any]] = world.annotate(pool).setdefault("history", [])
    history.append(
        {
            "time": rfc3339(now),
            "event": event,
            "reason": reason,
            "serverClass": child["spec"]["serverClass"],
            "spotNodePool": child["metadata"]["name"],
            "desiredNodes": child["spec"]["desired"],
            "wonNodes": child.get("status", {}).get("wonCount"),
            "bidPricePerHour": child["spec"]["bidPrice"],
        }
    )
    del history[:-MAX_HISTORY]


def _report(world: World, pool: Object, now: float) -> None:
    children = _children(world, pool)
    state = world.annotate(pool)
    won = [(child, child.get("status", {}).get("wonCount") or 0) for child in children]
    for child, count in won:
        if count:
            name = child["spec"]["serverClass"]
            if state["classes"][name]["lastOutcome"] == "Pending":
                _outcome(world, pool, name, "Won", now)
    total = pool["spec"]["vcpu"]["total"]
    managed = sum(count * _entry(child).cpu for child, count in won)
    memory = sum((count * _gigabytes(_entry(child)) for child, count in won), Decimal(0))
    world.set_status(
        pool,
        phase="Active" if managed >= total else "Pending",
        targetVCPUs=total,
        managedVCPUs=managed,
        managedMemoryGB=f"{memory.normalize():f}",
        allocations=[_allocation(world, child, count, now) for child, count in won],
        classStates=list(state.get("classes", {}).values()),
        allocationsHistory=list(state.get("history", [])),
    )


def _allocation(world: World, child: Object, count: int, now: float) -> dict[str, Any]:
    entry = _entry(child)
    return {
        "serverClass": entry.name,
        "spotNodePool": child["metadata"]["name"],
        "marketPricePerHour": str(world.market.price(entry, now)),
        "bidPricePerHour": child["spec"]["bidPrice"],
        "vcpuPerNode": entry.cpu,
        "memoryGBPerNode": f"{_gigabytes(entry):f}",
        "desiredNodes": child["spec"]["desired"],
        "wonNodes": count,
    }


def _children(world: World, pool: Object) -> list[Object]:
    uid = pool["metadata"]["uid"]
    return [
        child
        for child in world.objects.each(CHILDREN, pool["metadata"]["namespace"])
        if not is_deleting(child)
        and any(owner["uid"] == uid for owner in child["metadata"].get("ownerReferences", ()))
    ]


def _entry(child: Object) -> ServerClassEntry:
    return CLASSES[child["spec"]["serverClass"]]


def _cpus(child: Object) -> int:
    return int(child["spec"]["desired"]) * _entry(child).cpu


def _gigabytes(entry: ServerClassEntry) -> Decimal:
    return Decimal(entry.memory.removesuffix("GB"))
