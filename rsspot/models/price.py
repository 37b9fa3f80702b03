"""Prices: history, percentiles, comparable prices in other clouds, and suggested bids.

Sources: docs/api-facts.md#amounts, docs/api-facts.md#bids.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from attrs import asdict, frozen

from rsspot.models.display import html_table, one_line
from rsspot.models.quantities import read_cpu, read_memory, read_price, read_time
from rsspot.models.record import Record
from rsspot.shapes import as_object, objects_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from rsspot_api import models  # noqa: F401 - in the text of base classes

__all__ = [
    "BidSuggestion",
    "Comparable",
    "ComparablePrice",
    "PricePercentiles",
    "PricePoint",
    "read_comparable",
    "read_history",
    "read_percentiles",
]

T = TypeVar("T")


@frozen(repr=False)
class PricePoint(Record["models.PricePoint"]):
    """The result of one auction.

    Attributes:
        time: Time of the auction.
        price: Price of one server, in USD an hour.
    """

    model: ClassVar[str] = "PricePoint"

    time: datetime
    price: Decimal


@frozen(repr=False)
class PricePercentiles(Record["models.PercentileServerClass"]):
    """The market price of a class, and the 20th, 50th and 80th percentile of past prices.

    Attributes:
        region: Name of the region.
        server_class: Name of the class.
        market_price: Price of one server now, in USD an hour, or None.
        percentile_20: Price that 20 percent of past prices do not exceed, in USD an hour, or None.
        percentile_50: Price that 50 percent of past prices do not exceed, in USD an hour, or None.
        percentile_80: Price that 80 percent of past prices do not exceed, in USD an hour, or None.
        category: Category of the class.
        display_name: Name for people.
        cpu: Number of CPUs, or None.
        memory: Number of bytes of memory, or None.
    """

    model: ClassVar[str] = "PercentileServerClass"

    region: str
    server_class: str
    market_price: Decimal | None
    percentile_20: Decimal | None
    percentile_50: Decimal | None
    percentile_80: Decimal | None
    category: str
    display_name: str
    cpu: int | float | None
    memory: int | None


@frozen(repr=False)
class Comparable(Record["models.Comparable"]):
    """A server of another cloud, and its price.

    Attributes:
        cloud: Name of the cloud.
        server_class: Name of the class there.
        price: Price of one server, in USD an hour, or None.
    """

    model: ClassVar[str] = "Comparable"

    cloud: str
    server_class: str
    price: Decimal | None


@frozen(repr=False)
class ComparablePrice(Record["models.ComparableServerClass"]):
    """The prices of comparable servers in other clouds.

    Attributes:
        region: Name of the region.
        server_class: Name of the class.
        hyperscaler_average: Mean price elsewhere, in USD an hour, or None.
        comparables: The servers of other clouds.
    """

    model: ClassVar[str] = "ComparableServerClass"

    region: str
    server_class: str
    hyperscaler_average: Decimal | None
    comparables: tuple[Comparable, ...]


@frozen(repr=False)
class BidSuggestion:
    """A suggested bid, with the reason. Pass `price` as `bid_price`.

    Attributes:
        server_class: Name of the class.
        price: Suggested bid for one server, in USD an hour.
        percentile: How many percent of past auctions it is based on.
        percentile_price: Price of that percentile, in USD an hour.
        market_price: Price of one server now, in USD an hour, or None.
        floor: Minimum bid of the class, in USD an hour, or None.
        margin: What was added, as a fraction.
        on_ladder: Whether the bid is rounded up to the bid ladder.
    """

    server_class: str
    price: Decimal
    percentile: float
    percentile_price: Decimal
    market_price: Decimal | None
    floor: Decimal | None
    margin: Decimal
    on_ladder: bool

    def __str__(self) -> str:
        market = "unknown" if self.market_price is None else f"{self.market_price:f}"
        floor = "unknown" if self.floor is None else f"{self.floor:f}"
        rung = ", on the bid ladder" if self.on_ladder else ""
        added = f" plus {self.margin:%}" if self.margin else ""
        return (
            f"bid {self.price:f} USD an hour for {self.server_class}: the {self.percentile:g}th "
            f"percentile is {self.percentile_price:f}{added}, the market {market}, "
            f"the floor {floor}{rung}"
        )

    def __repr__(self) -> str:
        return one_line(type(self), asdict(self).items())

    def _repr_html_(self) -> str:
        return html_table(type(self), asdict(self).items())


def read_history(data: dict[str, Any]) -> list[PricePoint]:
    """Return the points of a history file, oldest first, without entries that cannot be read."""
    points: list[PricePoint] = []
    for item in objects_in(data.get("history")):
        time = _or_none(read_time, item.get("run_at"))
        price = _or_none(_clean_money, item.get("hammer_price"))
        if time is not None and price is not None:
            points.append(PricePoint(time, price, wire=item))
    points.sort(key=lambda point: point.time)
    return points


def read_percentiles(data: dict[str, Any]) -> list[PricePercentiles]:
    """Return all classes of all regions in the percentiles file."""
    return [
        PricePercentiles(
            region=region,
            server_class=name,
            market_price=_or_none(read_price, item.get("market_price")),
            percentile_20=_or_none(_clean_money, item.get("20_percentile")),
            percentile_50=_or_none(_clean_money, item.get("50_percentile")),
            percentile_80=_or_none(_clean_money, item.get("80_percentile")),
            category=str(item.get("category") or ""),
            display_name=str(item.get("display_name") or ""),
            cpu=_or_none(read_cpu, item.get("cpu")),
            memory=_or_none(read_memory, item.get("memory")),
            wire=item,
        )
        for region, classes in _objects(data.get("regions"))
        for name, item in _objects(classes.get("serverclasses"))
    ]


def read_comparable(data: dict[str, Any]) -> list[ComparablePrice]:
    """Return all classes of all regions in the file of comparable prices."""
    return [
        ComparablePrice(
            region=region,
            server_class=name,
            hyperscaler_average=_or_none(read_price, item.get("hyperscaler_average_price")),
            comparables=tuple(
                Comparable(
                    cloud=str(other.get("cloud") or ""),
                    server_class=str(other.get("class") or ""),
                    price=_or_none(read_price, other.get("price")),
                    wire=other,
                )
                for other in objects_in(item.get("comparables"))
            ),
            wire=item,
        )
        for region, classes in _objects(data.get("regions"))
        for name, item in _objects(classes)
    ]


def _objects(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    for key, item in as_object(value).items():
        if isinstance(item, dict):
            yield key, as_object(item)


def _clean_money(value: Any) -> Decimal:
    # The feeds have binary noise (0.036000000000000004); this is the smallest unit of the API.
    amount = read_price(value).quantize(Decimal("0.000001"))
    return amount.normalize() if amount else Decimal(0)


def _or_none(read: Callable[[Any], T], value: Any) -> T | None:
    try:
        return None if value is None else read(value)
    except (ValueError, ArithmeticError):
        return None
