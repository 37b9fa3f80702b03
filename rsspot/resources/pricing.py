"""Prices: what servers cost, what pools cost, what to bid, and what to buy."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsspot.errors import InvalidInput, NotFoundError
from rsspot.flow.flow import call_user, gather
from rsspot.market.cost import Cost
from rsspot.market.costing import servers_cost
from rsspot.market.plan import pool_key
from rsspot.market.planner import make_plan, offered
from rsspot.market.series import Series
from rsspot.models.catalog import ServerClass
from rsspot.models.quantities import count as check_count
from rsspot.models.quantities import format_bid
from rsspot.resources.bidding import Bidding
from rsspot.resources.checks import check_region
from rsspot.resources.cloudspaces import Cloudspaces
from rsspot.resources.costs import read_cost
from rsspot.resources.planning import read_request
from rsspot.resources.spot_nodepools import SpotNodePools
from rsspot.wire.bind import M_co, operation
from rsspot.wire.endpoint import api

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterable

    from rsspot.flow.flow import Flow
    from rsspot.market.plan import Plan, Strategy
    from rsspot.models.node_pools import SpotNodePool
    from rsspot.resources.planning import Share

__all__ = ["Pricing"]


class Pricing(Bidding[M_co]):
    """Prices in US dollars an hour for one server, as `Decimal`."""

    @operation
    def cost(self, cloudspace: str | None = None) -> Flow[Cost]:
        """Return what pools and control planes cost now, as expected, and at most.

        Everything is read anew. Servers won at auction cost the market price, but at least the
        floor of their class; at most they cost their bid. A control plane costs 40 USD a month with
        high availability, and nothing without (docs/api-facts.md#costs). Volumes, load balancers
        and traffic are not counted: their prices are not documented.

        Args:
            cloudspace: Name of a cloudspace or VM cloudspace (default: all of them).

        Raises:
            NotFoundError: If there is no cloudspace of that name.
        """
        return (yield from read_cost(self._connection, cloudspace))

    @operation
    def estimate(
        self,
        server_class: str,
        *,
        count: int = 1,
        bid: Decimal | str | int | None = None,
    ) -> Flow[Cost]:
        """Return what a pool would cost.

        Args:
            server_class: Name of the class.
            count: Number of servers, 0 or more (default: 1).
            bid: Bid for one server, in USD an hour (default: the on-demand price).

        Raises:
            InvalidInput: If this is not a number of servers or a bid.
            NotFoundError: If there is no such class.
        """
        wanted = check_count("count", count, 0) or 0
        amount = None if bid is None else Decimal(format_bid("bid", bid))
        data = yield from self._connection.json(api.GET_SERVER_CLASS, {"name": server_class})
        return Cost(
            (
                servers_cost(
                    ServerClass(data),
                    name=server_class,
                    server_class=server_class,
                    wanted=wanted,
                    bid=amount,
                    kind="ondemand" if amount is None else "spot",
                ),
            )
        )

    @operation
    def plan(
        self,
        *,
        cpus: float | None = None,
        memory: int | str | None = None,
        nodes: int | None = None,
        regions: Iterable[str] | None = None,
        availability: Share | None = None,
        budget: Decimal | str | int | None = None,
        pools: int | str | tuple[int, int] | None = None,
        strategy: Strategy = "balanced",
    ) -> Flow[Plan]:
        """Return which pools to buy, and what to bid for them.

        The bids are replayed against the price histories of all classes, jointly. Cheap means a low
        mean price over the history, then low bids.

        Args:
            cpus: Minimum number of CPUs (default: no minimum).
            memory: Minimum memory: a number of bytes, or text such as ``"128GB"`` (default: no
                minimum).
            nodes: Exact number of servers (default: any).
            regions: Regions to choose one from, since a cloudspace is in one (default: all).
            availability: Minimum share of the time in which the full capacity would have been
                available according to the price history, such as 0.99 (default: that of the
                strategy).
            budget: Maximum sum of all bids: USD an hour, or text such as ``"300/month"`` (default:
                no limit).
            pools: Number of pools, each of another class, or a range such as ``"2..4"`` (default: 1
                to 3).
            strategy: ``"max-value"`` is the cheapest that is available 95 % of the time;
                ``"balanced"`` (default) the cheapest that is available 99 % of the time;
                ``"max-performance"`` has the fewest servers, and is available 99.9 % of the time.

        Raises:
            InvalidInput: If the request is not valid, or no pools can meet it: the message names
                the constraint that prevents it, and what is feasible.
        """
        request = read_request(
            cpus=cpus,
            memory=memory,
            nodes=nodes,
            regions=regions,
            availability=availability,
            budget=budget,
            pools=pools,
            strategy=strategy,
        )
        classes = yield from self._connection.list(ServerClass, api.LIST_SERVER_CLASSES, {})
        for region in request.regions:
            yield from check_region(
                self._connection, region, seen={item.region for item in classes}
            )
        wanted = [
            item
            for item in classes
            if offered(item) and (not request.regions or item.region in request.regions)
        ]
        found = yield from gather([self._series(item.name) for item in wanted])
        prices = {
            item.name: series
            for item, series in zip(wanted, found, strict=True)
            if series is not None
        }
        # The search takes a moment, for which no event loop should wait.
        return (yield from call_user(make_plan, wanted, prices, request))

    @operation
    def buy(
        self, plan: Plan, cloudspace: str, *, key: str = "plan"
    ) -> Flow[builtins.list[SpotNodePool]]:
        """Create the pools of a plan, and return them; a repeated call buys nothing twice.

        Args:
            plan: What `plan` returned.
            cloudspace: Name of the cloudspace, which is in the region of the plan.
            key: Name of this purchase in the cloudspace (default: ``"plan"``). The pools get the
                keys ``plan-1``, ``plan-2`` and so on.

        Returns:
            The pools, in the order of the plan.

        Raises:
            InvalidInput: If the cloudspace is in another region.
            NotFoundError: If there is no such cloudspace.
            ConflictError: If another plan was bought with this key.
        """
        cloudspaces: Cloudspaces[Any] = Cloudspaces(self._connection)
        owner = yield from Cloudspaces.get(cloudspaces, cloudspace)
        if owner.region != plan.region:
            raise InvalidInput(
                f"The plan is for {plan.region}, and the cloudspace {owner.name} is in "
                f"{owner.region}",
                argument="cloudspace",
                hint=f"Plan with regions=[{owner.region!r}]",
            )
        group: SpotNodePools[Any] = SpotNodePools(self._connection)
        bought: builtins.list[SpotNodePool] = []
        for at, pool in enumerate(plan.pools, 1):
            made = yield from SpotNodePools.create(
                group,
                cloudspace,
                server_class=pool.server_class,
                bid_price=pool.bid,
                desired=pool.count,
                key=pool_key(key, at),
                if_exists="return",
            )
            bought.append(made)
        return bought

    def _series(self, server_class: str) -> Flow[Series | None]:
        try:
            return Series.of_feed((yield from self._feed(server_class)))
        except NotFoundError:  # a new class has no prices yet
            return None
