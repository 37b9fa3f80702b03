"""How values are written for people: money, sizes, times, yes and no."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rsspot.models.shapes import is_mapping, is_sequence

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["NOTHING", "cell", "money", "printable", "size"]

NOTHING = "-"
LEAST_PLACES = 3
"""Bids differ by a tenth of a cent (fact sheet 4.2)."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_BUT_LINES = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_GIB = 1024**3
_GB = 1000**3


def printable(text: str, *, lines: bool = True) -> str:
    """`text` without what would steer a terminal."""
    return (_BUT_LINES if lines else _CONTROL).sub(" ", text)


def cell(value: Any) -> str:
    """One value in one line."""
    if value is None or value == "":
        text = NOTHING
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, Decimal):
        text = money([value])[0]
    elif isinstance(value, datetime):
        text = f"{value.astimezone():%Y-%m-%d %H:%M}"
    elif is_mapping(value):
        text = ", ".join(f"{key}={item}" for key, item in value.items()) or NOTHING
    elif is_sequence(value):
        text = ", ".join(map(cell, value)) or NOTHING
    else:
        text = str(value)
    return printable(text, lines=False)


def money(amounts: Sequence[Decimal | None]) -> list[str]:
    """US dollars, all with as many places as the finest of them needs."""
    known = [amount.normalize() for amount in amounts if amount is not None]
    places = max((-int(amount.as_tuple().exponent) for amount in known), default=0)
    places = max(places, LEAST_PLACES)
    return [NOTHING if amount is None else f"{amount:.{places}f}" for amount in amounts]


def size(amount: int | None) -> str | None:
    """An amount of memory, in the unit that it is a round number of."""
    if not amount:
        return None
    unit, name = (_GIB, "GiB") if amount % _GIB == 0 else (_GB, "GB")
    return f"{amount / unit:g} {name}"
