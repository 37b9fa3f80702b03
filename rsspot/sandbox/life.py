"""What happens to objects as time goes by: they are built, win, lose, and go."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.catalogue import CLASSES
from rsspot.sandbox.clock import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox.market import Market
    from rsspot.sandbox.objects import Objects

__all__ = ["Life"]

Object = dict[str, Any]

STEP = 15.0
"""Seconds between two looks at the world."""
MOST_STEPS = 2000
CONTROL_PLANE, SERVER, GONE = 60.0, 180.0, 30.0
"""Seconds until a control plane answers, a server is there, a deleted object is gone."""


class Life:
    """Moves the world on, in small steps, up to the time of the clock."""

    def __init__(
        self,
        objects: Objects,
        market: Market,
        *,
        notify: Callable[[str, dict[str, str]], None],
        log: Callable[[str, str], None],
    ) -> None:
        self.objects = objects
        self.market = market
        self.notify = notify
        self.log = log
        self.settled = objects.clock.now()
        self.since: dict[str, float] = {}

    def settle(self) -> None:
        """Let everything happen that should have happened by now."""
        now = self.objects.clock.now()
        if now - self.settled < STEP:
            return
        step = max(STEP, (now - self.settled) / MOST_STEPS)
        while self.settled + step <= now:
            self.settled += step
            self._step(self.settled)

    def _step(self, now: float) -> None:
        for plural in ("cloudspaces", "vmcloudspaces"):
            for item in self.objects.each(plural):
                self._grow(item, now)
        for plural in ("spotnodepools", "ondemandnodepools", "vmpools", "autopilotnodepools"):
            for item in self.objects.each(plural):
                self._allot(plural, item, now)
        for item in self.objects.each("cloudspaces"):
            pools = [
                pool
                for plural in ("spotnodepools", "ondemandnodepools")
                for pool in self.objects.each(plural, item["metadata"]["namespace"])
                if pool["spec"]["cloudSpace"] == item["metadata"]["name"]
            ]
            self._staff(item, pools, now, vm=False)
        for item in self.objects.each("vmcloudspaces"):
            pools = [
                pool
                for pool in self.objects.each("vmpools", item["metadata"]["namespace"])
                if pool["spec"]["vmCloudSpace"] == item["metadata"]["name"]
            ]
            self._staff(item, pools, now, vm=True)
        for plural in list(self.objects.kept):
            for item in self.objects.each(plural):
                if "deletionTimestamp" in item["metadata"] and self._for(item, "gone", now) >= GONE:
                    self.objects.remove(plural, item)

    def _for(self, item: Object, what: str, now: float) -> float:
        """Seconds since `what` was first true of `item`."""
        return now - self.since.setdefault(f"{what}/{item['metadata']['uid']}", now)

    def _change(self, item: Object, **fields: Any) -> None:
        status = item.setdefault("status", {})
        if any(status.get(key) != value for key, value in fields.items()):
            status.update(fields)
            self.objects.touch(item)

    def _grow(self, item: Object, now: float) -> None:
        if "deletionTimestamp" in item["metadata"]:
            self._change(item, phase="Deleting")
            return
        ready = self._for(item, "made", now) >= CONTROL_PLANE
        if not ready:
            self._change(item, phase="Provisioning", health="Unknown")
            return
        first = item.get("status", {}).get("firstReadyTimestamp") or rfc3339(now)
        fields: dict[str, Any] = {
            "phase": "Ready",
            "health": "Healthy",
            "firstReadyTimestamp": first,
        }
        if item["kind"] == "CloudSpace":
            fields["APIServerEndpoint"] = f"hcp-{item['metadata']['uid']}.spot.rackspace.com"
            fields["currentKubernetesVersion"] = item["spec"].get("kubernetesVersion", "")
            fields["cloudspaceClassName"] = "gen2-default"
        fields["conditions"] = [
            {"type": "Ready", "status": "True", "lastTransitionTime": first, "reason": "Ready"}
        ]
        if item.get("status", {}).get("phase") != "Ready":
            self.log(first, f"{item['kind']} {item['metadata']['name']} is ready")
        self._change(item, **fields)

    def _allot(self, plural: str, item: Object, now: float) -> None:
        spec = item["spec"]
        if "deletionTimestamp" in item["metadata"]:
            return
        if plural == "autopilotnodepools":
            grown = self._for(item, "made", now) >= CONTROL_PLANE
            total = spec["vcpu"]["total"]
            self._change(
                item,
                phase="Ready" if grown else "Provisioning",
                targetVCPUs=total,
                managedVCPUs=total if grown else 0,
            )
            return
        on_demand = plural == "ondemandnodepools" or spec.get("poolType") == "ondemand"
        if on_demand:
            reserved = spec["desired"] if self._for(item, "made", now) >= STEP else 0
            state = "Reserved" if reserved >= spec["desired"] else "Pending"
            if plural == "vmpools":
                self._change(item, bidStatus="Fulfilled", wonCount=reserved)
            else:
                self._change(item, reservedStatus=state, reservedCount=reserved)
            return
        if self._for(item, "made", now) < STEP:
            self._change(item, bidStatus="Pending", wonCount=None)
            return
        price = self.market.price(CLASSES[spec["serverClass"]], now)
        won = float(spec["bidPrice"]) >= float(price)
        self._change(
            item,
            bidStatus="Fulfilled" if won else "Lost",
            wonCount=spec["desired"] if won else 0,
        )

    def _staff(self, owner: Object, pools: list[Object], now: float, *, vm: bool) -> None:
        if "status" not in owner:
            return
        assigned: dict[str, Any] = dict(owner["status"].get("assignedServers") or {})
        wanted: dict[str, Any] = {}
        bids: dict[str, Any] = {}
        for pool in pools:
            name, spec, status = pool["metadata"]["name"], pool["spec"], pool.get("status", {})
            leaving = "deletionTimestamp" in pool["metadata"]
            won = 0 if leaving else status.get("wonCount") or status.get("reservedCount") or 0
            kind = "ondemand" if pool["kind"] == "OnDemandNodePool" else "spot"
            bids[name] = {"bidName": name, "type": kind, "wonCount": won}
            for number in range(won):
                key = f"{name}-{number}"
                if key in assigned or self._won_for(owner, key, now) >= SERVER:
                    wanted[key] = assigned.get(key) or _server(owner, pool, spec, number, vm=vm)
        for key in assigned.keys() - wanted.keys():
            self._release(owner, assigned[key], now)
            self.since.pop(f"won/{owner['metadata']['uid']}/{key}", None)
        self._change(owner, assignedServers=wanted, bids=bids)
        names = [pool["metadata"]["name"] for pool in pools if "Spot" in pool["kind"] or vm]
        if owner["spec"].get("bidRequests", []) != names:
            owner["spec"]["bidRequests"] = names
            self.objects.touch(owner)

    def _won_for(self, owner: Object, key: str, now: float) -> float:
        return now - self.since.setdefault(f"won/{owner['metadata']['uid']}/{key}", now)

    def _release(self, owner: Object, server: dict[str, str], now: float) -> None:
        name = owner["metadata"]["name"]
        self.log(rfc3339(now), f"server {server['serverName']} of {name} is released")
        webhook = owner["spec"].get("webhook")
        if webhook:
            address = server.get("IP") or server.get("ipAddress") or ""
            self.notify(
                webhook,
                {
                    "cloudspace": name,
                    "Server": server["serverName"],
                    "IP": address,
                    "Time": rfc3339(now),
                },
            )


def _server(
    owner: Object, pool: Object, spec: dict[str, Any], number: int, *, vm: bool
) -> dict[str, str]:
    entry = CLASSES[spec["serverClass"]]
    key = f"{owner['metadata']['uid']}/{pool['metadata']['name']}/{number}"
    digest = hashlib.sha256(key.encode()).digest()
    name = str(uuid.UUID(bytes=digest[:16], version=4))
    address = f"10.{digest[16]}.{digest[17]}.{digest[18] % 254 + 1}"
    common = {"serverName": name, "serverClassName": entry.name, "state": "Running"}
    kind = "ondemand" if pool["kind"] == "OnDemandNodePool" else spec.get("poolType", "spot")
    if vm:
        return {
            **common,
            "serverType": kind,
            "displayName": f"{pool['metadata']['name'][:8]}-{number}",
            "nodePoolName": pool["metadata"]["name"],
            "ipAddress": address,
            "cpu": str(entry.cpu),
            "memory": entry.memory,
        }
    return {**common, "serverType": kind, "clusterRole": "worker", "IP": address}
