"""What those who act on objects share: the objects, since when things hold, and how to tell."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from rsspot.models.shapes import as_object
from rsspot.sandbox.world.clock import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsspot.sandbox.world.events import Events
    from rsspot.sandbox.world.identities import Identities
    from rsspot.sandbox.world.market import Market
    from rsspot.sandbox.world.objects import Objects

__all__ = ["POOLS", "Object", "Stage", "leaving", "wanted"]

Object = dict[str, Any]

POOLS = {
    "cloudspaces": ("cloudSpace", ("spotnodepools", "ondemandnodepools")),
    "vmcloudspaces": ("vmCloudSpace", ("vmpools",)),
}
"""By the plural of what has servers: the field of its pools that names it, and their plurals."""


class Stage:
    """Objects that change by themselves, and notes about them that nobody can read."""

    def __init__(
        self,
        objects: Objects,
        market: Market,
        identities: Identities,
        events: Events,
        notify: Callable[[str, dict[str, str]], None],
    ) -> None:
        self.objects = objects
        self.market = market
        self.identities = identities
        self.events = events
        self.notify = notify
        self.notes: dict[str, dict[str, Any]] = {}
        """By uid."""

    def noted(self, item: Object) -> dict[str, Any]:
        """The notes about an object."""
        return self.notes.setdefault(item["metadata"]["uid"], {})

    def age(self, item: Object, what: str, now: float) -> float:
        """Seconds since `what` was first asked about `item`."""
        return now - float(self.noted(item).setdefault(what, now))

    def forget(self, item: Object) -> None:
        """Drop the notes about an object that is gone."""
        self.notes.pop(item["metadata"]["uid"], None)

    def change(self, item: Object, **fields: Any) -> None:
        """Set fields of the status; a change of nothing changes no version."""
        status = item.setdefault("status", {})
        if any(key not in status or status[key] != value for key, value in fields.items()):
            status.update(fields)
            self.objects.touch(item)

    def log(self, item: Object, now: float, what: str) -> None:
        """Tell the feed of the organization."""
        name = f"{item['kind']} {item['metadata']['name']}"
        self.events.add(item["metadata"]["namespace"], rfc3339(now), f"{name} {what}")

    def crews(self, plural: str) -> Iterator[tuple[Object, list[Object]]]:
        """Each cloudspace, or VM cloudspace, with its pools, also those that are being deleted."""
        field, plurals = POOLS[plural]
        found: defaultdict[tuple[str, str], list[Object]] = defaultdict(list)
        for pools in plurals:
            for pool in self.objects.each(pools):
                found[pool["metadata"]["namespace"], pool["spec"][field]].append(pool)
        for owner in self.objects.each(plural):
            yield owner, found[owner["metadata"]["namespace"], owner["metadata"]["name"]]

    def owner_of(self, pool: Object) -> Object | None:
        """The cloudspace or VM cloudspace of a pool."""
        for plural, (field, _) in POOLS.items():
            if field in pool["spec"]:
                name, namespace = pool["spec"][field], pool["metadata"]["namespace"]
                return self.objects.find(plural, namespace, name)
        return None


def leaving(item: Object) -> bool:
    """Whether it is being deleted."""
    return "deletionTimestamp" in item["metadata"]


def wanted(pool: Object) -> int:
    """The servers that a pool wants, within the bounds of its autoscaling."""
    spec = pool["spec"]
    desired: int = spec["desired"]
    scaling = as_object(spec.get("autoscaling"))
    if scaling.get("enabled"):
        desired = min(max(desired, scaling["minNodes"]), scaling["maxNodes"])
    return desired
