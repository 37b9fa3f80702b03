"""What is live: `rsspot top`, --watch and `rsspot events --follow`; also in a real terminal."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from fcntl import ioctl
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.cli.app import run as run_command
from rsspot.cli.session import Session
from rsspot.flow.clock import Clock
from tests.cli.conftest import PROGRAM, Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

LARGE = "gp.vs2.large-dfw2"
ENTER, LEAVE = "\x1b[?1049h", "\x1b[?1049l"


class Steps(Clock):
    """A clock whose waits do what happens in the meantime; then somebody presses Ctrl-C."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self.steps = list(steps)
        self.waits: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        if not self.steps:
            raise KeyboardInterrupt
        self.steps.pop(0)()


@pytest.fixture
def demo(rsspot: Callable[..., Any], sandbox: SpotSandbox) -> Callable[..., Any]:
    """A cloudspace with a pool that wins and one that loses."""
    rsspot("cloudspaces", "create", "demo", "--region", "us-central-dfw-2")
    for bid, key in (("0.22", "a"), ("0.04", "b")):
        rsspot(
            "pools", "create", "spot", "demo", "--class", LARGE, "--bid", bid,
            "--count", "2", "--key", key,
        )  # fmt: skip
    sandbox.advance(minutes=30)
    return rsspot


@pytest.fixture
def live(sandbox: SpotSandbox, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs a live command with steps in its waits; returns its status and what it wrote."""

    def run(*arguments: str, steps: Any = (), terminal: bool = True, width: int = 80) -> Any:
        clock = Steps(*steps)
        out, err = Stream(terminal=terminal), Stream(terminal=terminal)
        with monkeypatch.context() as patch:
            patch.setenv("COLUMNS", str(width))
            patch.setenv("LINES", "40")
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            options = {**sandbox.client_options(), "clock": clock}
            status = run_command(arguments, Session(**options))
        return status, out.getvalue(), err.getvalue(), clock.waits

    return run


@pytest.mark.parametrize("width", [50, 80, 200])
def test_top_shows_what_is_losing_first(
    demo: Callable[..., Any], live: Callable[..., Any], width: int
) -> None:
    del demo
    status, out, err, waits = live("top", "--no-color", width=width)
    assert (status, err, waits) == (0, "", [15.0])
    assert out.startswith(ENTER)
    assert out.rstrip().endswith(LEAVE)
    frame = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", out).replace("\r", "")
    for part in ("2 pools: 1 losing, 0 at risk; 2 servers missing", "USD an hour now", "RISK"):
        assert part in " ".join(frame.split())
    assert frame.index("losing  ") < frame.index("safe  ")
    assert max(map(len, frame.splitlines())) <= width


def test_top_is_shown_once_where_there_is_no_terminal(demo: Callable[..., Any]) -> None:
    shown = demo("top")
    assert (shown.status, "\x1b" in shown.out) == (0, False)
    assert "2 servers missing" in shown.out
    assert demo("top", "--once", terminal=True).out.startswith("2 pools")
    assert json.loads(demo("top", "-o", "json").out)["per_hour"]["maximum"] == "0.52"


LISTS = (
    ("regions",), ("classes",), ("prices",), ("prices", "percentiles"), ("prices", "elsewhere"),
    ("servers",), ("orgs",), ("events",), ("cost",), ("cloudspaces", "list"), ("pools", "list"),
    ("vms", "list"), ("vms", "pools", "list"), ("vms", "keys", "list"),
)  # fmt: skip


@pytest.mark.parametrize("command", LISTS, ids=" ".join)
def test_every_list_can_be_watched(live: Callable[..., Any], command: tuple[str, ...]) -> None:
    status, out, _, waits = live(*command, "--watch", "--interval", "30s", steps=[lambda: None])
    assert (status, waits) == (0, [30.0, 30.0])
    assert out.count("UTC, every 30 s: rsspot ") == 2


def test_a_watched_list_follows_the_world_and_signs_in_once(
    demo: Callable[..., Any], live: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    del demo
    before = len([r for r in sandbox.requests if r.path == "/oauth/token"])
    status, out, _, _ = live(
        "cloudspaces", "list", "--watch", "-o", "name", terminal=False,
        steps=[lambda: None, lambda: None],
    )  # fmt: skip
    assert (status, out) == (0, "demo\n")
    assert len([r for r in sandbox.requests if r.path == "/oauth/token"]) == before + 1


def test_trouble_is_shown_and_makes_the_pauses_longer(
    demo: Callable[..., Any], live: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    del demo

    def fail() -> None:
        sandbox.faults.add("status", path="spotnodepools", status=429, retry_after="900")

    status, out, _, waits = live("pools", "list", "--watch", steps=[fail, sandbox.faults.clear])
    assert status == 0
    assert "(next try in " in out
    assert waits[1] >= 899
    assert waits[-1] == 15.0
    sandbox.faults.add("status", path="spotnodepools", status=403)
    status, out, err, _ = live("pools", "list", "--watch")
    assert status == 4
    assert LEAVE in out
    assert "Error: " in err


def test_an_interval_that_asks_too_often_is_refused(live: Callable[..., Any]) -> None:
    for interval in ("0", "0.2s", "often"):
        status, out, err, _ = live("regions", "--watch", "--interval", interval)
        assert (status, out) == (2, "")
        assert "--interval is" in err


def test_events_are_followed_without_a_gap(
    demo: Callable[..., Any], live: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    listed = [item["text"] for item in json.loads(demo("events", "-o", "json").out)]

    def later() -> None:
        demo("cloudspaces", "create", "new", "--region", "uk-lon-1")

    status, out, _, _ = live("events", "--follow", "-o", "json", terminal=False, steps=[later])
    assert status == 0
    texts = [json.loads(line)["text"] for line in out.splitlines()]
    assert texts[: len(listed)] == listed[::-1]
    assert any("new" in text for text in texts[len(listed) :])
    assert len(texts) == len(json.loads(demo("events", "-o", "json").out))


def test_followed_events_say_when_they_cannot_be_read_and_when_they_can_again(
    demo: Callable[..., Any], live: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    def fail() -> None:
        sandbox.faults.add("status", path="events", status=429, retry_after="900")

    def recover() -> None:
        sandbox.faults.clear()
        demo("cloudspaces", "create", "new", "--region", "uk-lon-1")

    steps = [fail, recover, lambda: None]
    status, out, err, waits = live("events", "-f", "-o", "json", terminal=False, steps=steps)
    assert status == 0
    first, last = err.splitlines()
    assert first.startswith("Warning: Events cannot be read, which is tried again: ")
    assert last == "Events can be read again"
    assert waits[1] >= 899
    assert any("new" in json.loads(line)["text"] for line in out.splitlines())


@pytest.mark.parametrize("width", [50, 80, 200])
def test_top_in_a_real_terminal_ends_with_an_interrupt(
    demo: Callable[..., Any], reach: SpotSandbox, width: int
) -> None:
    del demo, reach
    child, terminal = pty.fork()
    if child == 0:  # pragma: no cover - another process
        os.execv(PROGRAM, ["rsspot", "top", "--interval", "1s"])  # noqa: S606 - our own program
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, width, 0, 0))
    text = _read_until(terminal, "USD an hour now", 60)
    text += _read_until(terminal, "\x1b[J", 60)
    os.kill(child, signal.SIGINT)
    text += _read_until(terminal, LEAVE, 60)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
    assert text.index(ENTER) < text.index("losing") < text.index(LEAVE)
    assert "Traceback" not in text
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")
    assert max(map(len, plain.splitlines())) <= width


def _read_until(terminal: int, what: str, seconds: float) -> str:
    """Read from a terminal until some text arrives."""
    ends = time.monotonic() + seconds
    text = ""
    while what not in text and time.monotonic() < ends:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                text += os.read(terminal, 65536).decode("utf-8", "replace")
            except OSError:  # the other end is closed
                break
    assert what in text, text
    return text
