"""Values as rsspot 0.3.0 took them: numbers and flags may be text."""

from __future__ import annotations

from typing import Any

__all__ = ["as_flag", "as_number", "as_whole", "is_mask"]

FLAGS = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0"), False),
}


def as_number(value: Any) -> Any:
    """Return a number, also of text; anything else as it is."""
    if isinstance(value, bool):
        return value
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return value


def as_whole(value: Any) -> Any:
    """Return a whole number, also of text; anything else as it is."""
    number = as_number(value)
    whole = isinstance(number, float) and number.is_integer()
    return int(number) if whole else value


def as_flag(value: Any) -> Any:
    """Return true or false, also of a word or of 0 and 1; anything else as it is."""
    return FLAGS.get(str(value).strip().lower(), value) if isinstance(value, str | int) else value


def is_mask(value: Any) -> bool:
    """Return whether a token is what 0.3.0 writes in place of one: asterisks."""
    return isinstance(value, str) and bool(value) and not value.strip("*")
