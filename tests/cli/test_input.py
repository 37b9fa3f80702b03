"""Input that is probably a mistake is confirmed or refused; it never gives an empty table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox

CLASS, REGION = "gp.vs2.medium-dfw2", "us-central-dfw-2"
ALLOW = "--allow-above-on-demand"


@pytest.fixture
def pools(rsspot: Callable[..., Any]) -> Callable[..., Any]:
    """Runs a command where there are a cloudspace, a VM cloudspace, and pools of each kind."""
    rsspot("cloudspaces", "create", "demo", "--region", REGION)
    rsspot("vms", "create", "vms", "--region", REGION)
    rsspot("pools", "create", "autopilot", "demo", "--vcpus", "4", "--budget", "0.2")
    return rsspot


def _bids(rsspot: Callable[..., Any]) -> list[tuple[str, ...]]:
    bid = ("--class", CLASS, "--bid", "0.05", "-o", "name")
    spot = rsspot("pools", "create", "spot", "demo", *bid)
    vms = rsspot("vms", "pools", "create", "vms", *bid)
    pilot = rsspot("pools", "list", "--kind", "autopilot", "-o", "name").out.strip()
    return [
        ("pools", "create", "spot", "demo", "--class", CLASS, "--bid", "500"),
        ("pools", "create", "autopilot", "demo", "--vcpus", "4", "--budget", "500"),
        ("pools", "bid", spot.out.strip(), "500"),
        ("pools", "bid", pilot, "500"),
        ("vms", "pools", "create", "vms", "--class", CLASS, "--bid", "500"),
        ("vms", "pools", "bid", vms.out.strip(), "500"),
    ]


def test_a_bid_above_the_on_demand_price_is_asked_about(
    pools: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    def writes() -> int:
        methods = [item.method for item in sandbox.requests if item.path.startswith("/apis")]
        return methods.count("POST") + methods.count("PATCH")

    for command in _bids(pools):
        before = writes()
        unasked = pools(*command)
        assert (unasked.status, unasked.out) == (2, "")
        assert "is 500 USD an hour, and" in unasked.err
        assert ALLOW in unasked.err
        assert "allow_above_on_demand=True" not in unasked.err
        declined = pools(*command, terminal=True, answer="n\n")
        assert (declined.status, declined.out.strip()) == (1, "")
        assert "[y/N]" in declined.err
        assert writes() == before
        confirmed = pools(*command, terminal=True, answer="y\n")
        assert confirmed.status == 0
        assert confirmed.err.count("[y/N]") == 1
        assert writes() == before + 1
        assert pools(*command, ALLOW).status == 0


def test_arguments_that_are_wrong_are_reported_before_a_person_is_asked(
    pools: Callable[..., Any],
) -> None:
    spot = ("pools", "create", "spot", "demo", "--class", CLASS)
    for command in (
        (*spot, "--bid", "cheap"),
        (*spot, "--bid", "0.05", "--taint", "no taint"),
        ("pools", "create", "ondemand", "demo", "--class", CLASS, "--label", "no label"),
        ("pools", "create", "autopilot", "demo", "--vcpus", "0", "--budget", "1"),
        ("vms", "pools", "create", "vms", "--class", CLASS, "--bid", "-1"),
    ):
        done = pools(*command, terminal=True, answer="y\n")
        assert (done.status, "[y/N]" in done.err) == (2, False), command


@pytest.mark.parametrize(
    ("command", "status", "text"),
    [
        (("regions", "--region", "us-central-dfw2"), 2, f"Did you mean '{REGION}'?"),
        (("classes", "--region", "dfw"), 2, "--region is 'dfw'"),
        (("prices", "--region", REGION.upper()), 2, f"Did you mean '{REGION}'?"),
        (("prices", "percentiles", "--region", "x"), 2, "`rsspot regions` lists them"),
        (("cloudspaces", "list", "--region", "dfw"), 2, "--region is 'dfw'"),
        (("cloudspaces", "create", "a", "--region", "dfw"), 2, "--region is 'dfw'"),
        (("vms", "list", "--region", "dfw"), 2, "--region is 'dfw'"),
        (("prices", "--category", "gpus"), 2, "--category is 'gpus'"),
        (("prices", "--category", "gpus"), 2, "Did you mean 'GPU'?"),
        (("prices", "--min-memory", "8"), 2, "--min-memory is '8', which has no unit"),
        (("prices", "--min-memory", "3.75"), 2, "Write a size such as 8GB"),
        (("prices", "--min-cpu", "nan"), 2, "--min-cpu is nan"),
        (("servers", "nope"), 6, "There is no cloudspace 'nope'"),
        (("servers", "dem"), 6, "Did you mean 'demo'?"),
        (("pools", "list", "--cloudspace", "dem"), 6, "Did you mean 'demo'?"),
        (("vms", "pools", "list", "vm"), 6, "Did you mean 'vms'?"),
        (("bid", CLASS, "--percentile", "0.8"), 2, "Did you mean 80?"),
        (("bid", CLASS, "--margin", "10"), 2, "--margin is 10"),
        (("pools", "create", "spot", "demo", "--class", CLASS, "--percentile", "0"), 2,
         "--percentile is 0"),
        (("config", "add", "new", "--token-file", "/no/such"), 2,
         "--token-file is not an existing file"),
    ],
)  # fmt: skip
def test_a_wrong_filter_is_an_error(
    pools: Callable[..., Any], command: tuple[str, ...], status: int, text: str
) -> None:
    done = pools(*command)
    assert (done.status, done.out) == (status, "")
    assert text in done.err


def test_a_filter_that_is_right_may_match_nothing(pools: Callable[..., Any]) -> None:
    for command in (
        ("servers", "demo"),
        ("pools", "list", "--cloudspace", "demo", "--kind", "spot"),
        ("prices", "--category", "gpu", "--region", REGION),
        ("prices", "--min-memory", "900TB"),
        ("vms", "pools", "list", "vms"),
    ):
        assert pools(*command).status == 0


def test_an_unknown_region_stops_a_login(
    rsspot: Callable[..., Any], home: Path, sandbox: SpotSandbox
) -> None:
    done = rsspot("login", "--region", "dfw", answer=f"{sandbox.refresh_token}\n")
    assert done.status == 2
    assert "--region is 'dfw'" in done.err
    assert "Did you mean 'us-central-dfw" in done.err
    assert not (home / ".config/rsspot/config.yml").exists()


def test_a_wrong_token_file_is_not_shown(rsspot: Callable[..., Any], home: Path) -> None:
    for value in ("v1.token-that-was-pasted-here", "~nosuchuser/token", str(home), "a\0b"):
        done = rsspot("config", "add", "new", "--token-file", value)
        assert done.status == 2
        assert value not in done.err
    assert not (home / ".config/rsspot/config.yml").exists()


def test_a_catalogue_that_cannot_be_read_stops_no_command(
    pools: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    sandbox.faults.add("status", path="/regions$|/serverclasses", status=403)
    assert pools("cloudspaces", "list", "--region", REGION).status == 0
    bid = ("pools", "create", "spot", "demo", "--class", CLASS, "--bid", "500")
    assert pools(*bid).status == 0
