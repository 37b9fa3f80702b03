"""The command line against a sandbox: in this process, or as the installed program."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from rsspot import SpotClient
from rsspot.cli.app import run as run_command
from rsspot.cli.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

PROGRAM = Path(sys.executable).with_name("rsspot")


class Ended(NamedTuple):
    """How a command ended."""

    status: int
    out: str
    err: str


class Stream(io.StringIO):
    """A stream that may be a terminal."""

    def __init__(self, text: str = "", *, terminal: bool = False) -> None:
        super().__init__(text)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, without the settings of the person who runs the tests."""
    for name in list(os.environ):
        if "SPOT" in name or name in {"NO_COLOR", "FORCE_COLOR", "KUBECONFIG", "COLUMNS", "LINES"}:
            monkeypatch.delenv(name)
    for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("TERM", "xterm-256color")
    return tmp_path


@pytest.fixture
def rsspot(sandbox: SpotSandbox, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    """Runs a command in this process; its waits move the sandbox's clock."""
    options = sandbox.client_options()

    def run(*arguments: str, terminal: bool = False, width: int = 80, answer: str = "") -> Ended:
        out, err = Stream(terminal=terminal), Stream(terminal=terminal)
        with monkeypatch.context() as patch:
            patch.setenv("COLUMNS", str(width))
            patch.setattr(sys, "stdin", Stream(answer, terminal=terminal))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            status = run_command(arguments, Session(**options))
        return Ended(status, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def machines(sandbox: SpotSandbox) -> SpotSandbox:
    """A sandbox with four VMs."""
    with SpotClient(**sandbox.client_options()) as spot:
        spot.vm_cloudspaces.create("vms", region="us-central-dfw-2")
        spot.vm_pools.create(
            "vms", server_class="gp.vs2.medium-dfw2", desired=4, pool_type="ondemand"
        )
    sandbox.advance(minutes=60)
    return sandbox


@pytest.fixture
def reach(sandbox: SpotSandbox, monkeypatch: pytest.MonkeyPatch) -> SpotSandbox:
    """The environment that makes programs use the sandbox."""
    for name in ("BASE_URL", "OAUTH_URL", "PUBLIC_DATA_URL"):
        monkeypatch.setenv(f"RSSPOT_{name}", sandbox.url)
    monkeypatch.setenv("RSSPOT_REFRESH_TOKEN", sandbox.refresh_token)
    return sandbox


@pytest.fixture
def program() -> Callable[..., Ended]:
    """Runs the installed `rsspot`."""

    def run(*arguments: str, answer: str = "") -> Ended:
        done = subprocess.run(
            [PROGRAM, *arguments],
            check=False,
            capture_output=True,
            text=True,
            input=answer,
            timeout=60,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    return run
