"""The price history of a server class: its auctions, what they show, and their picture."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING, Any, SupportsIndex, overload

from rsspot.arguments import check_arguments
from rsspot.errors import InvalidInput, NotFoundError
from rsspot.models.price import PricePoint
from rsspot.models.quantities import read_amount

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = ["PriceHistories", "PriceHistory", "check_percentile"]

HUNDRED = 100
DRAWN = (20, 50, 80)
"""The percentiles of the price feed."""


@check_arguments()
class PriceHistory(list[PricePoint]):
    """The results of the auctions of one class, oldest first: a list of `PricePoint`.

    Each auction counts once, in all that is computed here. Prices are US dollars an hour for one
    server. In a notebook it draws itself.
    """

    def __init__(
        self,
        points: Iterable[PricePoint] = (),
        *,
        server_class: str = "",
        floor: Decimal | None = None,
        on_demand: Decimal | None = None,
        bids: Iterable[Decimal] = (),
    ) -> None:
        """Make a history, as `pricing.history` does.

        Args:
            points: Results of auctions, oldest first (default: none).
            server_class: Name of the class (default: empty).
            floor: Minimum bid, in USD an hour (default: None, not known).
            on_demand: On-demand price, in USD an hour (default: None, not known).
            bids: Bids to draw, in USD an hour (default: none).
        """
        super().__init__(points)
        self.server_class = server_class
        self.floor = floor
        self.on_demand = on_demand
        self.bids: tuple[Decimal, ...] = tuple(bids)

    @overload
    def __getitem__(self, index: SupportsIndex, /) -> PricePoint: ...
    @overload
    def __getitem__(self, index: slice, /) -> PriceHistory: ...
    def __getitem__(self, index: SupportsIndex | slice, /) -> PricePoint | PriceHistory:
        if isinstance(index, slice):
            return PriceHistory(
                super().__getitem__(index),
                server_class=self.server_class,
                floor=self.floor,
                on_demand=self.on_demand,
                bids=self.bids,
            )
        return super().__getitem__(index)

    @property
    def since(self) -> datetime:
        """The time of the first auction. Raises `NotFoundError` where there is none."""
        return self._points()[0].time

    @property
    def until(self) -> datetime:
        """The time of the last auction. Raises `NotFoundError` where there is none."""
        return self._points()[-1].time

    @property
    def low(self) -> Decimal:
        """The lowest price. Raises `NotFoundError` where there is no auction."""
        return min(point.price for point in self._points())

    @property
    def high(self) -> Decimal:
        """The highest price. Raises `NotFoundError` where there is no auction."""
        return max(point.price for point in self._points())

    @property
    def mean(self) -> Decimal:
        """The mean price. Raises `NotFoundError` where there is no auction."""
        return sum((point.price for point in self._points()), Decimal(0)) / len(self)

    def percentile(self, percentile: float) -> Decimal:
        """Return the lowest price that a share of the auctions did not exceed.

        A bid of that price would have won that share of the auctions (nearest rank).

        Args:
            percentile: Percentage of the auctions, more than 0 and at most 100.

        Raises:
            InvalidInput: If this is another number.
            NotFoundError: If there is no auction.
        """
        check_percentile(percentile)
        prices = sorted(point.price for point in self._points())
        rank = (len(prices) * Decimal(str(percentile)) / HUNDRED).to_integral_value(ROUND_CEILING)
        return prices[int(rank) - 1]

    def share_below(self, bid: Decimal | str | int) -> float:
        """Return the share of the auctions, from 0 to 1, that a bid would have won.

        Args:
            bid: Bid for one server, in USD an hour. A bid that equals the price wins.

        Raises:
            InvalidInput: If this is not an amount.
            NotFoundError: If there is no auction.
        """
        amount = read_amount("bid", bid)
        return sum(point.price <= amount for point in self._points()) / len(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the history as JSON can hold it: times as RFC 3339 text, money as exact text."""
        known: dict[str, Decimal | None] = {"floor": self.floor, "on_demand": self.on_demand}
        if self:
            known |= {"low": self.low, "high": self.high, "mean": self.mean}
            known |= {f"percentile_{p}": self.percentile(p) for p in DRAWN}
        return {
            "server_class": self.server_class,
            **{name: None if price is None else f"{price:f}" for name, price in known.items()},
            "points": [
                {"time": point.time.isoformat(), "price": f"{point.price:f}"} for point in self
            ],
        }

    def svg(
        self, *, bids: Iterable[Decimal | str | int] = (), width: int = 760, height: int = 300
    ) -> str:
        """Return a picture of the history as an SVG document.

        Args:
            bids: Further bids to draw, in USD an hour (default: none).
            width: Width in pixels, 200 or more (default: 760).
            height: Height in pixels, 120 or more (default: 300).

        Raises:
            InvalidInput: If a bid is not an amount, or a size is too small.
        """
        return PriceHistories([self]).svg(bids=bids, width=width, height=height)

    def __repr__(self) -> str:
        if not self:
            return f"<PriceHistory {self.server_class} without auctions>"
        return (
            f"<PriceHistory {self.server_class} {len(self)} auctions from "
            f"{self.since:%Y-%m-%d %H:%M} to {self.until:%Y-%m-%d %H:%M %Z}, "
            f"low={self.low:f} mean={self.mean:.4f} high={self.high:f}>"
        )

    def _repr_html_(self) -> str:
        return self.svg()

    def _points(self) -> PriceHistory:
        if not self:
            raise NotFoundError(
                f"There are no auctions for {self.server_class or 'this class'} in this history",
                hint="Ask for a longer time, or without `since`",
            )
        return self


@check_arguments()
class PriceHistories(list[PriceHistory]):
    """The histories of several classes, in one picture. In a notebook it draws itself."""

    def svg(
        self, *, bids: Iterable[Decimal | str | int] = (), width: int = 760, height: int = 300
    ) -> str:
        """Return one picture of all the histories as an SVG document.

        Args:
            bids: Further bids to draw, in USD an hour (default: none).
            width: Width in pixels, 200 or more (default: 760).
            height: Height in pixels, 120 or more (default: 300).

        Raises:
            InvalidInput: If a bid is not an amount, or a size is too small.
        """
        from rsspot.models.price_chart import draw_svg  # only for pictures

        amounts = {bid for history in self for bid in history.bids}
        amounts |= {read_amount("bids", bid) for bid in bids}
        return draw_svg(self, sorted(amounts), width=width, height=height)

    def _repr_html_(self) -> str:
        return self.svg()


def check_percentile(percentile: float) -> None:
    """Refuse a percentile that is none, or is a fraction. Raises `InvalidInput`."""
    if 0 < percentile < 1:
        meant = (Decimal(str(percentile)) * HUNDRED).normalize()
        raise InvalidInput(
            f"percentile is {percentile!r}, which is less than one percent of the auctions",
            argument="percentile",
            hint=f"Did you mean {meant:f}?",
        )
    if not 0 < percentile <= HUNDRED:
        raise InvalidInput(
            f"percentile is {percentile!r}; it is more than 0 and at most 100",
            argument="percentile",
        )
