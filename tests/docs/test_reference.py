"""The documentation of each public name says all that a caller has to know."""

from __future__ import annotations

from typing import Any

import pytest

from rsspot.errors import InvalidInput
from tests.docs.reference import errors_of_every_call, public_surface, shortcomings


def test_every_public_part_says_what_it_takes_returns_and_raises() -> None:
    for name, item in public_surface():
        lacks = next(shortcomings(item), None)
        assert lacks is None, f"{name} {lacks}"


def test_the_errors_of_every_call_are_told_once() -> None:
    assert {
        "AuthError",
        "ServerError",
        "ConnectionFailed",
        "ClientClosed",
    } <= errors_of_every_call()


def bad_summary(a: int) -> None:
    """Does things, and
    more things.

    Args:
        a: Number of things.
    """


def undescribed(a: int) -> None:
    """Do things."""


def no_default(a: int | None = None) -> None:
    """Do things.

    Args:
        a: Number of things.
    """


def wrong_default(a: float = 3.0) -> None:
    """Do things.

    Args:
        a: Maximum time in seconds (default: 4).
    """


def no_unit(a: float = 3.0) -> None:
    """Do things.

    Args:
        a: The patience (default: 3).
    """


def too_much(a: int) -> None:
    """Do things.

    Args:
        a: Number of things.
        b: Number of other things.
    """


def no_result() -> int:
    """Do things."""
    return 1


def no_error() -> None:
    """Do things."""
    raise InvalidInput("It is bad")


def no_such_error() -> None:
    """Do things.

    Raises:
        BadThings: If it is bad.
    """


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        (bad_summary, "has no summary"),
        (undescribed, "does not describe `a` in `Args:`"),
        (no_default, "does not describe `a` with its default, None"),
        (wrong_default, "does not describe `a` with its default, 3.0"),
        (no_unit, "does not describe `a` with a unit"),
        (too_much, "describes `b`, which it does not take"),
        (no_result, "does not say what it returns"),
        (no_error, "does not say what it raises"),
        (no_such_error, "raises `BadThings`"),
    ],
)
def test_what_is_missing_is_found(item: Any, problem: str) -> None:
    assert problem in next(shortcomings(item), "")
