"""`rsspot plan`."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

WANTED = ("--cpus", "16", "--memory", "64GB", "--regions", "us-central-dfw-2")


@pytest.mark.parametrize("width", [50, 80, 200])
def test_a_plan_shows_pools_reasons_and_commands(rsspot: Callable[..., Any], width: int) -> None:
    shown = rsspot("plan", *WANTED, "--pools", "2..4", "--no-color", terminal=True, width=width).out
    text = " ".join(shown.split())
    for part in (
        "16 CPUs, 64 GB of memory in us-central-dfw-2 (balanced)", "based on 1 d of price history",
        "the best of all combinations", "interruptions a week",
        "To buy these pools, run:", "AT MOST",
    ):  # fmt: skip
        assert part in text
    commands = [line for line in shown.splitlines() if line.startswith("  rsspot ")]
    assert len(commands) >= 3
    rest = [line for line in shown.splitlines() if line not in commands]
    assert max(map(len, rest)) <= width


def test_the_commands_of_a_plan_buy_it_once(rsspot: Callable[..., Any]) -> None:
    shown = rsspot("plan", *WANTED).out
    commands = [line for line in shown.splitlines() if line.startswith("  rsspot ")]
    for line in (*commands, *commands[1:]):
        done = rsspot(*shlex.split(line)[1:])
        assert done.status == 0, done.err
    pools = json.loads(rsspot("pools", "list", "-o", "json").out)
    assert len(pools) == len(commands) - 1


def test_a_plan_is_applied_once(rsspot: Callable[..., Any]) -> None:
    rsspot("cloudspaces", "create", "demo", "--region", "us-central-dfw-2")
    apply = ("plan", "--cpus", "8", "--cloudspace", "demo", "--apply")
    first, again = rsspot(*apply, "-o", "name"), rsspot(*apply, "-o", "name")
    assert (first.status, again.status) == (0, 0)
    assert first.out == again.out
    assert rsspot("pools", "list", "-o", "name").out == first.out


def test_a_plan_that_is_not_possible_says_what_is(rsspot: Callable[..., Any]) -> None:
    done = rsspot("plan", *WANTED, "--budget", "1/month")
    assert (done.status, done.out) == (2, "")
    assert "the budget of 0.00" in done.err
    assert "Hint: Allow a budget of " in done.err
    assert "Add --cloudspace" in rsspot("plan", *WANTED, "--apply").err
    assert json.loads(rsspot("plan", *WANTED, "-o", "json").out)["is_exact"] is True


def test_a_plan_is_tried_without_buying_anything(rsspot: Callable[..., Any]) -> None:
    rsspot("cloudspaces", "create", "demo", "--region", "us-central-dfw-2")
    done = rsspot("plan", "--cpus", "8", "--cloudspace", "demo", "--apply", "--dry-run")
    assert done.status == 0
    assert "POST" in done.out + done.err
    assert json.loads(rsspot("pools", "list", "-o", "json").out) == []
