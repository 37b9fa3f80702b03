"""What of a list is shown: columns that are chosen and sorted, CSV, wide tables, narrow ones."""

from __future__ import annotations

import csv
import io
import re
import sys
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from rsspot.cli.output.column import Column
from rsspot.cli.output.formatting import format_time
from rsspot.cli.output.selection import order
from rsspot.cli.output.table import table
from rsspot.cli.output.terminal import Terminal
from rsspot.cli.output.text_width import shorten_ids, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

DFW = ("--region", "us-central-dfw-2")
MEDIUM = "gp.vs2.medium-dfw2"
FULL = "11111111-d96c-4add-a839-9826c4c00b8e"
OTHER = "22222222-d96c-4add-a839-9826c4c00b8e"
LOSING = "is above your bid 0.01"


@pytest.fixture
def pools(rsspot: Callable[..., Any], sandbox: SpotSandbox) -> str:
    """A cloudspace with a pool that has all its servers, and one that loses."""
    name = "production-web"
    assert rsspot("cloudspaces", "create", name, *DFW, "--wait").status == 0
    for pool, bid in ((FULL, "0.11"), (OTHER, "0.01")):
        made = rsspot(
            *("pools", "create", "spot", name, "--class", MEDIUM, "--bid", bid),
            *("--count", "2", "--name", pool),
        )
        assert made.status == 0
    for _ in range(60):
        sandbox.advance(minutes=15)
        problems = rsspot("pools", "list", "-o", "wide").out
        if LOSING in problems and "0/2" in problems:
            return name
    raise AssertionError("no auction was lost")


@pytest.mark.parametrize("width", [80, 100])
def test_pools_keep_cloudspace_and_class_at_80_columns(
    rsspot: Callable[..., Any], pools: str, width: int
) -> None:
    done = rsspot("--no-color", "pools", "list", terminal=True, width=width)
    lines = done.out.splitlines()
    assert max(map(len, lines)) <= width
    assert lines[0].split()[:3] == ["NAME", "CLOUDSPACE", "CLASS"]
    assert "BID" in lines[0]
    assert "NOW" in lines[0]
    assert [line.split()[1:3] for line in lines[1:3]] == [[pools, MEDIUM]] * 2
    assert {len(line.split()[0]) for line in lines[1:3]} == {8}


@pytest.mark.parametrize("width", [50, 80, 200])
def test_a_pool_that_loses_says_why_at_every_width(
    rsspot: Callable[..., Any], pools: str, width: int
) -> None:
    done = rsspot("--no-color", "pools", "list", terminal=True, width=width)
    assert " ".join(done.out.split()).count(LOSING) == 1
    assert LOSING in " ".join(rsspot("pools", "get", OTHER[:6]).out.split())


def test_what_is_not_complete_is_not_green(rsspot: Callable[..., Any], pools: str) -> None:
    full, losing = sorted(
        (line for line in rsspot("pools", "list", terminal=True).out.splitlines() if pools in line),
        key=lambda line: "0/2" in line,
    )
    assert "\x1b[32m2/2\x1b[0m" in full
    assert "\x1b[32m" not in losing
    assert "\x1b[31m0/2\x1b[0m" in losing


def test_short_ids_and_keys_are_accepted_by_every_command_on_pools(
    rsspot: Callable[..., Any], pools: str
) -> None:
    short = rsspot("pools", "list", "-o", "name").out.split()[0][:8]
    assert rsspot("pools", "get", short.upper(), "-o", "name").out.startswith(short)
    assert rsspot("pools", "bid", "1111", "0.09", "-o", "name").out == f"{FULL}\n"
    assert rsspot("pools", "get", FULL[:6], "--columns", "bid_price").out == "bid price  0.090\n"


def test_chosen_columns_are_shown_in_their_order(rsspot: Callable[..., Any]) -> None:
    done = rsspot("prices", *DFW, "--columns", "now, Class,min-bid,on_demand")
    assert done.out.splitlines()[0].split() == ["NOW", "CLASS", "MIN", "BID", "ON", "DEMAND"]
    narrow = rsspot("prices", "--columns", "class,region,category", terminal=True, width=30)
    assert max(cell_len(line) for line in narrow.out.splitlines() if "\x1b" not in line) <= 30
    assert "too narrow" not in narrow.out


@pytest.mark.parametrize("option", ["--columns", "--sort"])
def test_a_column_that_does_not_exist_is_refused_with_a_suggestion(
    rsspot: Callable[..., Any], option: str
) -> None:
    done = rsspot("regions", option, "naem")
    assert (done.status, done.out) == (2, "")
    assert f"{option} is 'naem', and there is no such column" in done.err
    assert "Did you mean 'name'?" in done.err
    assert rsspot("regions", option, "").status == 2
    assert "Known names: name, description" in rsspot("regions", option, "zzz").err


