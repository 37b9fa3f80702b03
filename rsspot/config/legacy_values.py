"""Read values as rsspot 0.3.0 did: numbers and flags may be text."""

from __future__ import annotations

from typing import Any

__all__ = ["as_flag", "as_number", "as_whole", "is_mask"]

FLAGS = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0"), False),
}


def as_number(value: Any) -> Any:
    """Return a number, also from text; anything else unchanged."""
    if isinstance(value, bool):
        return value
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        return value


def as_whole(value: Any) -> Any:
    """Return a whole number, also from text; anything else unchanged."""
    number = as_number(value)
    whole = isinstance(number, float) and number.is_integer()
    return int(number) if whole else value


def as_flag(value: Any) -> Any:
    """Return true or false, also from a word, 0 or 1; anything else unchanged."""
    return FLAGS.get(str(value).strip().lower(), value) if isinstance(value, str | int) else value


def is_mask(value: Any) -> bool:
    """Return whether a token is masked: 0.3.0 wrote asterisks in place of tokens."""
    return isinstance(value, str) and bool(value) and not value.strip("*")
