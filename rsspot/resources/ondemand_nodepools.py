"""On-demand node pools: servers at a fixed price, which are never taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rsspot.models.node_pools import OnDemandNodePool
from rsspot.models.quantities import count
from rsspot.resources.changes import omit_unset, patch
from rsspot.resources.node_pools import NodePools, of_new_nodes, of_nodes
from rsspot.resources.objects import Verbs
from rsspot.wire.bind import M_co, operation
from rsspot.wire.endpoint import api, segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rsspot.flow.flow import Flow
    from rsspot.models.pool import Taint
    from rsspot.resources.changes import Clear
    from rsspot.resources.objects import IfExists
    from rsspot.resources.waiting import WaitFor

__all__ = ["OnDemandNodePools"]


class OnDemandNodePools(NodePools[M_co, OnDemandNodePool]):
    """The on-demand node pools of the client's organization."""

    _kind = OnDemandNodePool
    _noun = "on-demand node pool"
    _fixed: ClassVar = {"cloudspace": ("cloudSpace",), "server_class": ("serverClass",)}
    _verbs = Verbs(
        list=api.LIST_ON_DEMAND_NODE_POOLS,
        get=api.GET_ON_DEMAND_NODE_POOL,
        create=api.CREATE_ON_DEMAND_NODE_POOL,
        replace=api.REPLACE_ON_DEMAND_NODE_POOL,
        patch=api.PATCH_ON_DEMAND_NODE_POOL,
        delete=api.DELETE_ON_DEMAND_NODE_POOL,
        delete_all=api.DELETE_ALL_ON_DEMAND_NODE_POOLS,
    )

    @operation
    def create(
        self,
        cloudspace: str,
        *,
        server_class: str,
        desired: int = 1,
        name: str | None = None,
        key: str | None = None,
        labels: Mapping[str, str] | None = None,
        annotations: Mapping[str, str] | None = None,
        taints: Iterable[Taint | str] | None = None,
        if_exists: IfExists = "error",
        wait: WaitFor = False,
    ) -> Flow[OnDemandNodePool]:
        """Create a pool of `desired` servers (1) at the on-demand price of a class.

        Arguments are those of `spot_nodepools.create`, without a bid. Raises `InvalidInput` (also
        for a class of another region), `ConflictError` (also if the existing pool has another class
        or cloudspace), and `OutcomeUnknown`, which has the name of the pool.
        """
        segment("cloudspace", cloudspace)
        segment("server_class", server_class)
        spec = omit_unset(
            {
                "cloudSpace": cloudspace,
                "serverClass": server_class,
                "desired": count("desired", desired, 1),
                **of_new_nodes(labels, annotations, taints),
            }
        )
        return (
            yield from self._create_in(
                cloudspace, spec, name=name, key=key, if_exists=if_exists, wait=wait
            )
        )

    @operation
    def update(
        self,
        name: str,
        *,
        desired: int | None = None,
        labels: Mapping[str, str | None] | Clear | None = None,
        annotations: Mapping[str, str | None] | Clear | None = None,
        taints: Iterable[Taint | str] | Clear | None = None,
        resource_version: str | None = None,
    ) -> Flow[OnDemandNodePool]:
        """Change a pool. Arguments that are None change nothing; 0 servers are allowed.

        Labels and annotations are merged with the existing ones: None removes one, `CLEAR` removes
        all. With `resource_version`, the change fails with `ConflictError` unless it is current.
        """
        spec = {
            "desired": count("desired", desired, 0),
            **of_nodes(labels, annotations, taints),
        }
        return (yield from self._update(name, patch(spec, resource_version)))

    @operation
    def delete_all(self, *, confirm: str) -> Flow[None]:
        """Delete every on-demand pool of the organization. `confirm` must be its namespace."""
        yield from self._delete_all(confirm)
