"""The simulation: what the controllers share, and the loop that runs them up to the clock."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.world.autopilot import reconcile_autopilot
from rsspot.sandbox.world.clock import rfc3339
from rsspot.sandbox.world.controllers import reconcile_control_plane, reconcile_servers
from rsspot.sandbox.world.market import Auction
from rsspot.sandbox.world.objects import is_deleting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsspot.sandbox.world.market import Market
    from rsspot.sandbox.world.objects import Identifiers, Object, Objects

__all__ = [
    "POOLS",
    "Events",
    "Simulation",
    "World",
    "fingerprint",
]

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


STEP = 15.0
"""Seconds between two reconciliations."""
MAX_STEPS = 2000
"""Maximum number of steps in one advance. Over a longer time, the steps are longer."""
CLEANUP = 30.0
"""Seconds until a deleted object is removed."""


class Simulation:
    """Advances the world to the time of its clock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.auction: Auction = Auction(world)
        self.reconciled_at: float = world.objects.clock.now()

    def advance(self) -> None:
        """Reconcile all objects for every step since the last call."""
        now = self.world.objects.clock.now()
        elapsed = now - self.reconciled_at
        if elapsed < STEP:
            return
        step = max(STEP, elapsed / MAX_STEPS)
        while self.reconciled_at + step <= now:
            self.reconciled_at += step
            self._reconcile(self.reconciled_at)

    def _reconcile(self, now: float) -> None:
        world = self.world
        for key in world.objects.each("vmsshkeys"):
            public_key = key["spec"]["publicKey"]
            world.set_status(key, fingerprint=fingerprint(public_key), validated=True)
        for pool in world.objects.each("autopilotnodepools"):
            reconcile_autopilot(world, pool, now)
        self.auction.run(now)
        for plural in POOLS:
            for owner, pools in world.pools_by_owner(plural):
                reconcile_control_plane(world, owner, pools, now)
                reconcile_servers(world, owner, pools, now)
        for plural in list(world.objects.stored):
            for item in world.objects.each(plural):
                is_due = is_deleting(item) and world.age(item, "deleted", now) >= CLEANUP
                if is_due and world.objects.finalize(plural, item):
                    world.log(item, now, "was deleted")
                    world.forget(item)


def fingerprint(public_key: str) -> str:
    """Return the fingerprint of an OpenSSH public key, as `ssh-keygen -l` prints it."""
    _, _, rest = public_key.strip().partition(" ")
    encoded = rest.strip().partition(" ")[0]
    try:
        data = base64.b64decode(encoded + "=" * (-len(encoded) % 4))
    except (binascii.Error, ValueError):
        data = encoded.encode()
    return "SHA256:" + base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
