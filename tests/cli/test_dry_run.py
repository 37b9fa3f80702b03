"""--dry-run: every command that changes something shows its requests, and changes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox

DFW = ("--region", "us-central-dfw-2")
MEDIUM = ("--class", "gp.vs2.medium-dfw2")

COMMANDS: list[tuple[str, list[str]]] = [
    ("cloudspaces create new --region us-central-dfw-2 --wait", ["POST"]),
    ("cloudspaces update demo --webhook https://example.com/a", ["PATCH"]),
    ("cloudspaces delete demo --cascade", ["DELETE", "DELETE"]),
    ("cloudspaces delete demo --keep-pools --wait", ["DELETE"]),
    ("pools create spot demo --class gp.vs2.medium-dfw2 --bid 0.05 --wait", ["POST"]),
    ("pools create ondemand demo --class gp.vs2.medium-dfw2", ["POST"]),
    ("pools create autopilot demo --vcpus 4 --budget 0.2", ["POST"]),
    ("pools scale workers 3 --wait", ["PATCH"]),
    ("pools bid workers 0.07", ["PATCH"]),
    ("pools delete workers --wait", ["DELETE"]),
    ("vms create other --region us-central-dfw-2 --wait", ["POST"]),
    ("vms delete box --cascade", ["DELETE", "DELETE"]),
    ("vms pools create box --class gp.vs2.medium-dfw2 --bid 0.05", ["POST"]),
    ("vms pools scale machines 2", ["PATCH"]),
    ("vms pools bid machines 0.07", ["PATCH"]),
    ("vms pools delete machines", ["DELETE"]),
    ("vms keys delete me", ["DELETE"]),
    ("api DELETE /apis/ngpc.rxt.io/v1/namespaces/{namespace}/cloudspaces/demo", ["DELETE"]),
]


@pytest.fixture
def account(rsspot: Callable[..., Any], home: Path) -> None:
    public = home / "key.pub"
    public.write_text("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ4dGVzdA me@example\n", "utf-8")
    for command in (
        ("vms", "keys", "add", "me", str(public)),
        ("vms", "create", "box", *DFW, "--wait"),
        ("vms", "pools", "create", "box", *MEDIUM, "--bid", "0.06", "--key", "machines"),
        ("cloudspaces", "create", "demo", *DFW, "--wait"),
        ("pools", "create", "spot", "demo", *MEDIUM, "--bid", "0.06", "--key", "workers"),
    ):
        assert rsspot(*command).status == 0


def test_requests_are_shown_and_nothing_changes(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, account: None
) -> None:
    lists = (("cloudspaces", "list"), ("pools", "list"), ("vms", "list"), ("vms", "keys", "list"))
    before = [rsspot(*command, "-o", "json").out for command in lists]
    for command, methods in COMMANDS:
        first = len(sandbox.requests)
        done = rsspot(*command.split(), "--dry-run", "-o", "json")
        assert done.status == 0, (command, done)
        assert done.err.endswith("the server would accept this. Nothing was changed.\n"), command
        shown = json.loads(done.out)
        assert [item["method"] for item in shown] == methods, command
        assert all(item["checked"] and item["path"].startswith("/apis/") for item in shown)
        for item in sandbox.requests[first:]:
            assert item.method == "GET" or "oauth" in item.path or "dryRun" in item.query, item
    assert [rsspot(*command, "-o", "json").out for command in lists] == before


def test_people_see_the_request_as_it_is_sent(rsspot: Callable[..., Any]) -> None:
    done = rsspot("cloudspaces", "create", "new", *DFW, "--dry-run")
    first, _, body = done.out.partition("\n")
    assert first.startswith("POST /apis/ngpc.rxt.io/v1/namespaces/")
    assert json.loads(body)["metadata"]["name"] == "new"


def test_what_the_server_refuses_is_an_error(rsspot: Callable[..., Any], account: None) -> None:
    done = rsspot("pools", "create", "spot", "demo", *MEDIUM, "--bid", "0.001", "--dry-run")
    assert (done.status, done.out) == (5, "")
    assert "below floor" in done.err


def test_a_request_that_no_dry_run_is_known_for_is_not_sent(
    rsspot: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    done = rsspot("api", "POST", "/elsewhere", "--json", '{"a": 1}', "--dry-run")
    assert (done.status, done.out) == (0, 'POST /elsewhere\n{\n  "a": 1\n}\n')
    assert done.err == "Dry run: nothing was sent, because this server has no dry run.\n"
    assert not any(item.path == "/elsewhere" for item in sandbox.requests)


def test_every_command_that_changes_something_takes_it(rsspot: Callable[..., Any]) -> None:
    for command, _ in COMMANDS:
        words = command.split()
        names = words[: 1 + sum(word in {"pools", "keys", "create", "delete", "scale", "bid",
                                         "update"} for word in words[1:3])]  # fmt: skip
        if words[:2] == ["pools", "create"]:
            names = words[:3]
        assert "--dry-run" in rsspot(*names, "--help").out, names
    assert "--dry-run" not in rsspot("cloudspaces", "list", "--help").out
