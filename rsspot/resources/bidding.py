"""Bids: what to bid, and what bids would have won."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsspot.errors import InvalidInput, NotFoundError
from rsspot.market.replay import backtest
from rsspot.market.series import Series
from rsspot.models.catalog import ServerClass
from rsspot.models.price import BidSuggestion, read_history
from rsspot.models.price_history import PriceHistory, check_percentile
from rsspot.models.quantities import format_bid, next_rung, read_amount
from rsspot.quantities import parse_duration
from rsspot.resources.checks import check_margin, hourly_on_demand
from rsspot.resources.price_feeds import PriceFeeds
from rsspot.wire.bind import M_co, operation
from rsspot.wire.endpoint import api

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import timedelta

    from rsspot.flow.flow import Flow
    from rsspot.market.replay import Backtest

__all__ = ["Bidding"]

IN_FEED = (20, 50, 80)
"""The percentiles that the price feed has; any other is computed from the history."""


class Bidding(PriceFeeds[M_co]):
    """Bids, as the price feeds show what they win."""

    @operation
    def suggest_bid(
        self,
        server_class: str,
        *,
        percentile: float = 80,
        margin: Decimal | str | int = 0,
        ladder: bool = True,
    ) -> Flow[BidSuggestion]:
        """Return a bid that would have won a share of past auctions.

        It is never below the floor or the market price. Percentiles 20, 50 and 80 come from the
        price feed, others from the history.

        Args:
            server_class: Name of the class.
            percentile: How many percent of past auctions the bid would have won (default: 80), 1
                to 100.
            margin: What to add, as a fraction below 1: ``"0.1"`` adds ten percent (default: 0).
            ladder: Whether to round up to a step of the bid ladder.

        Raises:
            InvalidInput: If the percentile or margin is out of range.
            NotFoundError: If there is no such class, or it has no history.
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
            raise NotFoundError(f"There is no price history for {server_class}")
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

        Args:
            server_class: Name of the class.
            bids: Bids to try, in USD an hour for one server (default: the steps of the bid ladder
                that make a difference, from the floor up to the lowest that always wins, or to the
                on-demand price).
            period: How much history to use, up to now: a `timedelta`, seconds, or text such as
                ``"30d"`` (default: all that the feed has). Where the feed is shorter, the result
                says when it begins.

        Raises:
            InvalidInput: If this is not a bid or a duration.
            NotFoundError: If the class has no history.
        """
        chosen = [Decimal(format_bid("bids", bid)) for bid in bids]
        length = None if period is None else parse_duration("period", period)
        if length is not None and not length:
            raise InvalidInput("period is 0", argument="period", hint="Leave it out for all of it")
        series = Series.of_feed((yield from self._feed(server_class)))
        if series is None:
            raise NotFoundError(f"There is no price history for {server_class}")
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