def test_options_that_do_not_fit_together_are_refused(rsspot: Callable[..., Any]) -> None:
    assert rsspot("regions", "--columns", "name", "-o", "json").status == 2
    assert rsspot("classes", MEDIUM, "--sort", "name").status == 2


def test_numbers_are_sorted_as_numbers_and_the_unknown_comes_last(
    rsspot: Callable[..., Any],
) -> None:
    by_memory = rsspot("prices", *DFW, "-o", "csv", "--columns", "memory", "--sort", "memory")
    sizes = [int(line) for line in by_memory.out.splitlines()[1:]]
    assert sizes == sorted(sizes)
    by_price = rsspot("prices", "-o", "csv", "--columns", "now", "--sort=-now", "--no-headers")
    prices = [Decimal(line) for line in by_price.out.splitlines()]
    assert prices == sorted(prices, reverse=True)
    columns = (Column[Any]("VALUE", lambda item: item),)
    assert order([None, 10, "", 9], columns, "value") == [9, 10, None, ""]
    assert order([None, 9, 10], columns, "-value") == [10, 9, None]
    assert order(["b", 2, "A"], columns, "value") == [2, "A", "b"]


def test_csv_is_exact(rsspot: Callable[..., Any], pools: str) -> None:
    rows = list(csv.DictReader(io.StringIO(rsspot("pools", "list", "-o", "csv").out)))
    assert {len(row["NAME"]) for row in rows} == {36}
    assert {row["BID"] for row in rows} == {"0.11", "0.01"}
    space = next(csv.DictReader(io.StringIO(rsspot("cloudspaces", "list", "-o", "csv").out)))
    assert datetime.fromisoformat(space["CREATED"]).tzinfo is not None
    one = next(csv.DictReader(io.StringIO(rsspot("cloudspaces", "get", pools, "-o", "csv").out)))
    assert datetime.fromisoformat(one["created_at"]).tzinfo is not None


def test_a_wide_table_has_all_columns_on_a_narrow_terminal(rsspot: Callable[..., Any]) -> None:
    narrow = rsspot("prices", "-o", "wide", "--no-color", terminal=True, width=40)
    assert narrow.out == rsspot("prices").out


def test_titles_can_be_left_out(rsspot: Callable[..., Any]) -> None:
    head, *lines = rsspot("regions").out.splitlines()
    assert head.startswith("NAME")
    assert rsspot("regions", "--no-headers").out.splitlines() == lines
    assert rsspot("regions", "--no-headers", "-o", "csv").out.startswith("aus-syd-1,")


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_command_to_copy_is_not_broken_into_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    shown = Screen()
    monkeypatch.setattr(sys, "stderr", shown)
    Terminal().note("Stopped. To continue, run: rsspot registrations run --target omni/prod")
    assert shown.getvalue().count("\n") == 1
    Terminal().note("Stopped, and the progress of every VM is recorded in the ledger.")
    assert shown.getvalue().count("\n") == 3


def test_text_is_wrapped_at_words() -> None:
    text = "OnDemandNodePool was created by someone"
    assert wrap(text, 16) == ["OnDemandNodePool", "was created by", "someone"]
    assert wrap("aaaa bbbbbbbb", 4) == ["aaaa", "bbbb", "bbbb"]
    assert wrap("aaaa bbbbbbbb", 4, split=False) == ["aaaa", "bbbbbbbb"]
    sentences = Column[str]("WHAT", lambda item: item, wraps=True)
    length = Column[str]("N", len)
    lines = table([text], (length, sentences), 30, color=False).splitlines()
    assert lines == [" N  WHAT", "39  OnDemandNodePool was", "    created by someone"]


def test_ids_are_shortened_as_far_as_they_can_be_told_apart() -> None:
    first, second = "12345678-aaaa-4aaa-8aaa-aaaaaaaaaaaa", "12345678-abaa-4aaa-8aaa-aaaaaaaaaaaa"
    assert shorten_ids([first, "workers"]) == ["12345678", "workers"]
    assert shorten_ids([first, second]) == ["12345678-aa", "12345678-ab"]
    assert shorten_ids([f"Pool {first} was created"]) == ["Pool 12345678 was created"]


@pytest.mark.parametrize(("zone", "shown"), [("UTC", "UTC"), ("America/Chicago", "CST")])
def test_every_time_has_a_zone(zone: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert format_time(datetime(2026, 1, 2, 12, tzinfo=UTC)).endswith(f" {shown}")
    finally:
        monkeypatch.undo()
        time.tzset()
    assert format_time(datetime.max.replace(tzinfo=UTC) - timedelta(days=2)).endswith(" UTC")


def test_events_show_times_as_every_other_list(rsspot: Callable[..., Any], pools: str) -> None:
    done = rsspot("events", "--limit", "1", terminal=True, width=50)
    assert re.search(r"\n(\x1b\[\d+m)?\d{4}-\d\d-\d\d \d\d:\d\d UTC ", done.out)
