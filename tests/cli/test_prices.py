"""Looking around: regions, classes, prices, their history, and what to bid."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEDIUM = "gp.vs2.medium-dfw2"


def test_prices_are_narrowed_and_cheapest_first(rsspot: Callable[..., Any]) -> None:
    narrowed = (
        "prices", "--region", "us-central-dfw-2", "--category", "general purpose",
        "--min-cpu", "4", "--min-memory", "8GB", "--max-price", "$1", "-o", "json",
    )  # fmt: skip
    found = json.loads(rsspot(*narrowed).out)
    assert found
    prices = [Decimal(item["status"]["spotPricing"]["marketPricePerHour"]) for item in found]
    assert prices == sorted(prices)
    assert {item["spec"]["category"] for item in found} == {"General Purpose"}
    assert all(int(item["spec"]["resources"]["cpu"]) >= 4 for item in found)


def test_amounts_that_are_not_numbers_are_refused(rsspot: Callable[..., Any]) -> None:
    for option, text in (("--max-price", "cheap"), ("--max-price", "nan"), ("--min-memory", "x")):
        done = rsspot("prices", option, text)
        assert (done.status, done.out) == (2, "")
        assert f"{option} is {text!r}" in done.err


def test_options_of_the_list_are_not_silently_ignored(rsspot: Callable[..., Any]) -> None:
    done = rsspot("prices", "--max-price", "1", "percentiles")
    assert done.status == 2
    assert "These options do not apply to `prices percentiles`" in done.err


def test_a_history_is_listed_when_piped_and_drawn_on_a_terminal(rsspot: Callable[..., Any]) -> None:
    listed = rsspot("prices", "history", MEDIUM).out.splitlines()
    assert listed[0].split() == ["TIME", "PRICE"]
    drawn = rsspot("prices", "history", MEDIUM, terminal=True, width=70).out
    assert "⠑" in drawn or "⡇" in drawn
    assert "\x1b[" in drawn
    assert f"({len(listed) - 1} auctions)" in drawn
    plain = rsspot("prices", "history", MEDIUM, "--plot", "--no-color", width=70).out
    assert "\x1b" not in plain
    assert max(map(len, plain.splitlines()[:-1])) <= 70


def test_a_history_begins_at_the_requested_time(rsspot: Callable[..., Any]) -> None:
    everything = json.loads(rsspot("prices", "history", MEDIUM, "-o", "json").out)
    middle = everything[len(everything) // 2]["time"]
    later = json.loads(rsspot("prices", "history", MEDIUM, "--since", middle, "-o", "json").out)
    assert later == everything[len(everything) // 2 :]
    done = rsspot("prices", "history", MEDIUM, "--since", "someday")
    assert (done.status, done.out) == (2, "")
    assert "--since is 'someday', which is not a time" in done.err


def test_one_auction_can_be_drawn_too(rsspot: Callable[..., Any]) -> None:
    last = json.loads(rsspot("prices", "history", MEDIUM, "-o", "json").out)[-1]["time"]
    assert "(1 auctions)" in rsspot("prices", "history", MEDIUM, "--plot", "--since", last).out


def test_percentiles_and_other_clouds(rsspot: Callable[..., Any]) -> None:
    assert (
        MEDIUM in rsspot("prices", "percentiles", "--region", "us-central-dfw-2", "-o", "name").out
    )
    assert "cloud-a" in rsspot("prices", "elsewhere", "--region", "us-central-dfw-2").out


def test_a_bid_is_explained(rsspot: Callable[..., Any]) -> None:
    shown = rsspot("bid", MEDIUM, "--percentile", "90").out
    assert "USD an hour for gp.vs2.medium-dfw2" in shown
    assert "90th percentile" in shown
    bid = json.loads(rsspot("bid", MEDIUM, "--percentile", "90", "-o", "json").out)
    assert rsspot("bid", MEDIUM, "--percentile", "90", "-o", "name").out == f"{bid['price']}\n"
    assert Decimal(bid["price"]) >= Decimal(bid["percentile_price"])


def test_the_details_of_a_class_are_shown(rsspot: Callable[..., Any]) -> None:
    shown = rsspot("classes", MEDIUM).out
    assert "memory              3.75 GB\n" in shown
    assert "memory text" not in shown
    assert len(json.loads(rsspot("classes", "--region", "us-central-dfw-2", "-o", "json").out)) > 1


def test_what_does_not_exist_is_not_found(rsspot: Callable[..., Any]) -> None:
    for command in (("classes", "nope"), ("bid", "nope"), ("prices", "history", "nope")):
        done = rsspot(*command)
        assert (done.status, done.out) == (6, "")
        assert "nope" in done.err
        assert "Traceback" not in done.err
    assert rsspot("classes", "nope").err.endswith("not found\nHint: `rsspot classes` lists them\n")


@pytest.mark.parametrize("width", [50, 80, 200])
def test_a_chart_uses_the_width_and_names_its_lines_and_its_zone(
    rsspot: Callable[..., Any], width: int
) -> None:
    chart = rsspot(
        "prices", "history", MEDIUM, "--bid", "0.012", terminal=True, width=width
    ).out.splitlines()
    plain = [re.sub("\x1b\\[[0-9;]*m", "", line) for line in chart]
    assert max(map(len, plain)) == width
    text = "\n".join(plain)
    for label in ("80%", "bid 0.012", "floor", "USD an hour", " UTC", "cut off"):
        assert label in text


def test_a_chart_is_ascii_where_the_terminal_cannot_write_more(
    rsspot: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("LANG", "C"), ("LC_ALL", "POSIX"), ("LC_CTYPE", "de_DE.ISO-8859-1")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            for command in (("prices", "history", MEDIUM), ("bid", MEDIUM, "--backtest", "1d")):
                drawn = rsspot(*command, terminal=True).out
                assert "+---" in drawn
                assert drawn.isascii()


def test_a_chart_is_ascii_where_the_output_is(
    reach: Any, monkeypatch: pytest.MonkeyPatch, program: Callable[..., Any]
) -> None:
    del reach
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    drawn = program("prices", "history", MEDIUM, "--plot").out
    assert "+---" in drawn
    assert drawn.isascii()


def test_pictures_of_several_classes_are_written_to_files(
    rsspot: Callable[..., Any], tmp_path: Path
) -> None:
    svg, html = tmp_path / "a.svg", tmp_path / "a.html"
    other = "ch.vs2.medium-dfw2"
    done = rsspot(
        "prices", "history", MEDIUM, other, "--bid", "0.02", "--svg", str(svg), "--html", str(html)
    )
    assert (done.status, done.out) == (0, "")
    assert svg.read_text("utf-8").startswith("<svg xmlns=")
    assert svg.read_text("utf-8") in html.read_text("utf-8")
    for name in (MEDIUM, other, "bid 0.02"):
        assert name in svg.read_text("utf-8")


def test_the_histories_of_several_classes_are_listed_with_their_names(
    rsspot: Callable[..., Any],
) -> None:
    lines = rsspot("prices", "history", MEDIUM, "ch.vs2.medium-dfw2", "--since", "1h").out
    assert lines.splitlines()[0].split() == ["CLASS", "TIME", "PRICE"]
    assert {line.split()[0] for line in lines.splitlines()[1:]} == {MEDIUM, "ch.vs2.medium-dfw2"}


def test_a_backtest_says_how_much_history_it_rests_on(rsspot: Callable[..., Any]) -> None:
    shown = rsspot("bid", MEDIUM, "--backtest", "30d", terminal=True).out
    assert "share of the time won" in shown
    assert "30 d were asked for, but the feed begins at" in " ".join(shown.split())
    found = json.loads(rsspot("bid", MEDIUM, "--backtest", "12h", "-o", "json").out)
    assert found["requested_seconds"] == 12 * 3600
    assert [Decimal(item["bid"]) for item in found["results"]] == sorted(
        Decimal(item["bid"]) for item in found["results"]
    )
    chosen = rsspot("bid", MEDIUM, "--backtest", "1d", "--bid", "0.02", "-o", "name").out
    assert chosen == "0.02\n"


def test_a_backtest_refuses_what_is_no_period_or_bid(rsspot: Callable[..., Any]) -> None:
    for arguments, problem in (
        (("--backtest", "30"), "'30', which has no unit"),
        (("--backtest", "soon"), "'soon', which is not a duration"),
        (("--backtest", "1d", "--bid", "0.0001"), "prices start at 0.001"),
        (("--bid", "0.02"), "--bid applies to a backtest only"),
    ):
        done = rsspot("bid", MEDIUM, *arguments)
        assert (done.status, done.out) == (2, "")
        assert problem in done.err
