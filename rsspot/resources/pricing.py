"""Prices: what servers cost now, what they have cost, and what to bid."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsspot.errors import AuthError, ForbiddenError, InvalidInput, NotFoundError
from rsspot.models.catalog import ServerClass
from rsspot.models.price import (
    BidSuggestion,
    read_comparable,
    read_history,
    read_percentiles,
)
from rsspot.models.quantities import count, next_rung, read_amount, read_when
from rsspot.resources.bids import check_margin, check_percentile
from rsspot.resources.catalogue import check_known, check_region
from rsspot.wire.bind import Group, M_co, operation
from rsspot.wire.endpoint import api

if TYPE_CHECKING:
    import builtins
    from datetime import date, datetime

    from rsspot.flow.flow import Flow
    from rsspot.models.price import (
        ComparablePrice,
        PricePercentiles,
        PricePoint,
    )

__all__ = ["Pricing"]

IN_FEED = (20, 50, 80)
"""The percentiles that the price feed has; any other is computed from the history."""
HUNDRED = 100


class Pricing(Group[M_co]):
    """Prices in US dollars for a server and hour, as `Decimal`."""

    @operation
    def list(
        self,
        *,
        region: str | None = None,
        category: str | None = None,
        min_cpu: float | None = None,
        min_memory: int | None = None,
        max_price: Decimal | str | int | None = None,
    ) -> Flow[builtins.list[ServerClass]]:
        """Server classes with their current prices, cheapest first; `min_memory` is in bytes.

        A class that has no price now is left out when `max_price` is given, and comes last else.
        Raises `InvalidInput` for a region or category that there is not.
        """
        limit = None if max_price is None else read_amount("max_price", max_price)
        count("min_memory", min_memory, 0)
        if min_cpu is not None and not 0 <= min_cpu < math.inf:
            raise InvalidInput(
                f"min_cpu is {min_cpu!r}, which is not a number of CPUs", argument="min_cpu"
            )
        found = yield from self._connection.list(ServerClass, api.LIST_SERVER_CLASSES, {})
        check_known("category", category, (item.category for item in found), any_case=True)
        yield from check_region(self._connection, region, seen={item.region for item in found})
        kept = [
            item
            for item in found
            if (region is None or item.region == region)
            and (category is None or item.category.casefold() == category.casefold())
            and (min_cpu is None or (item.cpu or 0) >= min_cpu)
            and (min_memory is None or (item.memory or 0) >= min_memory)
            and (limit is None or (item.market_price is not None and item.market_price <= limit))
        ]
        kept.sort(key=lambda item: (item.market_price is None, item.market_price or 0, item.name))
        return kept

    @operation
    def history(
        self, server_class: str, *, since: datetime | date | str | None = None
    ) -> Flow[builtins.list[PricePoint]]:
        """What the auctions of a class came to, oldest first, from `since` on.

        `since` may be text, which dateutil reads. Raises `NotFoundError` for a class without one.
        """
        start = None if since is None else read_when("since", since)
        points = yield from self._history(server_class)
        return [point for point in points if start is None or point.time >= start]

    @operation
    def percentiles(self, *, region: str | None = None) -> Flow[builtins.list[PricePercentiles]]:
        """Market prices and percentiles of all classes, or of those in one region.

        Raises `InvalidInput` for a region that there is not.
        """
        return (yield from self._percentiles(region))

    @operation
    def comparable(self, *, region: str | None = None) -> Flow[builtins.list[ComparablePrice]]:
        """What servers like ours cost elsewhere.

        Raises `InvalidInput` for a `region` that there is not.
        """
        data = yield from self._connection.json(api.GET_COMPARABLE_PRICES)
        found = read_comparable(data)
        yield from self._check_region(region, {item.region for item in found})
        return [item for item in found if region is None or item.region == region]

    @operation
    def suggest_bid(
        self,
        server_class: str,
        *,
        percentile: float = 80,
        margin: Decimal | str | int = 0,
        ladder: bool = True,
    ) -> Flow[BidSuggestion]:
        """What to bid so that `percentile` per cent of past auctions would have been won.

        `margin` is added as a fraction ("0.1" is ten per cent). The answer is never under the
        floor or the market, and stands on the bid ladder unless `ladder` is off. Percentiles
        20, 50 and 80 come from the feed, others from the history. A percentile between 0 and 1,
        and a margin of 1 (100 %) or more, are `InvalidInput`, for they cannot be meant.
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
        points = yield from self._history(server_class)
        prices = sorted(point.price for point in points)
        if not prices:
            raise NotFoundError(f"There is no price history of {server_class}")
        # Nearest rank: the least price that so many of the auctions did not exceed.
        rank = -(-len(prices) * Decimal(str(percentile)) // HUNDRED)
        return prices[int(rank) - 1]

    def _history(self, server_class: str) -> Flow[builtins.list[PricePoint]]:
        try:
            data = yield from self._connection.json(
                api.GET_PRICE_HISTORY, {"server_class": server_class}
            )
        except ForbiddenError as error:
            # A public store answers 403 for what it does not have.
            raise NotFoundError(
                f"There is no price history of {server_class}",
                status=error.status,
                hint="Check the name of the class; a new one has no prices yet",
            ) from error
        return read_history(data)

    def _percentiles(self, region: str | None) -> Flow[builtins.list[PricePercentiles]]:
        data = yield from self._connection.json(api.GET_PRICE_PERCENTILES)
        found = read_percentiles(data)
        yield from self._check_region(region, {item.region for item in found})
        return [item for item in found if region is None or item.region == region]

    def _check_region(self, region: str | None, seen: set[str]) -> Flow[None]:
        # Nobody has to sign in for the feeds, so they know regions enough where that fails.
        try:
            yield from check_region(self._connection, region, seen=seen)
        except AuthError:
            check_known("region", region, seen)
