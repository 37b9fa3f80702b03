"""--region is checked wherever it is given, and lists show only what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox

HERE, ABROAD = "us-central-dfw-1", "uk-lon-1"


def test_lists_show_only_what_is_in_the_region(
    rsspot: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    for name, region in (("home", HERE), ("away", ABROAD)):
        assert rsspot("cloudspaces", "create", name, "--region", region).status == 0
        found = rsspot("classes", "--region", region, "-o", "name").out.split()
        server_class = next(each for each in found if each.startswith("gp.vs1.medium"))
        create = ("pools", "create", "spot", name, "--class", server_class, "--bid", "0.03")
        assert rsspot(*create, "--count", "1").status == 0
    sandbox.advance(minutes=30)
    for name, other, region in (("home", "away", HERE), ("away", "home", ABROAD)):
        for command in (("pools", "list"), ("servers",), ("cloudspaces", "list")):
            done = rsspot(*command, "--region", region, "-o", "json")
            assert done.status == 0
            assert f'"{name}"' in done.out
            assert f'"{other}"' not in done.out
    assert rsspot("servers", "home", "--region", ABROAD, "-o", "json").out.strip() == "[]"
    assert rsspot("vms", "pools", "list", "--region", ABROAD, "-o", "json").out.strip() == "[]"


@pytest.mark.parametrize("region", ["us-central-dfw2", "nowhere"])
def test_a_profile_is_not_added_with_a_region_that_does_not_exist(
    rsspot: Callable[..., Any], home: Path, region: str
) -> None:
    done = rsspot("config", "add", "lab", "--org", "acme", "--region", region)
    assert done.status == 2
    assert f"--region is '{region}', but there is no such region" in done.err
    assert not [*home.glob(".config/rsspot/*")]
    assert rsspot("config", "add", "lab", "--org", "acme", "--region", HERE).status == 0


def test_a_region_that_cannot_be_checked_is_added_with_a_warning(
    rsspot: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    sandbox.faults.add("status", path="/oauth/token", status=400)
    done = rsspot("config", "add", "lab", "--org", "acme", "--region", "nowhere")
    assert done.status == 0
    assert "--region is not checked" in done.err
