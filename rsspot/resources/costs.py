"""Read what pools cost: the pools, the control planes, and the prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.errors import APIError, NotFoundError
from rsspot.flow.flow import gather
from rsspot.market.cost import Cost
from rsspot.market.costing import control_plane_cost, pool_cost
from rsspot.models.autopilot import AutopilotNodePool
from rsspot.models.catalog import ServerClass
from rsspot.models.cloudspace import Cloudspace
from rsspot.models.names import did_you_mean
from rsspot.models.node_pools import OnDemandNodePool, SpotNodePool
from rsspot.models.vms import VMCloudspace, VMPool
from rsspot.resources.waiting import FRESH
from rsspot.wire.endpoint import api

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.flow.flow import Flow
    from rsspot.models.resource import Resource
    from rsspot.wire.organization import OrganizationConnection

__all__ = ["read_cost"]

LISTS: tuple[tuple[type[Resource[Any]], Any, str], ...] = (
    (Cloudspace, api.LIST_CLOUDSPACES, ""),
    (SpotNodePool, api.LIST_SPOT_NODE_POOLS, ""),
    (OnDemandNodePool, api.LIST_ON_DEMAND_NODE_POOLS, ""),
    # The vendor documents none of these, so an organization may not have them.
    (AutopilotNodePool, api.LIST_AUTOPILOT_NODE_POOLS, "autopilot pools"),
    (VMCloudspace, api.LIST_VM_CLOUDSPACES, "VM cloudspaces"),
    (VMPool, api.LIST_VM_POOLS, "VM pools"),
)


def read_cost(connection: OrganizationConnection, owner: str | None) -> Flow[Cost]:
    """Return what a cloudspace or VM cloudspace costs, or all of them (None).

    Raises `NotFoundError` where there is none of that name.
    """
    arguments = yield from connection.namespaced()
    missing: list[str] = []

    def listed(kind: type[Resource[Any]], verb: Any, noun: str) -> Flow[list[Any]]:
        try:
            return (yield from connection.list(kind, verb, arguments, options=FRESH))
        except APIError:
            if not noun:
                raise
            missing.append(noun)
            return []

    prices = connection.list(ServerClass, api.LIST_SERVER_CLASSES, {})
    found: list[list[Any]] = yield from gather([*(listed(*one) for one in LISTS), prices])
    spaces, spot, on_demand, autopilot, vm_spaces, vm_pools, classes = found
    if owner is not None:
        names = [space.name for space in (*spaces, *vm_spaces)]
        if owner not in names:
            raise NotFoundError(
                f"There is no cloudspace {owner!r:.80}",
                hint=did_you_mean(owner, names) or "Check the name, or leave it out for all",
            )
    known = {item.name: item for item in classes}
    # The servers of an autopilot pool are bought through spot pools, which cost nothing more.
    managed = {one.spot_node_pool for pool in autopilot for one in pool.allocations}

    def lines() -> Iterator[Any]:
        yield from (control_plane_cost(space) for space in spaces if owner in {None, space.name})
        for pool in (*spot, *on_demand, *autopilot, *vm_pools):
            is_wanted = owner is None or pool.belongs_to(owner)
            if is_wanted and not (isinstance(pool, SpotNodePool) and pool.name in managed):
                yield pool_cost(pool, known)

    return Cost(tuple(lines()), tuple(missing))
