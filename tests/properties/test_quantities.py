"""Amounts survive the way from the wire to Python and back, exactly."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from rsspot.errors import InvalidInput
from rsspot.models.quantities import (
    MILL,
    RUNGS,
    format_bid,
    next_rung,
    read_amount,
    read_cpu,
    read_memory,
    read_money,
    read_time,
    read_when,
)

MILLS = st.integers(1, 10**9)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.decimals(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(), st.integers(), max_size=2),
)


@given(MILLS)
def test_a_bid_is_sent_as_it_was_given(mills: int) -> None:
    price = Decimal(mills).scaleb(-3)
    for given_as in (price, f"{price:f}", f"${price:f}", f" {price:f} "):
        sent = format_bid("bid_price", given_as)
        assert Decimal(sent) == price
        assert len(sent.partition(".")[2]) <= 3
        assert set(sent) <= set("0123456789.")


@given(MILLS)
def test_a_decimal_that_was_made_from_a_float_loses_its_noise(mills: int) -> None:
    assume(mills < 10**6)
    assert Decimal(format_bid("b", Decimal(mills / 1000))) == Decimal(mills).scaleb(-3)


@given(st.floats())
def test_a_float_is_never_a_bid(value: float) -> None:
    with pytest.raises(InvalidInput, match="is a float"):
        format_bid("bid_price", value)  # type: ignore[arg-type]  # who has no type checker


@given(MILLS, st.integers(1, 999))
def test_a_bid_of_more_than_three_decimals_is_refused(mills: int, rest: int) -> None:
    with pytest.raises(InvalidInput, match="three decimals"):
        format_bid("bid_price", Decimal(mills).scaleb(-3) + Decimal(rest).scaleb(-6))


@given(ODD)
@example("1e99999999")
@example(Decimal("sNaN"))
@example("Infinity")
def test_what_is_no_bid_is_invalid_input_and_nothing_else(value: Any) -> None:
    caught: InvalidInput | None = None
    try:
        assert Decimal(format_bid("bid_price", value)) > 0
    except InvalidInput as error:
        caught = error
    assert caught is None or (caught.argument == "bid_price" and len(str(caught)) < 400)


@given(st.decimals(min_value="0.001", max_value=10_000, allow_nan=False))
@example(Decimal("0.0040000000000000000000000000001"))
@example(Decimal("100.4200000000000000000000000000001"))
def test_the_next_rung_is_the_least_that_is_enough(price: Decimal) -> None:
    rung = next_rung(price)
    assert rung >= price
    assert rung in RUNGS or (rung - RUNGS[-1]) % Decimal("0.05") == 0
    below = next_rung(rung - Decimal("0.0001"))
    assert below == rung
    assert next_rung(rung) == rung
    format_bid("b", rung)
    plain = next_rung(price, ladder=False)
    # Comparisons are exact, sums are rounded to the precision of the context.
    assert price <= plain
    assert plain == MILL or plain - MILL < price


def test_the_ladder_is_the_one_of_the_fact_sheet() -> None:
    rungs = [next_rung(Decimal(cents).scaleb(-2)) for cents in range(1, 43)]
    assert list(dict.fromkeys(map(str, rungs))) == [
        *("0.01", "0.02", "0.03", "0.04", "0.06", "0.08", "0.10", "0.13", "0.16", "0.19"),
        *("0.22", "0.27", "0.32", "0.37", "0.42"),
    ]


@given(st.decimals(min_value=0, max_value=10**6, places=6), st.sampled_from(["", "$"]))
def test_money_is_read_to_the_last_digit(amount: Decimal, sign: str) -> None:
    assert read_money(f"{sign}{amount:f}") == amount


@given(st.integers(0, 10**9).map(lambda cents: Decimal(cents).scaleb(-2)))
def test_memory_is_read_in_decimal_and_binary_units(amount: Decimal) -> None:
    assert read_memory(f"{amount:f}GB") == int(amount * 10**9)
    assert read_memory(f"{amount:f} GiB") == int(amount * 2**30)
    assert read_memory(f"{amount:f}Gi") == read_memory(f"{amount:f}GiB")
    assert read_memory(f"{amount:f}mb") == int(amount * 10**6)


@given(st.integers(0, 10**15))
def test_memory_without_a_unit_is_bytes(amount: int) -> None:
    assert read_memory(amount) == read_memory(str(amount)) == amount


@given(st.integers(0, 4096), st.booleans())
def test_cpus_are_whole_where_they_are_whole(count: int, half: bool) -> None:  # noqa: FBT001 - drawn
    text = f"{count}.5" if half else str(count)
    value = read_cpu(text)
    assert value == float(text)
    assert isinstance(value, float) is half
    assert read_cpu(count) == count


@given(ODD)
@example("1e99999999")
@example("9" * 5000)
def test_readers_answer_or_raise_value_error(value: Any) -> None:
    for read in (read_money, read_cpu, read_memory, read_time):
        try:
            read(value)
        except ValueError as error:
            assert len(str(error)) < 200  # noqa: PT017 - most values are no such amount


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_come_back(moment: datetime) -> None:
    assert read_time(moment.isoformat().replace("+00:00", "Z")) == moment
    assert read_time(moment.isoformat()).tzinfo is not None
    assert read_when("since", moment) == moment


def test_a_time_without_a_zone_is_utc_and_a_date_its_midnight() -> None:
    midnight = datetime(2026, 1, 2, tzinfo=UTC)
    for given_as in (date(2026, 1, 2), datetime(2026, 1, 2), "2026-01-02", "2 Jan 2026"):  # noqa: DTZ001 - on purpose
        assert read_when("since", given_as) == midnight
    east = datetime(2026, 1, 2, 2, tzinfo=timezone(timedelta(hours=2)))
    assert read_when("since", "2026-01-02T02:00+02:00") == east == midnight


@pytest.mark.parametrize("value", ["soon", "", 5, None, "2026-99-99"])
def test_what_is_no_time_is_invalid_input(value: Any) -> None:
    with pytest.raises(InvalidInput, match=r"since is .* not a time") as caught:
        read_when("since", value)
    assert caught.value.argument == "since"


@pytest.mark.parametrize("value", ["cheap", -1, float("nan"), None])
def test_what_is_no_amount_is_invalid_input(value: Any) -> None:
    with pytest.raises(InvalidInput, match=r"max_price is .* not an amount of 0 or more"):
        read_amount("max_price", value)
    assert read_amount("max_price", 0.1) == Decimal("0.1")
