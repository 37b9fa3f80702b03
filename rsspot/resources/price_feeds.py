"""The price feeds: current prices of servers, and past ones."""

from __future__ import annotations

import math
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from rsspot.errors import AuthError, ConfigError, ForbiddenError, InvalidInput, NotFoundError
from rsspot.flow.flow import gather
from rsspot.models.catalog import ServerClass
from rsspot.models.price import read_comparable, read_history, read_percentiles
from rsspot.models.price_history import PriceHistories, PriceHistory
from rsspot.models.quantities import read_amount, read_when
from rsspot.quantities import parse_duration, parse_size
from rsspot.resources.checks import check_known, check_region, hourly_on_demand, known_classes
from rsspot.wire.bind import Group, M_co, operation
from rsspot.wire.endpoint import api

if TYPE_CHECKING:
    import builtins
    from collections.abc import Iterable
    from datetime import date
    from decimal import Decimal

    from rsspot.flow.flow import Flow
    from rsspot.models.price import ComparablePrice, PricePercentiles

__all__ = ["PriceFeeds"]


class PriceFeeds(Group[M_co]):
    """Prices in US dollars an hour for one server, as `Decimal`."""

    @operation
    def list(
        self,
        *,
        region: str | None = None,
        category: str | None = None,
        min_cpu: float | None = None,
        min_memory: int | str | None = None,
        max_price: Decimal | str | int | None = None,
    ) -> Flow[builtins.list[ServerClass]]:
        """Return server classes with their current prices, cheapest first.

        Args:
            region: Name of a region, such as ``"us-central-dfw-1"`` (default: all regions).
            category: Category of classes, such as ``"General Purpose"``, in any case (default:
                all).
            min_cpu: Minimum number of CPUs (default: no minimum).
            min_memory: Minimum memory: a number of bytes, or text such as ``"8GB"`` or ``"8GiB"``
                (default: no minimum).
            max_price: Maximum market price, in USD an hour; it leaves out classes that have no
                price now (default: no maximum).

        Raises:
            InvalidInput: If there is no such region or category, or a limit cannot be read.
        """
        limit = None if max_price is None else read_amount("max_price", max_price)
        size = 0 if min_memory is None else parse_size("min_memory", min_memory)
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
            and (min_memory is None or (item.memory or 0) >= size)
            and (limit is None or (item.market_price is not None and item.market_price <= limit))
        ]
        kept.sort(key=lambda item: (item.market_price is None, item.market_price or 0, item.name))
        return kept

    @operation
    def history(
        self,
        server_class: str,
        *,
        since: datetime | date | timedelta | str | None = None,
        bids: Iterable[Decimal | str | int] = (),
    ) -> Flow[PriceHistory]:
        """Return the market prices of a class over time, oldest first.

        The floor and the on-demand price are filled in where the catalogue can be read.

        Args:
            server_class: Name of the class.
            since: Time of the first price to return, or how long ago it was: a `timedelta`, or text
                such as ``"7d"``. Other text is read by dateutil, and is UTC without a zone
                (default: all that the feed has).
            bids: Bids that the picture of the history shows too, in USD an hour (default: none).

        Raises:
            InvalidInput: If this is not a time or an amount.
            NotFoundError: If the class has no history.
        """
        found = yield from self._histories([server_class], since, bids)
        return found[0]

    @operation
    def histories(
        self,
        server_classes: Iterable[str],
        *,
        since: datetime | date | timedelta | str | None = None,
        bids: Iterable[Decimal | str | int] = (),
    ) -> Flow[PriceHistories]:
        """Return the histories of several classes, to compare them or draw them in one picture.

        Args:
            server_classes: Names of the classes, at least one.
            since: Time of the first price to return, as for `history` (default: all that the feeds
                have).
            bids: Bids that the picture shows too, in USD an hour (default: none).

        Raises:
            InvalidInput: If no class is named, or this is not a time or an amount.
            NotFoundError: If a class has no history.
        """
        names = [server_classes] if isinstance(server_classes, str) else [*server_classes]
        if not names:
            raise InvalidInput("No server class was named", argument="server_classes")
        return (yield from self._histories([*dict.fromkeys(names)], since, bids))

    @operation
    def percentiles(self, *, region: str | None = None) -> Flow[builtins.list[PricePercentiles]]:
        """Return market prices and percentiles of all classes, or of those in one region.

        Args:
            region: Name of a region, such as ``"us-central-dfw-1"`` (default: all regions).

        Raises:
            InvalidInput: If there is no such region.
        """
        return (yield from self._percentiles(region))

    @operation
    def comparable(self, *, region: str | None = None) -> Flow[builtins.list[ComparablePrice]]:
        """Return the prices of comparable servers in other clouds.

        Args:
            region: Name of a region, such as ``"us-central-dfw-1"`` (default: all regions).

        Raises:
            InvalidInput: If there is no such region.
        """
        data = yield from self._connection.json(api.GET_COMPARABLE_PRICES)
        found = read_comparable(data)
        yield from self._check_region(region, {item.region for item in found})
        return [item for item in found if region is None or item.region == region]

    def _histories(
        self,
        names: builtins.list[str],
        since: datetime | date | timedelta | str | None,
        bids: Iterable[Decimal | str | int],
    ) -> Flow[PriceHistories]:
        start = None if since is None else self._start(since)
        amounts = [read_amount("bids", bid) for bid in bids]
        feeds = yield from gather([self._feed(name) for name in names])
        classes = yield from self._classes()
        known = {item.name: item for item in classes}
        made = PriceHistories()
        for name, data in zip(names, feeds, strict=True):
            item = known.get(name)
            points = read_history(data)
            made.append(
                PriceHistory(
                    [point for point in points if start is None or point.time >= start],
                    server_class=name,
                    floor=None if item is None else item.min_bid_price,
                    on_demand=None if item is None else hourly_on_demand(item),
                    bids=amounts,
                )
            )
        return made

    def _start(self, since: datetime | date | timedelta | str) -> datetime:
        ago = since if isinstance(since, timedelta) else None
        if isinstance(since, str):
            with suppress(InvalidInput):
                ago = parse_duration("since", since)
        if ago is None:
            return read_when("since", cast("datetime | date | str", since))
        return datetime.fromtimestamp(self._connection.clock.now(), UTC) - parse_duration(
            "since", ago
        )

    def _classes(self) -> Flow[builtins.list[ServerClass]]:
        # The feeds need no sign-in; without the catalogue they have less, but work.
        try:
            return (yield from known_classes(self._connection))
        except (AuthError, ConfigError):
            return []

    def _feed(self, server_class: str) -> Flow[dict[str, Any]]:
        try:
            return (
                yield from self._connection.json(
                    api.GET_PRICE_HISTORY, {"server_class": server_class}
                )
            )
        except ForbiddenError as error:
            # A public store returns 403 for an object that it does not have.
            raise NotFoundError(
                f"There is no price history for {server_class}",
                status=error.status,
                url=error.url,
                hint="Check the name of the class; a new one has no prices yet",
            ) from error

    def _percentiles(self, region: str | None) -> Flow[builtins.list[PricePercentiles]]:
        data = yield from self._connection.json(api.GET_PRICE_PERCENTILES)
        found = read_percentiles(data)
        yield from self._check_region(region, {item.region for item in found})
        return [item for item in found if region is None or item.region == region]

    def _check_region(self, region: str | None, seen: set[str]) -> Flow[None]:
        # The feeds need no sign-in, and know the regions if the catalogue cannot be read.
        try:
            yield from check_region(self._connection, region, seen=seen)
        except (AuthError, ConfigError):
            check_known("region", region, seen)
