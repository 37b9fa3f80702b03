"""Prices: what servers cost, what pools cost, what to bid, and what to buy."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsspot.errors import InvalidInput, NotFoundError
from rsspot.flow.flow import call_user, gather
from rsspot.market.cost import Cost, servers_cost
from rsspot.market.plan import pool_key
from rsspot.market.planner import make_plan, offered
from rsspot.market.replay import backtest
from rsspot.market.series import Series
from rsspot.models.catalog import ServerClass
from rsspot.models.price import BidSuggestion, read_history
from rsspot.models.price_history import PriceHistory, check_percentile
from rsspot.models.quantities import count as check_count
from rsspot.models.quantities import format_bid, next_rung, read_amount
from rsspot.quantities import parse_duration
from rsspot.resources.checks import check_margin, check_region, hourly_on_demand
from rsspot.resources.cloudspaces import Cloudspaces
from rsspot.resources.costs import read_cost
from rsspot.resources.planning import read_request
from rsspot.resources.price_feeds import PriceFeeds
from rsspot.resources.spot_nodepools import SpotNodePools
from rsspot.wire.bind import M_co, operation
from rsspot.wire.endpoint import api

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterable
    from datetime import timedelta

    from rsspot.flow.flow import Flow
    from rsspot.market.plan import Plan, Strategy
    from rsspot.market.replay import Backtest
    from rsspot.models.node_pools import SpotNodePool
    from rsspot.resources.planning import Share

__all__ = ["Pricing"]

IN_FEED = (20, 50, 80)
"""The percentiles that the price feed has; any other is computed from the history."""


class Pricing(PriceFeeds[M_co]):
    """Prices in US dollars an hour for one server, as `Decimal`."""

    @operation
    def suggest_bid(
        self,
        server_class: str,
        *,
        percentile: float = 80,
        margin: Decimal | str | int = 0,
        ladder: bool = True,
    ) -> Flow[BidSuggestion]:
        """Return a bid that would have won `percentile` per cent of past auctions.

        server_class: the name of the class.
        percentile: 20, 50 and 80 come from the feed, others from the history.
        margin: a fraction to add ("0.1" is ten per cent).
        ladder: whether to round up to the bid ladder.

        The bid is never below the floor or the market price. Raises `InvalidInput` for a percentile
        between 0 and 1 and a margin of 1 or more, which are mistakes.
        """
        check_percentile(percentile)
        added = read_amount("margin", margin)
        check_margin(added)
        data = yield from self._connection.json(api.GET_SERVER_CLASS, {"name": server_class})
        known = ServerClass(data)
        base = yield from self._percentile(server_class, percentile)
        floor = max(known.min_bid_price or Decimal(0), known.market_price or Decimal(0))
        wanted = max(base * (1 + added), floor)
        return BidSuggestion(
            server_class=server_class,
            price=next_rung(wanted, ladder=ladder),
            percentile=percentile,
            percentile_price=base,
            market_price=known.market_price,
            floor=known.min_bid_price,
            margin=added,
            on_ladder=ladder,
        )

    def _percentile(self, server_class: str, percentile: float) -> Flow[Decimal]:
        if percentile in IN_FEED:
            feed = yield from self._percentiles(None)
            for item in feed:
                price: Any = getattr(item, f"percentile_{percentile:g}")
                if item.server_class == server_class and price is not None:
                    return Decimal(price)
        points = read_history((yield from self._feed(server_class)))
        if not points:
            raise NotFoundError(f"There is no price history of {server_class}")
        return PriceHistory(points, server_class=server_class).percentile(percentile)

    @operation
    def backtest(
        self,
        server_class: str,
        *,
        bids: Iterable[Decimal | str | int] = (),
        period: timedelta | str | float | None = None,
    ) -> Flow[Backtest]:
        """Return what a range of bids would have won and paid in the past.

        server_class: the name of the class.
        bids: the bids to try, in US dollars an hour for one server. Default: the steps of the bid
            ladder that make a difference, from the floor up to the lowest that always wins, or to
            the on-demand price.
        period: how much history to use, up to now: a `timedelta`, seconds, or text such as
            ``"30d"``. Default: all that the feed has. Where the feed is shorter, the result says
            when it begins.

        Raises `NotFoundError` for a class without a history, and `InvalidInput` for what is not a
        bid or a duration.
        """
        chosen = [Decimal(format_bid("bids", bid)) for bid in bids]
        length = None if period is None else parse_duration("period", period)
        series = Series.of_feed((yield from self._feed(server_class)))
        if series is None:
            raise NotFoundError(f"There is no price history of {server_class}")
        classes = yield from self._classes()
        known = next((item for item in classes if item.name == server_class), None)
        return backtest(
            series,
            server_class=server_class,
            bids=chosen,
            period=length,
            floor=None if known is None else known.min_bid_price,
            on_demand=None if known is None else hourly_on_demand(known),
        )

    @operation
    def cost(self, cloudspace: str | None = None) -> Flow[Cost]:
        """Return what pools and control planes cost now, as expected, and at most.

        cloudspace: the name of a cloudspace or VM cloudspace. Default: all of them.

        It is read fresh. Servers won at auction cost the market price, but at least the floor of
        their class; at most they cost their bid. A control plane costs 40 US dollars a month with
        high availability, and nothing without (docs/api-facts.md#costs). Volumes, load balancers
        and traffic are not counted: their prices are not documented. Raises `NotFoundError` where
        there is no cloudspace of that name.
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

        server_class: the name of the class.
        count: the number of servers, 0 or more (default: 1).
        bid: the bid for one server in US dollars an hour; None (default) for the on-demand price.

        Raises `NotFoundError` for a class that there is not, and `InvalidInput` for what is not a
        number of servers or a bid.
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

        cpus: the number of CPUs, at least.
        memory: the amount of memory, at least: text such as ``"128GB"``, or bytes.
        nodes: the number of servers, exactly (default: any).
        regions: the regions to choose one from, since a cloudspace is in one (default: all).
        availability: the share of the time in which all of it is there, such as 0.99, as the price
            history shows it. Default: that of the strategy.
        budget: US dollars that all bids together may come to, an hour, or text such as
            ``"300/month"`` (default: no limit).
        pools: the number of pools, each of another class, or a range such as ``"2..4"``
            (default: 1 to 3).
        strategy: ``"max-value"`` is the cheapest that is there 95 % of the time; ``"balanced"``
            (default) the cheapest that is there 99 % of it; ``"max-performance"`` has the fewest
            servers, and is there 99.9 % of the time.

        The bids are replayed against the price histories of all classes, jointly. Cheap means a low
        mean price over the history, then low bids. Raises `InvalidInput` for what cannot be asked,
        and for what no pools can supply: the message says what stands in the way, and what is
        feasible.
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
        # Counting what is won takes a moment, which no event loop should wait for.
        return (yield from call_user(make_plan, wanted, prices, request))

    @operation
    def buy(
        self, plan: Plan, cloudspace: str, *, key: str = "plan"
    ) -> Flow[builtins.list[SpotNodePool]]:
        """Create the pools of a plan, and return them. What was bought before is not bought again.

        plan: what `plan` returned.
        cloudspace: the name of the cloudspace, which has to be in the region of the plan.
        key: the name of this purchase in the cloudspace (default: ``plan``). The pools get the
            keys ``plan-1``, ``plan-2`` and so on.

        Raises `InvalidInput` where the cloudspace is in another region, `NotFoundError` where there
        is none, and `ConflictError` where another plan was bought with this key.
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
