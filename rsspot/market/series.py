"""Prices over time: a price holds from its auction until the next one."""

from __future__ import annotations

from bisect import bisect_right
from decimal import Decimal
from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from rsspot.models.quantities import read_price
from rsspot.shapes import objects_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rsspot.models.price import PricePoint

__all__ = ["MICRO", "Series", "micros", "money"]

MICRO: Final = 1_000_000
"""Prices are whole millionths of a dollar here, the smallest unit of the price feeds."""
USUAL_STEP: Final = 300
"""Seconds that the price of a history with a single auction is taken to hold."""


@frozen(eq=False)
class Series:
    """The prices of one class over time.

    Attributes:
        times: Seconds since 1970 at which each price begins to hold, in order.
        prices: Prices, in millionths of a USD an hour.
        end: Seconds since 1970 at which the last price ceases to hold.
    """

    times: tuple[int, ...]
    prices: tuple[int, ...]
    end: int

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> Series | None:
        """Return the series of pairs of time and price in any order, or None without any.

        Of two prices for the same time, the later one in `pairs` counts. The last price holds as
        long as prices usually do, which is the median of the others.

        Args:
            pairs: Seconds since 1970, and millionths of a USD an hour.
        """
        held = dict(pairs)
        if not held:
            return None
        times = sorted(held)
        steps = [after - before for before, after in pairwise(times)]
        step = median_low(steps) if steps else USUAL_STEP
        return cls(tuple(times), tuple(held[time] for time in times), times[-1] + step)

    @classmethod
    def of_points(cls, points: Iterable[PricePoint]) -> Series | None:
        """Return the series of a price history, or None for one without auctions.

        Args:
            points: Results of auctions, in any order.
        """
        return cls.of((int(point.time.timestamp()), micros(point.price)) for point in points)

    @classmethod
    def of_feed(cls, data: dict[str, Any]) -> Series | None:
        """Return the series of the JSON of a history file, without entries that are none.

        Args:
            data: The decoded JSON.
        """
        return cls.of(_read_pairs(data))

    @property
    def start(self) -> int:
        """When the first price begins to hold."""
        return self.times[0]

    def since(self, start: int) -> Series:
        """Return the part from `start` on, which begins with the price that holds then.

        Args:
            start: Seconds since 1970.
        """
        at = bisect_right(self.times, start) - 1
        if at < 0 or start >= self.end:
            return self
        return Series((start, *self.times[at + 1 :]), self.prices[at:], self.end)

    def held(self) -> Iterator[tuple[int, int]]:
        """Yield each price with the seconds that it holds, in order."""
        ends = (*self.times[1:], self.end)
        for time, end, price in zip(self.times, ends, self.prices, strict=True):
            yield price, end - time


def micros(price: Decimal) -> int:
    """Return a price in millionths of a dollar."""
    return int((price * MICRO).to_integral_value())


def money(amount: float) -> Decimal:
    """Return millionths of a dollar as US dollars."""
    exact = Decimal(round(amount)) / MICRO
    return exact.normalize() if exact else Decimal(0)


def _read_pairs(data: dict[str, Any]) -> Iterator[tuple[int, int]]:
    for item in objects_in(data.get("history")):
        time, price = item.get("run_at"), item.get("hammer_price")
        if type(time) is int and type(price) is float and 0 <= price < MICRO:
            yield time, round(price * MICRO)
        else:
            pair = _read_closely(time, price)
            if pair is not None:
                yield pair


def _read_closely(time: Any, price: Any) -> tuple[int, int] | None:
    if isinstance(time, bool) or not isinstance(time, int | float):
        return None
    try:
        return int(time), micros(read_price(price))
    except (ValueError, ArithmeticError):
        return None
