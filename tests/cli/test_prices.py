"""Looking around: regions, classes, prices, their history, and what to bid."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

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
    assert f"{len(listed) - 1} auctions since" in drawn
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
    assert (
        ": 1 auctions since" in rsspot("prices", "history", MEDIUM, "--plot", "--since", last).out
    )


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
