"""Autopilot node pools: a budget that the service bids with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.errors import InvalidInput
from rsspot.models.node_pools import AutopilotNodePool
from rsspot.models.quantities import count, format_bid
from rsspot.resources.changes import given, patch
from rsspot.resources.named import Verbs
from rsspot.resources.node_pools import NodePools, of_new_nodes, of_nodes
from rsspot.wire.bind import C_co, operation
from rsspot.wire.endpoint import api, segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from rsspot.models.taint import Taint
    from rsspot.resources.changes import Clear
    from rsspot.resources.named import IfExists
    from rsspot.resources.waiting import Wait
    from rsspot.senders.flow import Flow

__all__ = ["AutopilotNodePools"]


class AutopilotNodePools(NodePools[C_co, AutopilotNodePool]):
    """The autopilot node pools of the client's organization."""

    _kind = AutopilotNodePool
    _noun = "autopilot node pool"
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
        if_exists: IfExists = "error",
        wait: Wait = False,
    ) -> Flow[AutopilotNodePool]:
        """Let the service buy `vcpu_total` virtual CPUs for at most `budget_per_hour` USD.

        It creates spot node pools of its own. Raises `InvalidInput`, `ConflictError`,
        `OutcomeUnknown` (with the name, so that the pool can be looked for).
        """
        segment("cloudspace", cloudspace)
        spec = given(
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
                cloudspace, spec, name=name, key=key, if_exists=if_exists, wait=wait
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
        resource_version: str | None = None,
    ) -> Flow[AutopilotNodePool]:
        """Change what is given, and nothing else; `CLEAR` takes away.

        Labels and annotations are added to those that there are: None takes one away, `CLEAR` all.
        With `resource_version`, only if that is still current: else `ConflictError`.
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
        return (yield from self._update(name, patch(spec, resource_version)))


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
    return given(bounds) or None
