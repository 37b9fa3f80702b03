"""The inventory: everything that the organization has, in all cloudspaces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.models.cloudspace import Cloudspace
from rsspot.models.events import read_events
from rsspot.models.quantities import count
from rsspot.models.vms import VMCloudspace
from rsspot.resources.vm_pools import VMPools
from rsspot.resources.waiting import FRESH
from rsspot.wire.bind import Group, M_co, operation
from rsspot.wire.endpoint import api, segment

if TYPE_CHECKING:
    from rsspot.flow.flow import Flow
    from rsspot.models.cloudspace import Server
    from rsspot.models.events import OrganizationEvent
    from rsspot.models.vms import VMPool

__all__ = ["Inventory"]


class Inventory(Group[M_co]):
    """Complete lists that never come from a cache, and the events of the organization."""

    @operation
    def list_vmcloudspaces(self) -> Flow[list[VMCloudspace]]:
        """Return all VM cloudspaces with their machines."""
        return (yield from self._vm_cloudspaces())

    @operation
    def list_vmpools(self, *, vmcloudspace: str | None = None) -> Flow[list[VMPool]]:
        """Return all VM pools, or those of one VM cloudspace.

        Args:
            vmcloudspace: Name of the VM cloudspace (default: all VM cloudspaces).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is neither a pool nor a VM cloudspace of that name.
        """
        if vmcloudspace is not None:
            segment("vmcloudspace", vmcloudspace)
        pools: VMPools[Any] = VMPools(self._connection)
        return (yield from pools._of_known(vmcloudspace, None, FRESH))  # noqa: SLF001 - not public, since it is a flow

    @operation
    def list_organization_events(self, *, limit: int = 100) -> Flow[list[OrganizationEvent]]:
        """Return the newest events of the organization.

        Args:
            limit: Maximum number of events, 1 or more (default: 100).

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
        """
        data = yield from self._connection.json(
            api.LIST_ORGANIZATION_EVENTS, {"limits": count("limit", limit, 1)}
        )
        return read_events(data)[:limit]

    @operation
    def servers(self) -> Flow[list[Server]]:
        """Return all servers of all cloudspaces and VM cloudspaces, in one flat list."""
        arguments = yield from self._connection.namespaced()
        cloudspaces = yield from self._connection.list(
            Cloudspace, api.LIST_CLOUDSPACES, arguments, options=FRESH
        )
        vm_cloudspaces = yield from self._vm_cloudspaces()
        clusters = [server for owner in cloudspaces for server in owner.servers]
        return clusters + [server for owner in vm_cloudspaces for server in owner.servers]

    def _vm_cloudspaces(self) -> Flow[list[VMCloudspace]]:
        arguments = yield from self._connection.namespaced()
        return (
            yield from self._connection.list(
                VMCloudspace, api.LIST_VM_CLOUDSPACES, arguments, options=FRESH
            )
        )
