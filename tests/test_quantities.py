"""Sizes, durations and rates as people write them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot.errors import InvalidInput
from rsspot.quantities import format_duration, parse_duration, parse_rate, parse_size


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("128GB", 128 * 10**9),
        ("64GiB", 64 * 2**30),
        (" 3.75 gb ", 3_750_000_000),
        ("8Gi", 8 * 2**30),
        ("512MiB", 2**29),
        (4096, 4096),
    ],
)
def test_a_size_is_read(text: Any, expected: int) -> None:
    assert parse_size("memory", text) == expected


@pytest.mark.parametrize(
    "bad", ["128", "GB", "-1GB", "1e3GB", "1GB 2GB", "", -1, 1.5, True, None, "9" * 5000 + "GB"]
)
def test_what_is_no_size_is_refused_with_an_example(bad: Any) -> None:
    with pytest.raises(InvalidInput, match="memory is ") as raised:
        parse_size("memory", bad)
    assert raised.value.argument == "memory"
    assert "8GB" in (raised.value.hint or "")
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30d", 30 * 86400),
        ("24h", 86400),
        ("1h30m", 5400),
        ("2 weeks", 14 * 86400),
        ("1.5 Hours", 5400),
        (90, 90),
        (0.5, 0.5),
        (timedelta(minutes=1), 60),
    ],
)
def test_a_duration_is_read(text: Any, seconds: float) -> None:
    assert parse_duration("since", text) == timedelta(seconds=seconds)


def test_a_bare_number_has_the_unit_of_the_option_or_none() -> None:
    assert parse_duration("timeout", "600", unit="s") == timedelta(minutes=10)
    with pytest.raises(InvalidInput, match=r"since is '600', which has no unit"):
        parse_duration("since", "600")


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "d",
        "-3d",
        "3x",
        "3d3d",
        "1h and 2m",
        "4000d",
        float("nan"),
        float("inf"),
        -1,
        True,
        None,
    ],
)
def test_what_is_no_duration_is_refused_with_an_example(bad: Any) -> None:
    with pytest.raises(InvalidInput, match="since is ") as raised:
        parse_duration("since", bad)
    assert "30d" in (raised.value.hint or "")


@pytest.mark.parametrize(
    ("text", "per_hour"),
    [
        ("0.5/h", "0.5"),
        ("0.5", "0.5"),
        ("$12/day", "0.5"),
        ("365 USD per month", "0.5"),
        ("84/week", "0.5"),
        ("4380/year", "0.5"),
        (Decimal("0.25"), "0.25"),
        (2, "2"),
    ],
)
def test_a_rate_is_read_as_dollars_an_hour(text: Any, per_hour: str) -> None:
    assert parse_rate("budget", text) == Decimal(per_hour)


@pytest.mark.parametrize(
    "bad", ["", "0/h", "-1/h", "1/m", "1/fortnight", "1//h", "nan/h", "1.2.3", True, None, "."]
)
def test_what_is_no_rate_is_refused_with_an_example(bad: Any) -> None:
    with pytest.raises(InvalidInput, match="budget is ") as raised:
        parse_rate("budget", bad)
    assert "0.5/h" in (raised.value.hint or "")


def test_a_rate_in_floating_point_is_refused() -> None:
    wrong: Any = 0.5
    with pytest.raises(InvalidInput, match="cannot hold an exact amount"):
        parse_rate("budget", wrong)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for parse in (parse_size, parse_duration, parse_rate):
        try:
            assert parse("value", text)
        except InvalidInput:
            continue
        except AssertionError:
            assert any(digit == "0" for digit in text)


def test_a_duration_is_written_in_at_most_two_units() -> None:
    texts = [format_duration(seconds) for seconds in (0, 59, 61, 3600, 5400, 90000, 86400 * 30)]
    assert texts == ["0 s", "59 s", "1 min 1 s", "1 h", "1 h 30 min", "1 d 1 h", "30 d"]
