"""Watch lists: read them repeatedly, and emit the changes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, get_args

from rsspot.errors import InvalidInput, RSSpotError
from rsspot.flow.flow import emit, sleep
from rsspot.models.autopilot import AutopilotNodePool
from rsspot.models.catalog import ServerClass
from rsspot.models.change import Change
from rsspot.models.cloudspace import Cloudspace
from rsspot.models.events import read_events
from rsspot.models.names import did_you_mean
from rsspot.models.node_pools import OnDemandNodePool, SpotNodePool
from rsspot.models.view import View
from rsspot.models.vms import VMCloudspace, VMPool
from rsspot.quantities import parse_duration
from rsspot.resources.waiting import FRESH, requested_pause, temporary
from rsspot.wire.endpoint import api

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import timedelta

    from rsspot.flow.flow import Flow, Stream
    from rsspot.models.events import OrganizationEvent
    from rsspot.wire.organization import OrganizationConnection

__all__ = ["What", "watch"]

What: TypeAlias = Literal[
    "cloudspaces",
    "spot_nodepools",
    "ondemand_nodepools",
    "autopilot_nodepools",
    "vm_cloudspaces",
    "vm_pools",
    "servers",
    "server_classes",
    "events",
]
"""What can be watched: groups of the client, and servers, prices (`server_classes`) and events."""

LISTS: Final[dict[str, tuple[type[Any], Any]]] = {
    "cloudspaces": (Cloudspace, api.LIST_CLOUDSPACES),
    "spot_nodepools": (SpotNodePool, api.LIST_SPOT_NODE_POOLS),
    "ondemand_nodepools": (OnDemandNodePool, api.LIST_ON_DEMAND_NODE_POOLS),
    "autopilot_nodepools": (AutopilotNodePool, api.LIST_AUTOPILOT_NODE_POOLS),
    "vm_cloudspaces": (VMCloudspace, api.LIST_VM_CLOUDSPACES),
    "vm_pools": (VMPool, api.LIST_VM_POOLS),
    "server_classes": (ServerClass, api.LIST_SERVER_CLASSES),
}
DEFAULT: Final = ("cloudspaces", "spot_nodepools", "ondemand_nodepools", "servers")
SHORTEST: Final = 1.0
"""Minimum seconds between two polls. No rate limit is documented, so polls stay well apart."""
LONGEST_BACKOFF: Final = 300.0
EVENT_LIMIT: Final = 200

Found: TypeAlias = "dict[tuple[str, Any], tuple[str, Any]]"
"""By what and identity: the name and the object."""


def watch(
    connection: OrganizationConnection,
    what: tuple[What, ...],
    *,
    interval: timedelta | float | str,
    initial: bool,
    on_error: Callable[[RSSpotError | None], object] | None,
) -> Stream[Change]:
    """Poll the lists in `what`, and emit their changes. `SpotClient.watch` has the details."""
    unknown = next((name for name in what if name not in get_args(What)), None)
    if unknown is not None:
        raise InvalidInput(
            f"{str(unknown)[:80]!r} cannot be watched",
            argument="what",
            hint=did_you_mean(str(unknown), get_args(What))
            or f"Known names: {', '.join(get_args(What))}",
        )
    pause = parse_duration("interval", interval, unit="s").total_seconds()
    if pause < SHORTEST:
        raise InvalidInput(
            f"interval is {pause:g} s, which asks the API too often",
            argument="interval",
            hint=f"Give {SHORTEST:g} s or more",
        )
    names = tuple(dict.fromkeys(what or DEFAULT))
    before: Found | None = {} if initial else None
    failures = 0
    while True:
        trouble: RSSpotError | None = None
        try:
            now = yield from _read(connection, names)
        except RSSpotError as error:
            # A temporary error does not end the watch.
            trouble = temporary(error)
            failures += 1
            if on_error is not None:
                on_error(trouble)
        else:
            if failures and on_error is not None:
                on_error(None)
            failures = 0
            time = datetime.fromtimestamp(connection.clock.now(), UTC)
            for change in _changes(before, now, time):
                yield from emit(change)
            before = now
        longer = min(pause * 2 ** min(failures, 20), max(pause, LONGEST_BACKOFF))
        yield from sleep(connection.clock, max(longer, requested_pause(trouble)))


def _read(connection: OrganizationConnection, names: tuple[str, ...]) -> Flow[Found]:
    arguments = yield from connection.namespaced()
    found: Found = {}
    owners: list[Any] = []
    for name in names:
        if name in LISTS:
            kind, verb = LISTS[name]
            own = {} if name == "server_classes" else arguments
            items = yield from connection.list(kind, verb, own, options=FRESH)
            owners += items if name in {"cloudspaces", "vm_cloudspaces"} else []
            found.update(((name, item.uid or item.name), (item.name, item)) for item in items)
    if "servers" in names:
        for name in ("cloudspaces", "vm_cloudspaces"):
            if name not in names:
                kind, verb = LISTS[name]
                owners += yield from connection.list(kind, verb, arguments, options=FRESH)
        for owner in owners:
            for server in owner.servers:
                key = (owner.uid or owner.name, server.key)
                found["servers", key] = (server.name, server)
    if "events" in names:
        data = yield from connection.json(
            api.LIST_ORGANIZATION_EVENTS, {"limits": EVENT_LIMIT}, options=FRESH
        )
        found.update(_keyed(read_events(data)))
    return found


def _keyed(events: list[OrganizationEvent]) -> Iterator[tuple[tuple[str, Any], tuple[str, Any]]]:
    """Give the same event that happened twice two keys, the oldest first."""
    seen: Counter[tuple[str, str]] = Counter()
    for event in reversed(events):
        same = (event.time, event.text)
        seen[same] += 1
        yield ("events", (*same, seen[same])), (event.text, event)


def _changes(before: Found | None, now: Found, time: datetime) -> Iterator[Change]:
    if before is None:
        return
    for key, (name, item) in now.items():
        earlier = before.get(key)
        if earlier is None:
            yield Change("added", key[0], name, None, item, time)
        else:
            change = Change("changed", key[0], name, earlier[1], item, time)
            if _data(earlier[1]) != _data(item) and change.fields:
                yield change
    for key, (name, item) in before.items():
        # Old events leave the feed, which is no change.
        if key not in now and key[0] != "events":
            yield Change("removed", key[0], name, item, None, time)


def _data(item: Any) -> Any:
    """Return the JSON of a view, whose own equality is that of its identity."""
    return item.to_dict() if isinstance(item, View) else item
