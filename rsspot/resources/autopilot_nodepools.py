"""Autopilot node pools: a budget with which the service bids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rsspot.errors import InvalidInput
from rsspot.models.node_pools import AutopilotNodePool
from rsspot.models.quantities import count, format_bid
from rsspot.resources.changes import omit_unset, patch
from rsspot.resources.checks import check_budget
from rsspot.resources.node_pools import NodePools, of_new_nodes, of_nodes
from rsspot.resources.objects import Verbs
from rsspot.shapes import as_object
from rsspot.wire.bind import M_co, operation
from rsspot.wire.endpoint import api, segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from rsspot.flow.flow import Flow
    from rsspot.models.pool import Taint
    from rsspot.resources.changes import Clear
    from rsspot.resources.objects import IfExists
    from rsspot.resources.waiting import WaitFor

__all__ = ["AutopilotNodePools"]


class AutopilotNodePools(NodePools[M_co, AutopilotNodePool]):
    """The autopilot node pools of the client's organization."""

    _kind = AutopilotNodePool
    _noun = "autopilot node pool"
    _fixed: ClassVar = {"cloudspace": ("cloudSpace",), "region": ("region",)}
    _verbs = Verbs(
        list=api.LIST_AUTOPILOT_NODE_POOLS,
        get=api.GET_AUTOPILOT_NODE_POOL,
        create=api.CREATE_AUTOPILOT_NODE_POOL,
        replace=api.REPLACE_AUTOPILOT_NODE_POOL,
        patch=api.PATCH_AUTOPILOT_NODE_POOL,
        delete=api.DELETE_AUTOPILOT_NODE_POOL,
    )

    @operation
    def create(
        self,
        cloudspace: str,
        *,
        region: str,
        vcpu_total: int,
        budget_per_hour: Decimal | str | int,
        vcpu_per_node_min: int | None = None,
        vcpu_per_node_max: int | None = None,
        memory_per_vcpu: str | None = None,
        allocation_strategy: str | None = None,
        name: str | None = None,
        key: str | None = None,
        labels: Mapping[str, str] | None = None,
        annotations: Mapping[str, str] | None = None,
        taints: Iterable[Taint | str] | None = None,
        allow_above_on_demand: bool = False,
        if_exists: IfExists = "error",
        wait: WaitFor = False,
    ) -> Flow[AutopilotNodePool]:
        """Create a pool for which the service buys `vcpu_total` virtual CPUs.

        cloudspace: the name of the cloudspace.
        region: the region of the cloudspace.
        budget_per_hour: maximum US dollars an hour. More than these virtual CPUs cost on demand is
        refused unless `allow_above_on_demand`, if the catalogue can be read.
        name, key, if_exists, wait, labels, annotations, taints: as for `spot_nodepools.create`.

        The service creates spot node pools of its own. Raises `InvalidInput`, `ConflictError` (also
        if the existing pool has another region or cloudspace), and `OutcomeUnknown`, which has the
        name of the pool.
        """
        segment("cloudspace", cloudspace)
        spec = omit_unset(
            {
                "cloudSpace": cloudspace,
                "region": region,
                "vcpu": {"total": count("vcpu_total", vcpu_total, 1)},
                "vcpuPerNode": _per_node(vcpu_per_node_min, vcpu_per_node_max),
                "memoryPerVCPU": memory_per_vcpu,
                "budgetPerHour": format_bid("budget_per_hour", budget_per_hour),
                "allocationStrategy": allocation_strategy,
                **of_new_nodes(labels, annotations, taints),
            }
        )
        return (
            yield from self._create_in(
                cloudspace,
                spec,
                name=name,
                key=key,
                if_exists=if_exists,
                wait=wait,
                allow_above_on_demand=allow_above_on_demand,
            )
        )

    @operation
    def update(
        self,
        name: str,
        *,
        vcpu_total: int | None = None,
        budget_per_hour: Decimal | str | int | None = None,
        vcpu_per_node_min: int | None = None,
        vcpu_per_node_max: int | None = None,
        memory_per_vcpu: str | Clear | None = None,
        allocation_strategy: str | Clear | None = None,
        labels: Mapping[str, str | None] | Clear | None = None,
        annotations: Mapping[str, str | None] | Clear | None = None,
        taints: Iterable[Taint | str] | Clear | None = None,
        allow_above_on_demand: bool = False,
        resource_version: str | None = None,
    ) -> Flow[AutopilotNodePool]:
        """Change a pool. Arguments that are None change nothing; `CLEAR` removes a value.

        Labels and annotations are merged with the existing ones: None removes one, `CLEAR` removes
        all. With `resource_version`, the change fails with `ConflictError` unless it is current. A
        budget above the on-demand price raises `InvalidInput` unless `allow_above_on_demand`.
        """
        budget = budget_per_hour
        spec = {
            "vcpu": None if vcpu_total is None else {"total": count("vcpu_total", vcpu_total, 0)},
            "budgetPerHour": None if budget is None else format_bid("budget_per_hour", budget),
            "vcpuPerNode": _per_node(vcpu_per_node_min, vcpu_per_node_max),
            "memoryPerVCPU": memory_per_vcpu,
            "allocationStrategy": allocation_strategy,
            **of_nodes(labels, annotations, taints),
        }
        body = patch(spec, resource_version)
        if budget is not None and not allow_above_on_demand:
            yield from self._check_changed(name, spec)
        return (yield from self._update(name, body))

    def _check_price(self, spec: dict[str, Any]) -> Flow[None]:
        vcpus = as_object(spec.get("vcpu")).get("total")
        region, budget = spec.get("region"), spec.get("budgetPerHour")
        yield from check_budget(self._connection, region, vcpus, budget)


def _per_node(least: int | None, most: int | None) -> dict[str, int] | None:
    if least is not None and most is not None and most < least:
        raise InvalidInput(
            f"vcpu_per_node_max ({most}) is less than vcpu_per_node_min ({least})",
            argument="vcpu_per_node_max",
        )
    bounds = {
        "min": count("vcpu_per_node_min", least, 1),
        "max": count("vcpu_per_node_max", most, 1),
    }
    return omit_unset(bounds) or None
