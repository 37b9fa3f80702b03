"""Amounts as the API writes them (docs/api-facts.md#amounts), read into Python numbers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from typing import Any, Final

from rsspot.errors import InvalidInput

__all__ = [
    "count",
    "format_bid",
    "next_rung",
    "read_amount",
    "read_cpu",
    "read_memory",
    "read_money",
    "read_price",
    "read_time",
    "read_when",
]

MAX_SHOWN: Final = 1e6
"""A price from which on an example with all its digits helps nobody."""
MILL: Final = Decimal("0.001")
"""The smallest step of a bid."""
NOISE: Final = Decimal("1e-9")
"""The maximum rounding error of a price computed in binary."""
RUNGS: Final = tuple(
    Decimal(text)
    for text in (
        *("0.01", "0.02", "0.03", "0.04", "0.06", "0.08", "0.10"),
        *("0.13", "0.16", "0.19", "0.22"),
    )
)
TOP_STEP: Final = Decimal("0.05")
DIGITS: Final = 30
"""Maximum digits before or after the point. More cannot be a price, and could exhaust memory."""

_MEMORY = r"(?i)\s*(\d+(?:\.\d+)?)\s*([KMGTP]?)(i?)B?\s*"
_POWER = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5}


def read_money(value: Any) -> Decimal:
    """Parse a price in US dollars: text with or without ``$``, or a number. Raises `ValueError`."""
    text = str(value).strip().removeprefix("$") if not isinstance(value, bool) else ""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"not a price: {value!r:.80}") from None
    if not amount.is_finite() or abs(amount.adjusted()) > DIGITS:
        raise ValueError(f"not a price: {value!r:.80}")
    return amount


def read_price(value: Any) -> Decimal:
    """Parse a price that a server sent, as `read_money` does. A negative one is none."""
    amount = read_money(value)
    if amount < 0:
        raise ValueError(f"not a price: {value!r:.80}")
    return amount


def read_cpu(value: Any) -> int | float:
    """Parse a number of virtual CPUs: text or a number. Raises `ValueError`."""
    amount = read_money(value)
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def read_memory(value: Any) -> int:
    """Return the bytes of ``"3.75GB"`` (decimal units), ``"4GiB"`` (binary) or a number.

    Raises `ValueError`.
    """
    match = re.fullmatch(_MEMORY, str(value)) if not isinstance(value, bool) else None
    if match is None:
        raise ValueError(f"not an amount of memory: {value!r:.80}")
    number, prefix, binary = match.groups()
    unit = (1024 if binary else 1000) ** _POWER[prefix.upper()]
    return int(Decimal(number) * unit)


def read_time(value: Any) -> datetime:
    """Parse a time with its time zone: RFC 3339 text, or seconds since the epoch.

    Text without a zone is UTC. Raises `ValueError`.
    """
    if isinstance(value, str):
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, OSError) as error:
            raise ValueError(f"not a time: {value!r}") from error
    raise ValueError(f"not a time: {value!r}")


def read_amount(argument: str, value: Decimal | str | float) -> Decimal:
    """Parse an amount of 0 or more that a user passed. Raises `InvalidInput`."""
    try:
        amount = read_money(value)
    except ValueError:
        amount = Decimal(-1)
    if amount < 0:
        raise InvalidInput(
            f"{argument} is {value!r:.80}, which is not an amount of 0 or more", argument=argument
        )
    return amount


def format_bid(argument: str, value: Decimal | str | int) -> str:
    """Return a price in the format of the API: at most three decimals (docs/api-facts.md#bids).

    Raises `InvalidInput` for anything but a positive price. A float is refused, because
    its rounding error would be sent as money.
    """
    if isinstance(value, float):  # callers without a type checker
        raise InvalidInput(
            f"{argument} is a float, which cannot hold an exact price",
            argument=argument,
            hint=f'Pass a Decimal or text, such as "{value:.3f}"'
            if abs(value) < MAX_SHOWN
            else "Pass a Decimal or text",
        )
    try:
        amount = read_money(value)
        rounded = amount.quantize(MILL)
    except (ValueError, InvalidOperation):
        raise InvalidInput(
            f"{argument} is {value!r:.80}, which is not a price", argument=argument
        ) from None
    if abs(amount - rounded) > NOISE or rounded <= 0:
        raise InvalidInput(
            f"{argument} is {value}, but prices start at 0.001 and have three decimals",
            argument=argument,
            hint="Use rsspot.models.next_rung to round up to the bid ladder",
        )
    return f"{rounded.normalize():f}"


def next_rung(price: Decimal | str | int, *, ladder: bool = True) -> Decimal:
    """Return a price rounded up to a possible bid.

    The ladder (docs/api-facts.md#bids): whole cents, in steps of 0.01 below 0.04, 0.02 below 0.10,
    0.03 below 0.20, and 0.05 from 0.22 on.

    Args:
        price: Price in USD an hour.
        ladder: Whether to round up to the bid ladder, and not only to three decimals.

    Raises:
        InvalidInput: If this is not an amount.
    """
    price = read_amount("price", price)
    if not ladder:
        return max(price, MILL).quantize(MILL, ROUND_CEILING)
    for rung in RUNGS:
        if price <= rung:
            return rung
    # Digits beyond the precision of the context would be lost, and the result too low.
    above = price.quantize(MILL, ROUND_CEILING) - RUNGS[-1]
    steps = (above / TOP_STEP).to_integral_value(ROUND_CEILING)
    return RUNGS[-1] + steps * TOP_STEP


def read_when(argument: str, value: datetime | date | str) -> datetime:
    """Parse a time that a user passed, with its time zone (UTC by default).

    Text is read by dateutil. Raises `InvalidInput`.
    """
    if isinstance(value, str):
        from dateutil import parser

        try:
            value = parser.parse(value)
        except (ValueError, OverflowError, TypeError):
            raise InvalidInput(
                f"{argument} is {value!r:.80}, which is not a time", argument=argument
            ) from None
    if not isinstance(value, datetime):
        if not isinstance(value, date):  # pyright: ignore[reportUnnecessaryIsInstance] - untyped callers
            raise InvalidInput(
                f"{argument} is {value!r:.80}, which is not a time", argument=argument
            )
        value = datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def count(argument: str, value: int | None, minimum: int) -> int | None:
    """Return `value` if it is None or an integer of at least `minimum`. Raises `InvalidInput`."""
    if value is None:
        return None
    if type(value) is not int or value < minimum:
        raise InvalidInput(
            f"{argument} must be a whole number, {minimum} or more, not {value!r}",
            argument=argument,
        )
    return value
