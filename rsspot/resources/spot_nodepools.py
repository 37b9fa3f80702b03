"""Spot node pools: servers that a bid wins and a higher market price takes away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.models.node_pools import SpotNodePool
from rsspot.models.quantities import count, format_bid
from rsspot.resources.changes import given, patch
from rsspot.resources.named import Verbs
from rsspot.resources.node_pools import NodePools, of_new_nodes, of_nodes, scaling
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

__all__ = ["SpotNodePools"]


class SpotNodePools(NodePools[C_co, SpotNodePool]):
    """The spot node pools of the client's organization."""

    _kind = SpotNodePool
    _noun = "spot node pool"
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
        if_exists: IfExists = "error",
        wait: Wait = False,
    ) -> Flow[SpotNodePool]:
        """Bid for `desired` servers (1) of a class, at most `bid_price` USD an hour for each.

        `min_nodes` and `max_nodes` turn autoscaling on. The name is a new UUID unless given;
        a `key` gives the same one each time, so that `if_exists="return"` can find the pool.
        Raises `InvalidInput`, `BidTooLowError`, `ConflictError`, `OutcomeUnknown` (with the
        name, so that the pool can be looked for).
        """
        segment("cloudspace", cloudspace)
        segment("server_class", server_class)
        count("desired", desired, 1)
        spec = given(
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
                cloudspace, spec, name=name, key=key, if_exists=if_exists, wait=wait
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
        resource_version: str | None = None,
    ) -> Flow[SpotNodePool]:
        """Change what is given, and nothing else; 0 servers are allowed.

        Labels and annotations are added to those that there are: None takes one away, `CLEAR` all.
        With `resource_version`, only if that is still current: else `ConflictError`.
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
        return (yield from self._update(name, patch(spec, resource_version)))

    @operation
    def delete_all(self, *, confirm: str) -> Flow[None]:
        """Delete every spot node pool of the organization. `confirm` must be its namespace."""
        yield from self._delete_all(confirm)
