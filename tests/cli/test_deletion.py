"""Deletion: pools are never left behind without a decision, and an interrupt shows what is left."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rsspot.sandbox import SpotSandbox

DFW = ("--region", "us-central-dfw-2")
MEDIUM = ("--class", "gp.vs2.medium-dfw2")
KINDS: dict[str, list[tuple[str, ...]]] = {
    "cloudspaces": [
        ("pools", "create", "spot", "demo", *MEDIUM, "--bid", "0.06", "--count", "2"),
        ("pools", "create", "ondemand", "demo", *MEDIUM),
        ("pools", "create", "autopilot", "demo", "--vcpus", "4", "--budget", "0.5"),
    ],
    "vms": [("vms", "pools", "create", "demo", *MEDIUM, "--bid", "0.06")],
}
NOUN = {"cloudspaces": "Cloudspace", "vms": "VM cloudspace"}


def made(rsspot: Callable[..., Any], owner: str, pools: int | None = None) -> list[str]:
    done = rsspot(owner, "create", "demo", *DFW, "--wait")
    assert done.status == 0, done.err
    names: list[str] = []
    for command in KINDS[owner][:pools]:
        done = rsspot(*command, "-o", "name")
        assert done.status == 0, done.err
        names.append(done.out.strip())
    return names


def sent(sandbox: SpotSandbox) -> list[str]:
    return [item.path for item in sandbox.requests if item.method == "DELETE"]


@pytest.mark.parametrize("owner", KINDS)
def test_pools_are_never_left_behind_without_a_decision(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, owner: str
) -> None:
    names = made(rsspot, owner)
    for options in (["--yes"], ["--yes", "--wait"], []):
        done = rsspot(owner, "delete", "demo", *options, terminal=not options, answer="y\n")
        assert done.status == 2
        assert f"{NOUN[owner]} demo has {len(names)} pool" in done.err
        assert "which would continue to cost money" in done.err
        assert "Use --cascade to delete them too, or --keep-pools to keep them" in done.err
        for name in names:
            assert name in done.err.partition("Kept, and continues to cost money:")[2]
        assert "bid 0.060, has " in done.err
    assert sent(sandbox) == []


@pytest.mark.parametrize("owner", KINDS)
def test_pools_that_are_kept_are_named_and_not_deleted(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, owner: str
) -> None:
    names = made(rsspot, owner)
    done = rsspot(owner, "delete", "demo", "--keep-pools", "--yes", "--wait")
    assert done.status == 0
    assert all(name in done.err.partition("Kept")[2] for name in names)
    assert [path.rsplit("/", 1)[1] for path in sent(sandbox)] == ["demo"]
    # The pools that were left can still be taken, though their owner is gone.
    done = rsspot(owner, "delete", "demo", "--cascade", "--yes")
    assert done.status == 0, done.err
    listed = rsspot(*(["pools", "list"] if owner == "cloudspaces" else ["vms", "pools", "list"]))
    assert listed.err == "Nothing found.\n"


@pytest.mark.parametrize("owner", KINDS)
def test_a_cascade_lists_everything_it_deletes_before_it_asks(
    rsspot: Callable[..., Any], sandbox: SpotSandbox, owner: str
) -> None:
    names = made(rsspot, owner)
    done = rsspot(owner, "delete", "demo", "--cascade", terminal=True, answer="n\n")
    assert done.status == 1
    goes = done.err.partition("To be deleted:")[2]
    assert all(name in goes for name in ["demo in us-central", *names])
    assert f"demo with its {len(names)} pool" in done.err
    assert sent(sandbox) == []
    assert rsspot(owner, "delete", "demo", "--cascade", "--yes").status == 0


@pytest.mark.parametrize("owner", KINDS)
def test_a_missing_owner_is_not_found(rsspot: Callable[..., Any], owner: str) -> None:
    for options in ((), ("--cascade",), ("--keep-pools",)):
        done = rsspot(owner, "delete", "nothing", "--yes", *options)
        assert done.status == 6, done
        assert (
            f"There is no {NOUN[owner][0].lower() if owner == 'cloudspaces' else 'V'}" in done.err
        )
    both = rsspot(owner, "delete", "nothing", "--yes", "--cascade", "--keep-pools")
    assert (both.status, both.out) == (2, "")
    assert "cannot be used together" in both.err


@pytest.fixture
def started(reach: SpotSandbox) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts a command in a process that obeys SIGINT; the clock of the sandbox is stopped."""
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        program = (
            "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
            f"from rsspot.cli import main; sys.exit(main({[*arguments]!r}))"
        )
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", program],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.communicate()


def until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")


@pytest.mark.parametrize("owner", KINDS)
def test_an_interrupted_cascade_shows_what_is_left_and_how_to_continue(
    rsspot: Callable[..., Any],
    sandbox: SpotSandbox,
    started: Callable[..., subprocess.Popen[str]],
    owner: str,
) -> None:
    (pool,) = made(rsspot, owner, 1)
    running = started(owner, "delete", "demo", "--cascade", "--yes")
    until(lambda: len(sent(sandbox)) > 0)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (130, "")
    assert "The deletion has stopped. Being deleted: spot pool" in err
    assert pool in err.partition("Being deleted:")[2]
    assert f"Not deleted: {NOUN[owner][0].lower() if owner == 'cloudspaces' else 'V'}" in err
    assert err.endswith(f"To continue, run: rsspot {owner} delete demo --cascade\nInterrupted.\n")
    # The message is true: the owner still exists, and the command deletes the rest.
    assert rsspot(owner, "get", "demo").status == 0
    assert rsspot(owner, "delete", "demo", "--cascade", "--yes").status == 0


def test_a_failed_cascade_shows_what_is_left(
    rsspot: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    made(rsspot, "cloudspaces", 1)
    done = rsspot("cloudspaces", "delete", "demo", "--cascade", "--yes", "--timeout", "0")
    assert done.status == 7
    assert "Not deleted: cloudspace demo" in done.err
    assert "To continue, run: rsspot cloudspaces delete demo --cascade" in done.err


def test_the_outcome_of_an_interrupted_write_is_reported_as_unknown(
    sandbox: SpotSandbox, started: Callable[..., subprocess.Popen[str]]
) -> None:
    fault = sandbox.faults.add("latency", seconds=30.0, method="POST", path="cloudspaces", times=1)
    running = started("cloudspaces", "create", "demo", *DFW)
    until(lambda: fault.times == 0)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (130, "")
    assert err.startswith("Interrupted.\nIt is not known whether POST ")
    assert err.endswith("Before you try again, run `rsspot cloudspaces list`.\n")
