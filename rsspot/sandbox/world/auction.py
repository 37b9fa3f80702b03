"""The auction: which pools get how many servers, at the prices and the stock of the moment."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsspot.models.shapes import as_list
from rsspot.sandbox.world.catalogue import CLASSES
from rsspot.sandbox.world.world import leaving, wanted

if TYPE_CHECKING:
    from rsspot.sandbox.world.catalogue import ServerClassEntry
    from rsspot.sandbox.world.world import Object, Stage

__all__ = ["Auction"]

FIRST = 15.0
"""Seconds until the first auction takes notice of a pool."""


class Auction:
    """Servers go to pools on demand first, then to the highest bids that reach the price."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._given: dict[str, int] = {}

    def free(self, entry: ServerClassEntry) -> int:
        """Servers of a class that nobody has."""
        return entry.capacity - self.stage.market.taken(entry) - self._given.get(entry.name, 0)

    def hold(self, now: float) -> None:
        """One auction over all pools."""
        self._given = {}
        bidding: list[Object] = []
        for plural in ("ondemandnodepools", "spotnodepools", "vmpools"):
            for pool in self.stage.objects.each(plural):
                if leaving(pool) or self.stage.owner_of(pool) is None:
                    continue
                if plural == "ondemandnodepools" or pool["spec"].get("poolType") == "ondemand":
                    self._reserve(plural, pool, now)
                elif self.stage.age(pool, "made", now) < FIRST:
                    self._settle(pool, {"bidStatus": "Pending", "wonCount": None})
                else:
                    bidding.append(pool)
        # Equal bids: whoever came first.
        bidding.sort(key=lambda pool: -Decimal(pool["spec"]["bidPrice"]))
        for pool in bidding:
            self._bid(pool, now)

    def _reserve(self, plural: str, pool: Object, now: float) -> None:
        early = self.stage.age(pool, "made", now) < FIRST
        count = 0 if early else self._take(pool)
        full = not early and count >= wanted(pool)
        if plural == "vmpools":
            state = "Fulfilled" if full else "Pending"
            self._settle(pool, {"bidStatus": state, "wonCount": count})
        else:
            state = "Reserved" if full else "Pending"
            self._settle(pool, {"reservedStatus": state, "reservedCount": count})

    def _bid(self, pool: Object, now: float) -> None:
        entry = CLASSES[pool["spec"]["serverClass"]]
        if Decimal(pool["spec"]["bidPrice"]) < self.stage.market.price(entry, now):
            self._settle(pool, {"bidStatus": "Lost", "wonCount": 0})
            return
        count = self._take(pool)
        state = "Fulfilled" if count >= wanted(pool) else "Pending"
        self._settle(pool, {"bidStatus": state, "wonCount": count})

    def _take(self, pool: Object) -> int:
        entry = CLASSES[pool["spec"]["serverClass"]]
        count = min(wanted(pool), max(0, self.free(entry)))
        self._given[entry.name] = self._given.get(entry.name, 0) + count
        return count

    def _settle(self, pool: Object, fields: dict[str, Any]) -> None:
        spec = pool["spec"]
        if pool["kind"] != "VMPool":
            fields["customMetadataStatus"] = {
                "labels": sorted(spec.get("customLabels") or {}),
                "annotations": sorted(spec.get("customAnnotations") or {}),
                "taints": [taint["key"] for taint in as_list(spec.get("customTaints"))],
            }
        self.stage.change(pool, **fields)
