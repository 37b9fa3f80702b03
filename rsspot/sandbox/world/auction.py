"""The auction: which pool gets which servers."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world.catalogue import CLASSES
from rsspot.sandbox.world.objects import desired_nodes, is_deleting
from rsspot.shapes import as_list

if TYPE_CHECKING:
    from rsspot.sandbox.world.catalogue import ServerClassEntry
    from rsspot.sandbox.world.objects import Object
    from rsspot.sandbox.world.world import World

__all__ = ["Auction"]


FIRST_AUCTION = 15.0
"""Seconds from the creation of a pool to its first auction."""


class Auction:
    """Allocates servers: to on-demand pools first, then to the highest bids from the price up."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._allocated: dict[str, int] = {}

    def available(self, entry: ServerClassEntry) -> int:
        """Return the number of servers of a class that nobody has."""
        taken = self.world.market.used_by_others(entry) + self._allocated.get(entry.name, 0)
        return entry.capacity - taken

    def run(self, now: float) -> None:
        """Run one auction over all pools."""
        self._allocated = {}
        bidding: list[Object] = []
        for plural in ("ondemandnodepools", "spotnodepools", "vmpools"):
            for pool in self.world.objects.each(plural):
                if is_deleting(pool) or self.world.owner_of(pool) is None:
                    continue
                if plural == "ondemandnodepools" or pool["spec"].get("poolType") == "ondemand":
                    self._reserve(plural, pool, now)
                elif self.world.age(pool, "created", now) < FIRST_AUCTION:
                    self._set_status(pool, {"bidStatus": "Pending", "wonCount": None})
                else:
                    bidding.append(pool)
        # Among equal bids, the pool that was created first wins.
        bidding.sort(key=lambda pool: -Decimal(pool["spec"]["bidPrice"]))
        for pool in bidding:
            self._bid(pool, now)

    def _reserve(self, plural: str, pool: Object, now: float) -> None:
        is_new = self.world.age(pool, "created", now) < FIRST_AUCTION
        count = 0 if is_new else self._allocate(pool)
        full = not is_new and count >= desired_nodes(pool)
        if plural == "vmpools":
            state = "Fulfilled" if full else "Pending"
            self._set_status(pool, {"bidStatus": state, "wonCount": count})
        else:
            state = "Reserved" if full else "Pending"
            self._set_status(pool, {"reservedStatus": state, "reservedCount": count})

    def _bid(self, pool: Object, now: float) -> None:
        entry = CLASSES[pool["spec"]["serverClass"]]
        if Decimal(pool["spec"]["bidPrice"]) < self.world.market.price(entry, now):
            self._set_status(pool, {"bidStatus": "Lost", "wonCount": 0})
            return
        count = self._allocate(pool)
        state = "Fulfilled" if count >= desired_nodes(pool) else "Pending"
        self._set_status(pool, {"bidStatus": state, "wonCount": count})

    def _allocate(self, pool: Object) -> int:
        entry = CLASSES[pool["spec"]["serverClass"]]
        count = min(desired_nodes(pool), max(0, self.available(entry)))
        self._allocated[entry.name] = self._allocated.get(entry.name, 0) + count
        return count

    def _set_status(self, pool: Object, fields: dict[str, Any]) -> None:
        spec = pool["spec"]
        if pool["kind"] != "VMPool":
            fields["customMetadataStatus"] = {
                "labels": sorted(spec.get("customLabels") or {}),
                "annotations": sorted(spec.get("customAnnotations") or {}),
                "taints": [taint["key"] for taint in as_list(spec.get("customTaints"))],
            }
        self.world.set_status(pool, **fields)
