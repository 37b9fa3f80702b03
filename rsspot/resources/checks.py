"""Check arguments against the catalogue, if it can be read: names, regions, classes, prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.errors import APIError, ConnectionFailed, DeadlineExceeded, InvalidInput
from rsspot.models.catalog import Region, ServerClass
from rsspot.models.names import did_you_mean
from rsspot.models.quantities import read_money
from rsspot.senders.messages import Options
from rsspot.values import evolve
from rsspot.wire.endpoint import api

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from rsspot.flow.flow import Flow
    from rsspot.wire.connection import Connection

__all__ = [
    "check_bid",
    "check_budget",
    "check_known",
    "check_margin",
    "check_region",
    "find_class",
    "hourly_on_demand",
    "known_classes",
    "readable",
    "with_short_timeout",
]

T = TypeVar("T")

CATALOGUE_TIMEOUT = 10.0
"""Maximum seconds for a request that only serves a check."""
CACHED = Options()


def readable(flow: Flow[T]) -> Flow[T | None]:
    """Return the result of `flow`, or None if the server fails. Raises `AuthError`."""
    try:
        return (yield from flow)
    except (APIError, ConnectionFailed, DeadlineExceeded):
        return None


def with_short_timeout(connection: Connection, options: Options = CACHED) -> Options:
    """Return `options` with a short timeout, since the call waits for the check."""
    timeouts = connection.settings.timeouts
    total = CATALOGUE_TIMEOUT if timeouts.total is None else min(CATALOGUE_TIMEOUT, timeouts.total)
    return evolve(options, timeouts=evolve(timeouts, total=total))


def known_classes(connection: Connection) -> Flow[list[ServerClass]]:
    """Return the server classes, or none if they cannot be read."""
    options = with_short_timeout(connection)
    found = yield from readable(
        connection.list(ServerClass, api.LIST_SERVER_CLASSES, {}, options=options)
    )
    return found or []


def find_class(connection: Connection, name: str) -> Flow[ServerClass | None]:
    """Return the server class called `name`, or None if it is not known."""
    found = yield from known_classes(connection)
    return next((item for item in found if item.name == name), None)


def check_region(
    connection: Connection, region: str | None, *, seen: Iterable[str] = ()
) -> Flow[None]:
    """Refuse a region that is neither in the catalogue nor among those in `seen`.

    Raises `InvalidInput` with a suggestion.
    """
    names = {*seen}
    if region is None or region in names:
        return
    options = with_short_timeout(connection)
    found = yield from readable(connection.list(Region, api.LIST_REGIONS, {}, options=options))
    check_known("region", region, names | {item.name for item in found or ()})


def check_known(
    argument: str, name: str | None, known: Iterable[str], *, any_case: bool = False
) -> None:
    """Refuse a name that is not in `known`; with `any_case`, ignoring case.

    If `known` is empty, nothing is refused. Raises `InvalidInput`.
    """
    names = sorted({item for item in known if item})
    if name is None or not names or name in names:
        return
    if any_case and name.casefold() in {item.casefold() for item in names}:
        return
    raise InvalidInput(
        f"{argument} is {name[:80]!r}, which does not exist",
        argument=argument,
        hint=did_you_mean(name, names) or f"Known names: {', '.join(names[:20])}",
    )


HOURLY = frozenset({"", "1h", "1h0m0s"})
"""Intervals of on-demand prices that can be compared with a bid, which is for an hour."""
HUNDRED = 100


def check_bid(connection: Connection, server_class: Any, bid: Any) -> Flow[None]:
    """Refuse a bid above the on-demand price of its class, if that is known.

    Raises `InvalidInput`, which has the price as `on_demand_price`.
    """
    amount = _amount(bid)
    if amount is None or not isinstance(server_class, str):
        return
    known = yield from find_class(connection, server_class)
    price = None if known is None else hourly_on_demand(known)
    if price is not None and amount > price:
        raise _refused("bid_price", amount, f"the on-demand price of {server_class}", price)


def check_budget(connection: Connection, region: Any, vcpus: Any, budget: Any) -> Flow[None]:
    """Refuse a budget above the on-demand price of these virtual CPUs in the most expensive class.

    The last server may have more CPUs than are needed. Raises `InvalidInput`, which has that price
    as `on_demand_price`.
    """
    amount = _amount(budget)
    if amount is None or not isinstance(vcpus, int) or vcpus < 1:
        return
    found = yield from known_classes(connection)
    priced = [
        (int(item.cpu), price)
        for item in found
        if item.region == region and item.cpu and (price := hourly_on_demand(item)) is not None
    ]
    bound = max((-(-vcpus // cpus) * price for cpus, price in priced), default=None)
    if bound is not None and amount > bound:
        what = f"what {vcpus} virtual CPUs cost at most on demand in {region}"
        raise _refused("budget_per_hour", amount, what, bound)


def check_margin(margin: Decimal) -> None:
    """Refuse a margin that doubles the price or more. Raises `InvalidInput`."""
    if margin < 1:
        return
    meant = (margin / HUNDRED).normalize()
    hint = "It is a fraction: 0.1 is ten percent"
    if meant < 1:
        hint = f"Did you mean {meant:f}, which is {margin:f} percent?"
    raise InvalidInput(
        f"margin is {margin:f}, which adds {HUNDRED * margin:f} percent to the price",
        argument="margin",
        hint=hint,
    )


def _refused(argument: str, amount: Decimal, what: str, price: Decimal) -> InvalidInput:
    return InvalidInput(
        f"{argument} is {amount:f} USD an hour, and {what} is {price.normalize():f}",
        argument=argument,
        hint="Pass allow_above_on_demand=True if that is what you want",
        on_demand_price=price,
    )


def hourly_on_demand(known: ServerClass) -> Decimal | None:
    """Return the hourly on-demand price of a class, or None if it is not known."""
    price = known.on_demand_price
    return price if price and known.on_demand_interval in HOURLY else None


def _amount(value: Any) -> Decimal | None:
    try:
        return None if value is None else read_money(value)
    except ValueError:
        return None
