"""Arguments that are durations, checked in one place."""

from __future__ import annotations

from rsspot.errors import InvalidInput
from rsspot.shapes import type_name

__all__ = ["MAXIMUM", "check_seconds"]

MAXIMUM = 100 * 365 * 86400.0
"""A hundred years, which can be added to any current date."""


def _shown(value: object) -> str:
    if isinstance(value, float) or (isinstance(value, int) and value.bit_length() < 64):  # noqa: PLR2004
        return repr(value)
    return "a larger one" if isinstance(value, int) else type_name(value)


def check_seconds(argument: str, value: float, *, above_zero: bool = False) -> float:
    """Return a duration in seconds, as a float.

    argument: its name, for the message.
    value: from 0 to a hundred years.
    above_zero: whether 0 is refused as well.

    Raises `InvalidInput` for anything else: NaN, infinities, negative numbers, other types.
    """
    if type(value) in {int, float} and 0 <= value <= MAXIMUM and (value or not above_zero):
        return float(value)
    least = "above 0" if above_zero else "of at least 0"
    what = f"a number of seconds {least} and below a hundred years"
    raise InvalidInput(f"{argument} must be {what}, not {_shown(value)}", argument=argument)
