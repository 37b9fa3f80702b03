"""Autopilot pools: they spend a budget on spot node pools of their own."""

from __future__ import annotations

import re
from decimal import ROUND_UP, Decimal
from typing import TYPE_CHECKING, Any

from rsspot.models.shapes import as_object
from rsspot.sandbox.world.catalogue import CLASSES
from rsspot.sandbox.world.clock import rfc3339
from rsspot.sandbox.world.market import AUCTION, MILL
from rsspot.sandbox.world.objects import GROUP
from rsspot.sandbox.world.world import leaving

if TYPE_CHECKING:
    from rsspot.sandbox.world.catalogue import ServerClassEntry
    from rsspot.sandbox.world.world import Object, Stage

__all__ = ["steer"]

MARGIN = Decimal("1.2")
"""What it bids, as a multiple of the market price."""
COOLDOWN = 1800.0
"""Seconds until a class that was lost is tried again."""
HISTORY = 50
AMOUNT = re.compile(r"\d+(\.\d+)?")
CHILDREN = "spotnodepools"


def steer(stage: Stage, pool: Object, now: float) -> None:
    """Bring the spot node pools of one autopilot pool in line with its target and its budget."""
    children = _children(stage, pool)
    if leaving(pool):
        for child in children:
            _drop(stage, pool, child, "Deleted", "the autopilot pool is being deleted", now)
        return
    note = stage.noted(pool)
    if now >= note.setdefault("next", now):
        note["next"] = now + AUCTION
        for child in children:
            if child.get("status", {}).get("bidStatus") == "Lost":
                _drop(stage, pool, child, "Deleted", "its bid was lost", now)
        _fit(stage, pool, now)
    _report(stage, pool, now)


