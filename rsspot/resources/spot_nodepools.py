"""Spot node pools: servers that a bid wins, and a higher market price takes away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rsspot.models.node_pools import SpotNodePool
from rsspot.models.quantities import count, format_bid
from rsspot.resources.changes import omit_unset, patch
from rsspot.resources.checks import check_bid
from rsspot.resources.node_pools import NodePools, of_new_nodes, of_nodes, scaling
from rsspot.resources.objects import Verbs
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
        """Create a pool that bids for servers of a class.

        cloudspace: the name of the cloudspace.
        server_class: the name of the class, of the region of the cloudspace.
        bid_price: maximum US dollars an hour for one server. More than the on-demand price of the
        class is refused unless `allow_above_on_demand`, if the catalogue can be read.
        desired: the number of servers (1). min_nodes, max_nodes: turn autoscaling on.
        name: by default a new UUID. key: gives the same name each time, so that
        `if_exists="return"` finds the pool.
        labels, annotations, taints: of the nodes.
        if_exists: "return" returns an existing pool of this name; "error" raises `ConflictError`.
        wait: True waits until it is ready; seconds limit that; a `rsspot.Wait` sets the rest.

        Raises `InvalidInput`, `BidTooLowError`, `ConflictError` (also if the existing pool has
        another class or cloudspace), and `OutcomeUnknown`, which has the name of the pool.
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
        """Change a pool. Arguments that are None change nothing; 0 servers are allowed.

        Labels and annotations are merged with the existing ones: None removes one, `CLEAR` removes
        all. With `resource_version`, the change fails with `ConflictError` unless it is current. A
        bid above the on-demand price of the class raises `InvalidInput` unless
        `allow_above_on_demand`.
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
        """Delete every spot node pool of the organization. `confirm` must be its namespace."""
        yield from self._delete_all(confirm)
