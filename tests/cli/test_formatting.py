"""Formatting: one bad value never hides the rest of a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot.cli.output.column import Column
from rsspot.cli.output.formatting import counted, format_money, format_value
from rsspot.cli.output.table import table
from rsspot.models import PricePoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.cli.output.column import Columns
    from rsspot.sandbox import SpotSandbox

EXTREME: list[Any] = [
    datetime.min.replace(tzinfo=UTC),
    datetime.max.replace(tzinfo=UTC),
    datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    datetime.max.replace(tzinfo=timezone(-timedelta(hours=14))),
    Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("1e999999"), Decimal("1e-999999"),
    10**5000, float("nan"), float("inf"), "\ud800", "\x1b[2J", "a\nb", {"a": 10**5000}, [[[]]],
]  # fmt: skip


WHAT: Columns[Any] = (Column("WHAT", lambda item: item),)


@pytest.mark.parametrize("zone", ["UTC", "America/Chicago", "Pacific/Kiritimati", "Nowhere/At"])
@pytest.mark.parametrize("value", EXTREME, ids=lambda value: type(value).__name__)
def test_no_value_takes_down_a_list(value: Any, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        shown = table([value, "second"], WHAT, 80, color=False).splitlines()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert shown[0] == "WHAT"
    assert shown[-1] == "second"


@given(st.lists(st.decimals() | st.none() | st.sampled_from([Decimal("0.004"), Decimal(5)])))
def test_money_is_written_whatever_it_is_and_prices_keep_their_places(
    amounts: list[Decimal | None],
) -> None:
    written = format_money([*amounts, Decimal("0.05")])
    assert len(written) == len(amounts) + 1
    assert Decimal(written[-1]) == Decimal("0.05")
    assert len(written[-1]) <= len("0.") + 9


def test_a_cell_that_cannot_be_read_is_a_question_mark() -> None:
    def broken(_: str) -> str:
        raise AttributeError("no such thing")

    columns: Columns[str] = (Column("N", str), Column("X", broken))
    shown = table(["a", "b"], columns, 80, color=False)
    assert shown.splitlines() == ["N  X", "a  ?", "b  ?"]


def test_a_time_the_local_calendar_does_not_reach_is_in_utc(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import time

    monkeypatch.setenv("TZ", "America/Chicago")
    time.tzset()
    try:
        assert format_value(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01 00:00 UTC"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("when", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_history_with_an_extreme_time_is_drawn_or_listed(
    rsspot: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    def history(*_: Any, **__: Any) -> list[PricePoint]:
        return [
            PricePoint(time=datetime.fromisoformat(when), price=Decimal("0.01")),
            PricePoint(time=datetime(2026, 1, 1, tzinfo=UTC), price=Decimal("1e400")),
        ]

    monkeypatch.setattr("rsspot.resources.pricing.Pricing.history", history)
    for options in ((), ("--plot",), ("--list",)):
        done = rsspot("prices", "history", "gp.vs2.medium-dfw2", *options, terminal=True)
        assert done.status == 0, done.err


def test_a_server_with_a_time_from_before_the_calendar_is_listed(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rsspot("cloudspaces", "create", "demo", "--region", "us-central-dfw-2").status == 0
    monkeypatch.setattr(
        "rsspot.models.Cloudspace.created_at", datetime.min.replace(tzinfo=UTC), raising=False
    )
    assert "demo" in rsspot("cloudspaces", "list", terminal=True, width=200).out


def test_one_is_one_and_none_are_many() -> None:
    assert [counted(n, "VM is", "VMs are") for n in (0, 1, 2)] == [
        "0 VMs are",
        "1 VM is",
        "2 VMs are",
    ]
