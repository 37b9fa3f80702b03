"""Commands that cost money ask at a terminal, after they have shown the cost."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import SpotClient
from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

PROGRAM = Path(sys.executable).with_name("rsspot")
CREATE = ("pools", "create", "spot", "demo", "--class", "gp.vs2.medium-dfw2", "--bid", "0.05")


@pytest.fixture
def spot(reach: SpotSandbox) -> Any:
    with SpotClient(**reach.client_options()) as client:
        client.cloudspaces.create("demo", region="us-central-dfw-2", wait=True)
        yield client


def test_a_pool_is_created_after_its_cost_was_shown_and_confirmed(spot: SpotClient) -> None:
    for key, made in (("n", 0), ("y", 1)):
        with Terminal(PROGRAM, *CREATE) as terminal:
            shown = terminal.wait_for("Create this pool? [y/N]")
            assert "a month" in shown
            assert spot.spot_nodepools.list(cloudspace="demo") == []
            terminal.press(f"{key}\r")
            assert terminal.end() == 1 - made
        assert len(spot.spot_nodepools.list(cloudspace="demo")) == made


def test_a_pool_is_scaled_after_its_cost_was_shown_and_confirmed(spot: SpotClient) -> None:
    pool = spot.spot_nodepools.create(
        "demo", server_class="gp.vs2.medium-dfw2", bid_price="0.05", desired=1
    )
    scale = (PROGRAM, "pools", "scale", pool.name[:8], "3")
    with Terminal(*scale) as terminal:
        shown = terminal.wait_for("[y/N]")
        shown = " ".join(shown.split())
        assert "at most 0.15 USD an hour" in shown
        assert f"Change spot pool {pool.name}" in shown
        terminal.press("n\r")
        assert terminal.end() == 1
    assert spot.spot_nodepools.get(pool.name).desired == 1
    with Terminal(*scale, "--yes") as terminal:
        assert terminal.end() == 0
    assert spot.spot_nodepools.get(pool.name).desired == 3


def test_a_script_is_not_asked(spot: SpotClient, program: Callable[..., Any]) -> None:
    done = program(*CREATE, "-o", "name")
    assert done.status == 0, done.err
    assert done.err.startswith("Cost: 1 of gp.vs2.medium-dfw2: ")
    assert len(spot.spot_nodepools.list(cloudspace="demo")) == 1


def test_misspelt_classes_and_pools_are_suggested(
    spot: SpotClient, program: Callable[..., Any]
) -> None:
    wrong = [word.replace("medium", "medum") for word in CREATE]
    done = program(*wrong)
    assert "Did you mean 'gp.vs2.medium-dfw2'?" in done.err
    assert spot.spot_nodepools.list(cloudspace="demo") == []
    assert program(*CREATE, "--name", "workers").status == 0
    done = program("pools", "delete", "worker", "--yes")
    assert (done.status, "Did you mean 'workers'?" in done.err) == (6, True)


def test_a_plan_is_bought_after_it_was_confirmed(spot: SpotClient) -> None:
    buy = ("plan", "--cpus", "4", "--pools", "2", "--nodes", "3", "--cloudspace", "demo", "--apply")
    with Terminal(PROGRAM, *buy) as terminal:
        terminal.wait_for("Create these pools in demo? [y/N]")
        terminal.press("n\r")
        assert terminal.end() == 1
    assert spot.spot_nodepools.list(cloudspace="demo") == []
    with Terminal(PROGRAM, *buy, "--yes") as terminal:
        assert terminal.end() == 0
    assert len(spot.spot_nodepools.list(cloudspace="demo")) == 2
