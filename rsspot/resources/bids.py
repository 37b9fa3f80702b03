"""Prices that cannot be meant, such as one at which nobody would take the server away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.errors import InvalidInput
from rsspot.models.quantities import read_money
from rsspot.resources.catalogue import find_class, known_classes

if TYPE_CHECKING:
    from decimal import Decimal

    from rsspot.flow.flow import Flow
    from rsspot.models.catalog import ServerClass
    from rsspot.wire.connection import Connection

__all__ = ["check_bid", "check_budget", "check_margin", "hourly_on_demand"]

HOURLY = frozenset({"", "1h", "1h0m0s"})
"""Intervals of on-demand prices that can be compared with a bid, which is for an hour."""
HUNDRED = 100


def check_bid(connection: Connection, server_class: Any, bid: Any) -> Flow[None]:
    """Refuse a bid above the on-demand price of its class, where that is known.

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
    """Refuse a budget above what so many virtual CPUs of the dearest class cost on demand.

    The last server may have more of them than are wanted. Raises `InvalidInput`, which has that
    price as `on_demand_price`.
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
    """Refuse a margin that doubles the price, or more. Raises `InvalidInput`."""
    if margin < 1:
        return
    meant = (margin / HUNDRED).normalize()
    hint = "It is a fraction: 0.1 is ten per cent"
    if meant < 1:
        hint = f"Did you mean {meant:f}, which is {margin:f} per cent?"
    raise InvalidInput(
        f"margin is {margin:f}, which adds {HUNDRED * margin:f} per cent to the price",
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
    """Return the on-demand price of a class, or None where it is not known, or not for an hour."""
    price = known.on_demand_price
    return price if price and known.on_demand_interval in HOURLY else None


def _amount(value: Any) -> Decimal | None:
    try:
        return None if value is None else read_money(value)
    except ValueError:
        return None
