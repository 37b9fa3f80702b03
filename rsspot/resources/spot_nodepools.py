"""Spot node pools: servers that a bid wins, and a higher market price takes away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rsspot.models.node_pools import SpotNodePool
from rsspot.models.quantities import count, format_bid
from rsspot.resources.changes import omit_unset, patch
from rsspot.resources.checks import check_bid
from rsspot.resources.node_pools import NodePools, of_new_nodes, of_nodes, scaling
from rsspot.resources.verbs import Verbs
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

__all__ = ["SpotNodePools"]


class SpotNodePools(NodePools[M_co, SpotNodePool]):
    """The spot node pools of the client's organization."""

    _kind = SpotNodePool
    _noun = "spot node pool"
    _fixed: ClassVar = {"cloudspace": ("cloudSpace",), "server_class": ("serverClass",)}
    _verbs = Verbs(
        list=api.LIST_SPOT_NODE_POOLS,
        get=api.GET_SPOT_NODE_POOL,
        create=api.CREATE_SPOT_NODE_POOL,
        replace=api.REPLACE_SPOT_NODE_POOL,
        patch=api.PATCH_SPOT_NODE_POOL,
        delete=api.DELETE_SPOT_NODE_POOL,
        delete_all=api.DELETE_ALL_SPOT_NODE_POOLS,
    )

    @operation
    def create(
        self,
        cloudspace: str,
        *,
        server_class: str,
        bid_price: Decimal | str | int,
        desired: int | None = None,
        min_nodes: int | None = None,
        max_nodes: int | None = None,
        name: str | None = None,
        key: str | None = None,
        labels: Mapping[str, str] | None = None,
        annotations: Mapping[str, str] | None = None,
        taints: Iterable[Taint | str] | None = None,
        allow_above_on_demand: bool = False,
        if_exists: IfExists = "error",
        wait: WaitFor = False,
    ) -> Flow[SpotNodePool]:
        """Bid for servers of a class.

        A bid above the on-demand price of the class is refused, and so is a class of another region
        than the cloudspace's, as far as the catalogue can be read.

        Args:
            cloudspace: Name of the cloudspace.
            server_class: Name of a server class, such as ``"gp.vs1.medium-dfw"``.
            bid_price: Maximum price for one server, in USD an hour, such as ``"0.02"``. Not a
                float, which is not exact.
            desired: Number of servers, 1 or more (default: `min_nodes`, or 1).
            min_nodes: Minimum number of servers, 1 or more, which turns autoscaling on together
                with `max_nodes` (default: no autoscaling).
            max_nodes: Maximum number of servers (default: no autoscaling).
            name: Name of the pool (default: a new UUID, which is the form the API wants).
            key: Key of your own that always gives the same name in this cloudspace, so that
                ``if_exists="return"`` finds the pool again (default: none). Not together with
                `name`.
            labels: Labels for the nodes (default: none).
            annotations: Annotations for the nodes (default: none).
            taints: Taints for the nodes, as `Taint` or as text such as ``"gpu=true:NoSchedule"``
                (default: none).
            allow_above_on_demand: Whether to allow a bid above the on-demand price of the class.
            if_exists: ``"error"`` (default) raises `ConflictError` if the name is taken;
                ``"return"`` returns the existing object if it is what this call would create.
            wait: Whether to wait until it is ready (default: False): True waits as
                `wait_until_ready` does, seconds or text such as ``"10m"`` set the maximum time, and
                a `Wait` sets everything.

        Returns:
            The pool, as it was created or as it exists.

        Raises:
            InvalidInput: If an argument has the wrong type or is out of range. Nothing is sent.
            BidTooLowError: If the bid is below the minimum of the class.
            NotFoundError: If there is no such cloudspace or class.
            ConflictError: If the name is taken, with ``"return"`` by a pool of another class or
                cloudspace.
            OutcomeUnknown: If the response was lost, so that it may have been created. The error
                has its name.
            WaitTimeout: If it is not ready in time, with the last state as `last`.
        """
        segment("cloudspace", cloudspace)
        segment("server_class", server_class)
        count("desired", desired, 1)
        spec = omit_unset(
            {
                "cloudSpace": cloudspace,
                "serverClass": server_class,
                "desired": desired or min_nodes or 1,
                "bidPrice": format_bid("bid_price", bid_price),
                "autoscaling": scaling(min_nodes, max_nodes),
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
        desired: int | None = None,
        bid_price: Decimal | str | int | None = None,
        min_nodes: int | None = None,
        max_nodes: int | None = None,
        autoscaling_enabled: bool | None = None,
        labels: Mapping[str, str | None] | Clear | None = None,
        annotations: Mapping[str, str | None] | Clear | None = None,
        taints: Iterable[Taint | str] | Clear | None = None,
        allow_above_on_demand: bool = False,
        resource_version: str | None = None,
    ) -> Flow[SpotNodePool]:
        """Change the fields that are passed, and leave the others as they are.

        Args:
            name: Exact name of the object.
            desired: Number of servers, 0 or more (default: unchanged).
            bid_price: Maximum price for one server, in USD an hour (default: unchanged).
            min_nodes: Minimum number of servers, together with `max_nodes` (default: unchanged).
            max_nodes: Maximum number of servers, together with `min_nodes` (default: unchanged).
            autoscaling_enabled: Whether the pool scales by itself (default: unchanged).
            labels: Labels to add to those of the nodes; None as a value removes a label, `CLEAR`
                removes all (default: unchanged).
            annotations: Annotations to add to those of the nodes; None as a value removes one,
                `CLEAR` removes all (default: unchanged).
            taints: All taints that the nodes get, as `Taint` or as text such as
                ``"gpu=true:NoSchedule"``; `CLEAR` removes all (default: unchanged).
            allow_above_on_demand: Whether to allow a bid above the on-demand price of the class.
            resource_version: Change the object only if this version is still current (default:
                change it whatever its version), see the Kubernetes API conventions.

        Returns:
            The pool as it is now.

        Raises:
            InvalidInput: If an argument is out of range, there is nothing to change, or the bid is
                above the on-demand price of the class.
            BidTooLowError: If the bid is below the minimum of the class.
            NotFoundError: If there is no such object.
            ConflictError: If `resource_version` is no longer current.
        """
        autoscaling = scaling(min_nodes, max_nodes)
        if autoscaling_enabled is not None:
            autoscaling = {**(autoscaling or {}), "enabled": autoscaling_enabled}
        spec = {
            "desired": count("desired", desired, 0),
            "bidPrice": None if bid_price is None else format_bid("bid_price", bid_price),
            "autoscaling": autoscaling,
            **of_nodes(labels, annotations, taints),
        }
        body = patch(spec, resource_version)
        if bid_price is not None and not allow_above_on_demand:
            yield from self._check_changed(name, spec)
        return (yield from self._update(name, body))

    def _check_price(self, spec: dict[str, Any]) -> Flow[None]:
        yield from check_bid(self._connection, spec.get("serverClass"), spec.get("bidPrice"))

    @operation
    def delete_all(self, *, confirm: str) -> Flow[None]:
        """Delete every spot node pool of the organization.

        Args:
            confirm: Namespace of the organization, as `organizations.current()` has it, to confirm
                that you mean it.

        Raises:
            InvalidInput: If `confirm` is anything else. Nothing is deleted.
        """
        yield from self._delete_all(confirm)
