"""Format values for people: money, memory, times, yes and no."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeGuard

from rsspot.shapes import is_mapping, is_sequence

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "NOTHING",
    "UNREADABLE",
    "counted",
    "format_memory",
    "format_moment",
    "format_money",
    "format_time",
    "format_value",
    "sanitize",
]

NOTHING = "-"
UNREADABLE = "?"
MIN_PLACES = 3
"""The smallest step of a bid is a tenth of a cent."""
MAX_PLACES = 9
MAX_PRICE = 10**9

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_CONTROL_EXCEPT_NEWLINE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_GIB = 1024**3
_GB = 1000**3


def sanitize(text: str, *, lines: bool = True) -> str:
    """Replace the control characters in `text` that could change a terminal."""
    return (_CONTROL_EXCEPT_NEWLINE if lines else _CONTROL).sub(" ", text)


def format_value(value: Any) -> str:
    """Return a value as one line of text, or `UNREADABLE` for one that cannot be formatted."""
    try:
        return sanitize(_format(value), lines=False)
    except (ValueError, ArithmeticError, RecursionError, OSError):
        return UNREADABLE


def counted(number: int, one: str, more: str) -> str:
    """Return a number with a noun, as in ``counted(1, "VM", "VMs")``."""
    return f"{number} {one if number == 1 else more}"


def format_time(time: datetime) -> str:
    """Return a local time with its zone, or UTC for one that is beyond the local calendar."""
    return _local(time, "%Y-%m-%d %H:%M %Z", "minutes")


def format_moment(time: datetime) -> str:
    """Return the same with seconds, for what happens several times a minute."""
    return _local(time, "%Y-%m-%d %H:%M:%S %Z", "seconds")


def _local(time: datetime, pattern: str, digits: str) -> str:
    try:
        return format(time.astimezone(), pattern)
    except (OverflowError, ValueError, OSError):
        return f"{time.replace(tzinfo=None).isoformat(' ', digits)} UTC"


def _format(value: Any) -> str:
    if value is None or value == "":
        text = NOTHING
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, Decimal):
        text = format_money([value])[0]
    elif isinstance(value, datetime):
        text = format_time(value)
    elif is_mapping(value):
        text = ", ".join(f"{key}={item}" for key, item in value.items()) or NOTHING
    elif is_sequence(value):
        text = ", ".join(map(format_value, value)) or NOTHING
    else:
        text = str(value)
    return text


def format_money(amounts: Sequence[Decimal | None]) -> list[str]:
    """Return US dollars with the same number of decimal places, as many as one of them needs.

    An amount that cannot be a price (not a number, or far too large) is formatted by itself.
    """
    places = max((_places(amount) for amount in amounts if _is_price(amount)), default=0)
    places = max(places, MIN_PLACES)
    return [
        NOTHING if amount is None
        else f"{amount:.{places}f}" if _is_price(amount)
        else f"{amount:.6g}"
        for amount in amounts
    ]  # fmt: skip


def _places(amount: Decimal) -> int:
    return -int(amount.normalize().as_tuple().exponent)


def _is_price(amount: Decimal | None) -> TypeGuard[Decimal]:
    return (
        amount is not None
        and amount.is_finite()
        and abs(amount) < MAX_PRICE
        and _places(amount) <= MAX_PLACES
    )


def format_memory(amount: int | None) -> str | None:
    """Return an amount of memory in GiB if that is a whole number, else in GB."""
    if not amount:
        return None
    unit, name = (_GIB, "GiB") if amount % _GIB == 0 else (_GB, "GB")
    return f"{amount / unit:g} {name}"
