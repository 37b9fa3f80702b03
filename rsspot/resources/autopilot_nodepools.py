"""Autopilot node pools: a budget with which the service bids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rsspot.errors import InvalidInput
from rsspot.models.autopilot import AutopilotNodePool
from rsspot.models.quantities import count, format_bid
from rsspot.resources.changes import omit_unset, patch
from rsspot.resources.checks import check_budget
from rsspot.resources.node_pools import NodePools, of_new_nodes, of_nodes
from rsspot.resources.verbs import Verbs
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
        """Let the service buy virtual CPUs for a budget.

        It creates spot node pools of its own. A budget above what the virtual CPUs cost on demand
        is refused, as far as the catalogue can be read.

        Args:
            cloudspace: Name of the cloudspace.
            region: Name of the region, which is that of the cloudspace.
            vcpu_total: Number of virtual CPUs in all, 1 or more.
            budget_per_hour: Maximum that all servers cost together, in USD an hour, such as
                ``"0.50"``.
            vcpu_per_node_min: Minimum number of virtual CPUs of a server (default: the service
                decides).
            vcpu_per_node_max: Maximum number of virtual CPUs of a server (default: the service
                decides).
            memory_per_vcpu: Memory for each virtual CPU with its unit, such as ``"4GB"`` (default:
                the service decides).
            allocation_strategy: Name of the strategy of the service (default: the service decides).
            name: Name of the pool (default: a new UUID, which is the form the API wants).
            key: Key of your own that always gives the same name in this cloudspace, so that
                ``if_exists="return"`` finds the pool again (default: none). Not together with
                `name`.
            labels: Labels for the nodes (default: none).
            annotations: Annotations for the nodes (default: none).
            taints: Taints for the nodes, as `Taint` or as text such as ``"gpu=true:NoSchedule"``
                (default: none).
            allow_above_on_demand: Whether to allow a budget above the on-demand price.
            if_exists: ``"error"`` (default) raises `ConflictError` if the name is taken;
                ``"return"`` returns the existing object if it is what this call would create.
            wait: Whether to wait until it is ready (default: False): True waits as
                `wait_until_ready` does, seconds or text such as ``"10m"`` set the maximum time, and
                a `Wait` sets everything.

        Returns:
            The pool, as it was created or as it exists.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such cloudspace.
            ConflictError: If the name is taken, with ``"return"`` by a pool of another region or
                cloudspace.
            OutcomeUnknown: If the response was lost, so that it may have been created. The error
                has its name.
            WaitTimeout: If it is not ready in time, with the last state as `last`.
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
        """Change the fields that are passed, and leave the others as they are.

        Args:
            name: Exact name of the object.
            vcpu_total: Number of virtual CPUs in all, 0 or more (default: unchanged).
            budget_per_hour: Maximum that all servers cost together, in USD an hour (default:
                unchanged).
            vcpu_per_node_min: Minimum number of virtual CPUs of a server (default: unchanged).
            vcpu_per_node_max: Maximum number of virtual CPUs of a server (default: unchanged).
            memory_per_vcpu: Memory for each virtual CPU, such as ``"4GB"``; `CLEAR` removes the
                limit (default: unchanged).
            allocation_strategy: Name of the strategy of the service; `CLEAR` lets it decide
                (default: unchanged).
            labels: Labels to add to those of the nodes; None as a value removes a label, `CLEAR`
                removes all (default: unchanged).
            annotations: Annotations to add to those of the nodes; None as a value removes one,
                `CLEAR` removes all (default: unchanged).
            taints: All taints that the nodes get, as `Taint` or as text such as
                ``"gpu=true:NoSchedule"``; `CLEAR` removes all (default: unchanged).
            allow_above_on_demand: Whether to allow a budget above the on-demand price.
            resource_version: Change the object only if this version is still current (default:
                change it whatever its version), see the Kubernetes API conventions.

        Returns:
            The pool as it is now.

        Raises:
            InvalidInput: If an argument is out of range, there is nothing to change, or the budget
                is above what the virtual CPUs cost on demand.
            NotFoundError: If there is no such object.
            ConflictError: If `resource_version` is no longer current.
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


def _per_node(minimum: int | None, maximum: int | None) -> dict[str, int] | None:
    if minimum is not None and maximum is not None and maximum < minimum:
        raise InvalidInput(
            f"vcpu_per_node_max ({maximum}) is less than vcpu_per_node_min ({minimum})",
            argument="vcpu_per_node_max",
        )
    bounds = {
        "min": count("vcpu_per_node_min", minimum, 1),
        "max": count("vcpu_per_node_max", maximum, 1),
    }
    return omit_unset(bounds) or None
