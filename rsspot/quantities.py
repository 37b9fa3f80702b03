"""Amounts as people write them: sizes (`128GB`), durations (`30d`), and rates (`0.5/h`)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from typing import Final

from rsspot.errors import InvalidInput
from rsspot.models.quantities import read_memory, read_money

__all__ = ["HOURS_PER_MONTH", "format_duration", "parse_duration", "parse_rate", "parse_size"]

HOURS_PER_MONTH: Final = 730
"""Hours of an average month (365 days of 24 hours, divided by twelve)."""

LONGEST: Final = timedelta(days=3650)
LARGEST: Final = 10**18
"""Bytes: an exabyte. More is no memory of servers."""
_SECONDS: Final = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86400),
    **dict.fromkeys(("w", "week", "weeks"), 604800),
}
_HOURS: Final = {
    **dict.fromkeys(("h", "hr", "hour"), 1),
    **dict.fromkeys(("d", "day"), 24),
    **dict.fromkeys(("w", "week"), 168),
    **dict.fromkeys(("mo", "mon", "month"), HOURS_PER_MONTH),
    **dict.fromkeys(("y", "yr", "year"), 12 * HOURS_PER_MONTH),
}
_PART = re.compile(r"\s*(\d{1,12}(?:\.\d{1,9})?)\s*([a-z]+)", re.IGNORECASE)
_RATE = re.compile(
    r"\s*(\$?\s*[0-9.]{1,40})\s*(?:usd)?\s*(?:(?:/|per\b)\s*([a-z]+))?\s*", re.IGNORECASE
)
_NUMBER = re.compile(r"\s*\d{1,12}(?:\.\d{1,9})?\s*")


def parse_size(argument: str, value: int | str) -> int:
    """Return the number of bytes of an amount of memory.

    Args:
        argument: Name of the argument, for the error.
        value: Text with a unit, such as ``"128GB"`` (powers of 1000) or ``"64GiB"`` (powers of
            1024), or a number of bytes.

    Raises:
        InvalidInput: If the text has no unit, or this is not a size.
    """
    if isinstance(value, str):
        if not value.strip()[-1:].isalpha():
            raise InvalidInput(
                f"{argument} is {value!r:.80}, which has no unit",
                argument=argument,
                hint="Write a size such as 8GB or 8GiB",
            )
        with suppress(ValueError, ArithmeticError):
            if (size := read_memory(value)) <= LARGEST:
                return size
    elif type(value) is int and 0 <= value <= LARGEST:
        return value
    raise InvalidInput(
        f"{argument} is {value!r:.80}, which is not a size",
        argument=argument,
        hint="Write a size such as 8GB or 8GiB",
    )


def parse_duration(
    argument: str, value: timedelta | float | str, *, unit: str | None = None
) -> timedelta:
    """Return a length of time.

    Args:
        argument: Name of the argument, for the error.
        value: A `timedelta`, a number of seconds, or text such as ``"30d"``, ``"24h"``, ``"1h30m"``
            or ``"2 weeks"``. The units are s, m, h, d and w, and their long names.
        unit: Unit of text that is only a number (default: None, which refuses such text).

    Raises:
        InvalidInput: If this is not a duration, is negative, or is more than ten years.
    """
    found = _read_duration(value, unit)
    if found is not None and timedelta() <= found <= LONGEST:
        return found
    problem = "which is not a duration"
    if isinstance(value, str) and unit is None and _NUMBER.fullmatch(value):
        problem = "which has no unit"
    elif found is not None:
        problem = "which is negative" if found < timedelta() else "which is more than ten years"
    raise InvalidInput(
        f"{argument} is {value!r:.80}, {problem}",
        argument=argument,
        hint="Write a duration such as 30d, 24h or 90m",
    )


def parse_rate(argument: str, value: Decimal | str | int) -> Decimal:
    """Return a rate of spending in USD an hour.

    Args:
        argument: Name of the argument, for the error.
        value: A `Decimal` or an integer (an hour), or text such as ``"0.5/h"``, ``"$12/day"`` or
            ``"300/month"``. Text without a period is for an hour; a month has 730 hours.

    Raises:
        InvalidInput: If this is a float, which cannot hold an exact amount, is not a rate, or is
            not more than 0.
    """
    if isinstance(value, float):  # callers without a type checker
        raise InvalidInput(
            f"{argument} is a float, which cannot hold an exact amount",
            argument=argument,
            hint=f'Pass a Decimal or text, such as "{value:g}/h"',
        )
    match = None if isinstance(value, bool) else _RATE.fullmatch(f"{value}")
    period = _HOURS.get((match[2] or "h").lower()) if match else None
    try:
        amount = read_money(match[1].replace(" ", "")) if match and period else Decimal(0)
    except ValueError:
        amount = Decimal(0)
    if match is None or period is None or amount <= 0:
        raise InvalidInput(
            f"{argument} is {value!r:.80}, which is not a rate of more than 0",
            argument=argument,
            hint="Write an amount and a period (h, day, week, month or year), such as 0.5/h",
        )
    return amount / period


def format_duration(seconds: float) -> str:
    """Return a length of time in at most two units, such as ``2 d 3 h`` or ``5 min``.

    Args:
        seconds: Length of time in seconds.
    """
    units = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
    whole = round(seconds)
    for at, (name, size) in enumerate(units):
        if whole >= size:
            more, rest = units[at + 1 : at + 2], whole % size
            tail = [f"{rest // small} {short}" for short, small in more if rest >= small]
            return " ".join([f"{whole // size} {name}", *tail])
    return "0 s"


def _read_duration(value: object, unit: str | None) -> timedelta | None:
    if isinstance(value, timedelta):
        return value
    seconds: Decimal | float | None = None
    if isinstance(value, str):
        seconds = _read_text(value, unit)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        seconds = value
    try:
        return None if seconds is None else timedelta(seconds=float(seconds))
    except (OverflowError, ValueError):  # ValueError: not a number
        return None


def _read_text(text: str, unit: str | None) -> Decimal | None:
    if _NUMBER.fullmatch(text):
        return None if unit is None else Decimal(text.strip()) * _SECONDS[unit]
    parts = _PART.findall(text)
    scales = [_SECONDS[name.lower()] for _, name in parts if name.lower() in _SECONDS]
    if not parts or _PART.sub("", text).strip() or len({*scales}) < len(parts):
        return None
    amounts = (Decimal(number) for number, _ in parts)
    return sum((n * scale for n, scale in zip(amounts, scales, strict=True)), Decimal(0))