def _fit(stage: Stage, pool: Object, now: float) -> None:
    """Close the gap to the target: shrink what there is, or bid for the cheapest classes."""
    children = _children(stage, pool)
    missing = pool["spec"]["vcpu"]["total"] - sum(_cpus(child) for child in children)
    for child in children[::-1]:
        spare = min(-missing // _entry(child).cpu, child["spec"]["desired"])
        if missing < 0 and spare > 0:
            _resize(stage, pool, child, child["spec"]["desired"] - spare, now)
            missing += spare * _entry(child).cpu
    left = Decimal(pool["spec"]["budgetPerHour"]) - sum(
        (Decimal(child["spec"]["bidPrice"]) * child["spec"]["desired"] for child in children),
        Decimal(0),
    )
    for entry in _candidates(stage, pool, now):
        bid = max(stage.market.price(entry, now) * MARGIN, entry.floor).quantize(MILL, ROUND_UP)
        nodes = min(-(-missing // entry.cpu), int(left // bid))
        if missing > 0 and nodes > 0:
            _bid(stage, pool, entry, bid, nodes, now)
            missing -= nodes * entry.cpu
            left -= nodes * bid


def _candidates(stage: Stage, pool: Object, now: float) -> list[ServerClassEntry]:
    """The classes that it may use, those with the cheapest processors first."""
    spec = pool["spec"]
    size = as_object(spec.get("vcpuPerNode"))
    least, most = size.get("min") or 0, size.get("max") or 1_000_000
    memory = AMOUNT.match(spec.get("memoryPerVCPU") or "")
    at_least = Decimal(memory[0]) if memory else Decimal(0)
    cooling: dict[str, float] = stage.noted(pool).setdefault("cooling", {})
    found = [
        entry
        for entry in CLASSES.values()
        if entry.region == spec["region"]
        and entry.availability == "available"
        and least <= entry.cpu <= most
        and _gigabytes(entry) / entry.cpu >= at_least
        and cooling.get(entry.name, 0) <= now
    ]
    return sorted(found, key=lambda entry: stage.market.price(entry, now) / entry.cpu)


def _bid(  # noqa: PLR0917 - private, and each of them differs
    stage: Stage, pool: Object, entry: ServerClassEntry, bid: Decimal, nodes: int, now: float
) -> None:
    cloudspace = pool["spec"]["cloudSpace"]
    shared = ("customLabels", "customAnnotations", "customTaints")
    child = stage.objects.create(
        CHILDREN,
        pool["metadata"]["namespace"],
        {
            "apiVersion": f"{GROUP}/v1",
            "kind": "SpotNodePool",
            "metadata": {
                "name": stage.identities.uid(),
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
    _record(stage, pool, child, "Created", "", now)
    _outcome(stage, pool, entry.name, "Pending", now)


def _resize(stage: Stage, pool: Object, child: Object, nodes: int, now: float) -> None:
    if nodes == 0:
        _drop(stage, pool, child, "Deleted", "the target was lowered", now)
        return
    child["spec"]["desired"] = nodes
    child["metadata"]["generation"] += 1
    stage.objects.touch(child)
    _record(stage, pool, child, "Scaled", "the target was lowered", now)


def _drop(  # noqa: PLR0917 - private, and each of them differs
    stage: Stage, pool: Object, child: Object, event: str, reason: str, now: float
) -> None:
    metadata = child["metadata"]
    _record(stage, pool, child, event, reason, now)
    if child.get("status", {}).get("bidStatus") == "Lost":
        cooling = stage.noted(pool).setdefault("cooling", {})
        cooling[child["spec"]["serverClass"]] = now + COOLDOWN
        _outcome(stage, pool, child["spec"]["serverClass"], "Lost", now)
    stage.objects.delete(CHILDREN, metadata["namespace"], metadata["name"])


def _outcome(stage: Stage, pool: Object, name: str, outcome: str, now: float) -> None:
    states: dict[str, dict[str, Any]] = stage.noted(pool).setdefault("classes", {})
    tried = states.get(name, {}).get("lastAttemptTime")
    states[name] = {
        "serverClass": name,
        "lastOutcome": outcome,
        "lastAttemptTime": rfc3339(now) if outcome == "Pending" else tried,
        "cooldownUntil": rfc3339(now + COOLDOWN) if outcome == "Lost" else None,
    }


def _record(  # noqa: PLR0917 - private, and each of them differs
    stage: Stage, pool: Object, child: Object, event: str, reason: str, now: float
) -> None:
    history: list[dict[str, Any]] = stage.noted(pool).setdefault("history", [])
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
    del history[:-HISTORY]


def _report(stage: Stage, pool: Object, now: float) -> None:
    children = _children(stage, pool)
    note = stage.noted(pool)
    won = [(child, child.get("status", {}).get("wonCount") or 0) for child in children]
    for child, count in won:
        if count:
            name = child["spec"]["serverClass"]
            if note["classes"][name]["lastOutcome"] == "Pending":
                _outcome(stage, pool, name, "Won", now)
    total = pool["spec"]["vcpu"]["total"]
    managed = sum(count * _entry(child).cpu for child, count in won)
    memory = sum((count * _gigabytes(_entry(child)) for child, count in won), Decimal(0))
    stage.change(
        pool,
        phase="Active" if managed >= total else "Pending",
        targetVCPUs=total,
        managedVCPUs=managed,
        managedMemoryGB=f"{memory.normalize():f}",
        allocations=[_allocation(stage, child, count, now) for child, count in won],
        classStates=list(note.get("classes", {}).values()),
        allocationsHistory=list(note.get("history", [])),
    )


def _allocation(stage: Stage, child: Object, count: int, now: float) -> dict[str, Any]:
    entry = _entry(child)
    return {
        "serverClass": entry.name,
        "spotNodePool": child["metadata"]["name"],
        "marketPricePerHour": str(stage.market.price(entry, now)),
        "bidPricePerHour": child["spec"]["bidPrice"],
        "vcpuPerNode": entry.cpu,
        "memoryGBPerNode": f"{_gigabytes(entry):f}",
        "desiredNodes": child["spec"]["desired"],
        "wonNodes": count,
    }


def _children(stage: Stage, pool: Object) -> list[Object]:
    uid = pool["metadata"]["uid"]
    return [
        child
        for child in stage.objects.each(CHILDREN, pool["metadata"]["namespace"])
        if not leaving(child)
        and any(owner["uid"] == uid for owner in child["metadata"].get("ownerReferences", ()))
    ]


def _entry(child: Object) -> ServerClassEntry:
    return CLASSES[child["spec"]["serverClass"]]


def _cpus(child: Object) -> int:
    return int(child["spec"]["desired"]) * _entry(child).cpu


def _gigabytes(entry: ServerClassEntry) -> Decimal:
    return Decimal(entry.memory.removesuffix("GB"))
