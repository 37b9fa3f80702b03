"""How values are written for people: money, sizes, times, yes and no."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeGuard

from rsspot.models.shapes import is_mapping, is_sequence

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NOTHING", "UNREADABLE", "cell", "moment", "money", "printable", "size"]

NOTHING = "-"
UNREADABLE = "?"
MIN_PLACES = 3
"""Bids differ by a tenth of a cent."""
MAX_PLACES = 9
HIGHEST = 10**9

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_BUT_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_GIB = 1024**3
_GB = 1000**3


def printable(text: str, *, lines: bool = True) -> str:
    """`text` without what would steer a terminal."""
    return (_BUT_LINES if lines else _CONTROL).sub(" ", text)


def cell(value: Any) -> str:
    """One value in one line. What cannot be written is `UNREADABLE`: it costs no other cell."""
    try:
        return printable(_written(value), lines=False)
    except (ValueError, ArithmeticError, RecursionError, OSError):
        return UNREADABLE


def moment(time: datetime) -> str:
    """A time by the local clock; in UTC where the local calendar does not reach it."""
    try:
        return f"{time.astimezone():%Y-%m-%d %H:%M}"
    except (OverflowError, ValueError, OSError):
        return f"{time.replace(tzinfo=None).isoformat(' ', 'minutes')} UTC"


def _written(value: Any) -> str:
    if value is None or value == "":
        text = NOTHING
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, Decimal):
        text = money([value])[0]
    elif isinstance(value, datetime):
        text = moment(value)
    elif is_mapping(value):
        text = ", ".join(f"{key}={item}" for key, item in value.items()) or NOTHING
    elif is_sequence(value):
        text = ", ".join(map(cell, value)) or NOTHING
    else:
        text = str(value)
    return text


def money(amounts: Sequence[Decimal | None]) -> list[str]:
    """US dollars, all with as many places as the finest of them needs.

    An amount that no price has (not a number, or out of all proportion) is written by itself, and
    does not count for the others.
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
        and abs(amount) < HIGHEST
        and _places(amount) <= MAX_PLACES
    )


def size(amount: int | None) -> str | None:
    """An amount of memory, in the unit that it is a round number of."""
    if not amount:
        return None
    unit, name = (_GIB, "GiB") if amount % _GIB == 0 else (_GB, "GB")
    return f"{amount / unit:g} {name}"
