"""Amounts as the API writes them (fact sheet, section 3.10), read into Python numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

__all__ = ["read_cpu", "read_memory", "read_money", "read_time"]

_MEMORY = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGTP]?)(i?)B?\s*", re.IGNORECASE)
_POWER = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5}


def read_money(value: Any) -> Decimal:
    """A price in US dollars: text with or without ``$``, or a number. Raises `ValueError`."""
    text = str(value).strip().removeprefix("$") if not isinstance(value, bool) else ""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"not a price: {value!r}") from None
    if not amount.is_finite():
        raise ValueError(f"not a price: {value!r}")
    return amount


def read_cpu(value: Any) -> int | float:
    """A number of virtual CPUs: text or a number. Raises `ValueError`."""
    amount = read_money(value)
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def read_memory(value: Any) -> int:
    """Bytes of ``"3.75GB"`` (decimal units), ``"4GiB"`` (binary ones) or a number of bytes.

    Raises `ValueError`.
    """
    match = _MEMORY.fullmatch(str(value)) if not isinstance(value, bool) else None
    if match is None:
        raise ValueError(f"not an amount of memory: {value!r}")
    number, prefix, binary = match.groups()
    unit = (1024 if binary else 1000) ** _POWER[prefix.upper()]
    return int(Decimal(number) * unit)


def read_time(value: Any) -> datetime:
    """An instant with its time zone: RFC 3339 text, or seconds since the epoch.

    Text without a zone is UTC. Raises `ValueError`.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (OverflowError, OSError) as error:
            raise ValueError(f"not a time: {value!r}") from error
    if not isinstance(value, str):
        raise ValueError(f"not a time: {value!r}")  # noqa: TRY004 - one error for every bad value
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
