"""On-demand node pools: servers at a fixed price, which are never taken away."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rsspot.models.node_pools import OnDemandNodePool
from rsspot.models.quantities import count
from rsspot.resources.changes import omit_unset, patch
from rsspot.resources.node_pools import NodePools, of_new_nodes, of_nodes
from rsspot.resources.verbs import Verbs
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
        """Rent servers of a class at its on-demand price.

        Args:
            cloudspace: Name of the cloudspace.
            server_class: Name of a server class of its region, such as ``"gp.vs1.medium-dfw"``.
            desired: Number of servers, 1 or more (default: 1).
            name: Name of the pool (default: a new UUID, which is the form the API wants).
            key: Key of your own that always gives the same name in this cloudspace, so that
                ``if_exists="return"`` finds the pool again (default: none). Not together with
                `name`.
            labels: Labels for the nodes (default: none).
            annotations: Annotations for the nodes (default: none).
            taints: Taints for the nodes, as `Taint` or as text such as ``"gpu=true:NoSchedule"``
                (default: none).
            if_exists: ``"error"`` (default) raises `ConflictError` if the name is taken;
                ``"return"`` returns the existing object if it is what this call would create.
            wait: Whether to wait until it is ready (default: False): True waits as
                `wait_until_ready` does, seconds or text such as ``"10m"`` set the maximum time, and
                a `Wait` sets everything.

        Returns:
            The pool, as it was created or as it exists.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such cloudspace or class.
            ConflictError: If the name is taken, with ``"return"`` by a pool of another class or
                cloudspace.
            OutcomeUnknown: If the response was lost, so that it may have been created. The error
                has its name.
            WaitTimeout: If it is not ready in time, with the last state as `last`.
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
        """Change the fields that are passed, and leave the others as they are.

        Args:
            name: Exact name of the object.
            desired: Number of servers, 0 or more (default: unchanged).
            labels: Labels to add to those of the nodes; None as a value removes a label, `CLEAR`
                removes all (default: unchanged).
            annotations: Annotations to add to those of the nodes; None as a value removes one,
                `CLEAR` removes all (default: unchanged).
            taints: All taints that the nodes get, as `Taint` or as text such as
                ``"gpu=true:NoSchedule"``; `CLEAR` removes all (default: unchanged).
            resource_version: Change the object only if this version is still current (default:
                change it whatever its version), see the Kubernetes API conventions.

        Returns:
            The pool as it is now.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            NotFoundError: If there is no such object.
            ConflictError: If `resource_version` is no longer current.
        """
        spec = {
            "desired": count("desired", desired, 0),
            **of_nodes(labels, annotations, taints),
        }
        return (yield from self._update(name, patch(spec, resource_version)))

    @operation
    def delete_all(self, *, confirm: str) -> Flow[None]:
        """Delete every on-demand node pool of the organization.

        Args:
            confirm: Namespace of the organization, as `organizations.current()` has it, to confirm
                that you mean it.

        Raises:
            InvalidInput: If `confirm` is anything else. Nothing is deleted.
        """
        yield from self._delete_all(confirm)
