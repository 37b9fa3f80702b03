"""The world: the objects, and what their controllers share."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world.clock import rfc3339

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsspot.sandbox.world.market import Market
    from rsspot.sandbox.world.objects import Identifiers, Object, Objects

__all__ = ["POOLS", "Events", "World"]


MAX_EVENTS = 1000
"""Maximum number of events per organization. Beyond it the oldest is dropped."""


POOLS: dict[str, tuple[str, tuple[str, ...]]] = {
    "cloudspaces": ("cloudSpace", ("spotnodepools", "ondemandnodepools")),
    "vmcloudspaces": ("vmCloudSpace", ("vmpools",)),
}
"""By the plural of the owner: the field of its pools that names it, and their plurals."""


class Events:
    """The event feed of each namespace: times and texts."""

    def __init__(self) -> None:
        self.stored: defaultdict[str, deque[tuple[str, str]]] = defaultdict(
            lambda: deque(maxlen=MAX_EVENTS)
        )

    def add(self, namespace: str, when: str, what: str) -> None:
        """Append an event."""
        self.stored[namespace].append((when, what))

    def newest(self, namespace: str, limit: int) -> list[list[str]]:
        """Return the last `limit` events, newest first."""
        return [list(event) for event in reversed(self.stored[namespace])][:limit]

    def to_dict(self) -> dict[str, list[list[str]]]:
        """Return all events as JSON-compatible data."""
        return {
            namespace: [list(event) for event in events]
            for namespace, events in self.stored.items()
        }

    def restore(self, content: dict[str, list[list[str]]]) -> None:
        """Replace all events by those of `to_dict`."""
        self.stored.clear()
        for namespace, events in content.items():
            self.stored[namespace].extend((when, what) for when, what in events)


class World:
    """The objects that controllers reconcile, and what they need for it.

    `notify` is called with the URL of a webhook and the body for it.
    """

    def __init__(
        self,
        objects: Objects,
        market: Market,
        identifiers: Identifiers,
        events: Events,
        notify: Callable[[str, dict[str, str]], None],
    ) -> None:
        self.objects = objects
        self.market = market
        self.identifiers = identifiers
        self.events = events
        self.notify = notify
        self.annotations: dict[str, dict[str, Any]] = {}
        """Private data of the controllers, by the uid of the object. The API never returns it."""

    def annotate(self, item: Object) -> dict[str, Any]:
        """Return the private annotations of an object, to read and change."""
        return self.annotations.setdefault(item["metadata"]["uid"], {})

    def age(self, item: Object, what: str, now: float) -> float:
        """Return the seconds since this was first called for `item` and `what`."""
        return now - float(self.annotate(item).setdefault(what, now))

    def forget(self, item: Object) -> None:
        """Drop the annotations of an object that was removed."""
        self.annotations.pop(item["metadata"]["uid"], None)

    def set_status(self, item: Object, **fields: Any) -> None:
        """Set fields of the status. Without a change, the object keeps its version."""
        status = item.setdefault("status", {})
        if any(key not in status or status[key] != value for key, value in fields.items()):
            status.update(fields)
            self.objects.touch(item)

    def log(self, item: Object, now: float, what: str) -> None:
        """Append an event about an object to the feed of its organization."""
        name = f"{item['kind']} {item['metadata']['name']}"
        self.events.add(item["metadata"]["namespace"], rfc3339(now), f"{name} {what}")

    def pools_by_owner(self, plural: str) -> Iterator[tuple[Object, list[Object]]]:
        """Yield each cloudspace, or VM cloudspace, with all its pools, deleted ones included."""
        field, plurals = POOLS[plural]
        found: defaultdict[tuple[str, str], list[Object]] = defaultdict(list)
        for pools in plurals:
            for pool in self.objects.each(pools):
                found[pool["metadata"]["namespace"], pool["spec"][field]].append(pool)
        for owner in self.objects.each(plural):
            yield owner, found[owner["metadata"]["namespace"], owner["metadata"]["name"]]

    def owner_of(self, pool: Object) -> Object | None:
        """Return the cloudspace or VM cloudspace of a pool, or None."""
        for plural, (field, _) in POOLS.items():
            if field in pool["spec"]:
                name, namespace = pool["spec"][field], pool["metadata"]["namespace"]
                return self.objects.find(plural, namespace, name)
        return None
