"""Pools have names of people; labels and taints are edited; several things are deleted at once."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

DFW = ("--region", "us-central-dfw-2")
MEDIUM = ("--class", "gp.vs2.medium-dfw2")


@pytest.fixture
def pools(rsspot: Callable[..., Any]) -> None:
    assert rsspot("cloudspaces", "create", "demo", *DFW).status == 0
    for name in ("web", "db"):
        made = rsspot("pools", "create", "spot", "demo", *MEDIUM, "--bid", "0.06", "--name", name)
        assert made.status == 0


def test_a_pool_is_created_found_and_shown_by_its_name(
    rsspot: Callable[..., Any], pools: None
) -> None:
    shown = rsspot("pools", "list", "-o", "csv", "--columns", "name,id", "--no-headers").out
    names = dict(line.split(",") for line in shown.splitlines())
    assert set(names) == {"web", "db"}
    assert {str(uuid.UUID(item)) for item in names.values()} == set(names.values())
    assert rsspot("pools", "get", "web", "-o", "name").out == f"{names['web']}\n"
    again = ("pools", "create", "spot", "demo", *MEDIUM, "--bid", "0.06")
    assert rsspot(*again, "--name", "web").status == 5  # it exists
    assert rsspot(*again, "--key", "web", "-o", "name").out == f"{names['web']}\n"
    chosen = str(uuid.uuid4())
    assert rsspot(*again, "--name", chosen, "-o", "name").out == f"{chosen}\n"
    assert rsspot(*again, "--name", "x", "--key", "y").status == 2


def test_what_a_deletion_lists_has_the_names_of_people(
    rsspot: Callable[..., Any], pools: None
) -> None:
    listed = rsspot("cloudspaces", "delete", "demo", "--yes").err
    assert "\n  cloudspace demo in us-central-dfw-2, 0 servers\n" in listed
    assert "\n  spot pool web, bid 0.060, has 0/1\n" in listed
    assert "\n  spot pool db, bid 0.060, has 0/1\n" in listed


def test_labels_are_set_and_removed(rsspot: Callable[..., Any], pools: None) -> None:
    assert rsspot("pools", "label", "web", "tier=a", "team=b=c").status == 0
    assert rsspot("pools", "label", "web", "tier-", "x=").status == 0
    shown = rsspot("pools", "get", "web", "-o", "jsonpath={.spec.customLabels}").out
    assert shown == '{"team":"b=c","x":""}\n'
    for wrong in ("tier", "=a", "-", "a=1 a=2"):
        assert rsspot("pools", "label", "web", *wrong.split()).status == 2, wrong


def test_taints_are_set_and_removed(rsspot: Callable[..., Any], pools: None) -> None:
    first = ("spot=true:NoSchedule", "old:NoExecute", "old:NoSchedule")
    assert rsspot("pools", "taint", "web", *first).status == 0
    assert rsspot("pools", "taint", "web", "spot=no:NoSchedule", "old:NoExecute-").status == 0
    path = "jsonpath={range .spec.customTaints[*]}{.key}={.value}:{.effect} {end}"
    assert rsspot("pools", "get", "web", "-o", path).out == "spot=no:NoSchedule old=:NoSchedule \n"
    gone = rsspot("pools", "taint", "web", "other-")
    assert gone.status == 2
    assert "It has: spot:NoSchedule, old:NoSchedule" in gone.err
    assert rsspot("pools", "taint", "web", "spot-", "old-").status == 0


def test_several_pools_are_deleted_at_once_or_none(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, pools: None
) -> None:
    assert rsspot("pools", "delete", "web", "nothing", "--yes").status == 6
    assert "DELETE" not in {item.method for item in sandbox.requests}
    done = rsspot("pools", "delete", "web", "db", "web", "--yes", "--wait")
    assert (done.status, done.err.count("has been deleted.")) == (0, 2)
    assert rsspot("pools", "list", "-o", "json").out == "[]\n"


def test_several_cloudspaces_are_checked_before_one_is_deleted(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, pools: None
) -> None:
    assert rsspot("cloudspaces", "create", "other", *DFW).status == 0
    for command in (("other", "nothing"), ("other", "demo")):  # demo has pools
        assert rsspot("cloudspaces", "delete", *command, "--yes").status in {2, 6}
    assert "DELETE" not in {item.method for item in sandbox.requests}
    question = rsspot("cloudspaces", "delete", "other", "demo", "--cascade")
    assert "Delete cloudspace other, cloudspace demo with its 2 pools?" in question.err
    done = rsspot("cloudspaces", "delete", "other", "demo", "--cascade", "--yes")
    assert done.status == 0
    assert rsspot("cloudspaces", "list", "-o", "json").out == "[]\n"
