"""The examples run as they are, against a local Spot, and say what they promise."""

from __future__ import annotations

import functools
import os
import runpy
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient

import rsspot
from rsspot.sandbox import SpotSandbox
from rsspot.sandbox.world import ClientClock
from tests.docs.pages import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXAMPLES = ROOT / "docs" / "examples"
PRINTED = {
    "cluster.py": "It costs at most",
    "prices.py": " now 0.0",
    "report.py": "cloudspace,region,USD an hour now,USD an hour at most",
    "service.py": "us-central-dfw-2: ",
}
"""Programs that run by themselves, and a part of what they print."""
ELSEWHERE = {"omni.py"}
"""Programs that other tests run."""


CLOCK = """
import functools, json, os, time, urllib.request
import rsspot


class Clock:
    moved = 0.0

    def now(self):
        return time.time() + self.moved

    def monotonic(self):
        return time.monotonic() + self.moved

    def sleep(self, seconds):
        self.moved += seconds
        body = json.dumps({"seconds": seconds}).encode()
        url = os.environ["RSSPOT_BASE_URL"] + "/_sandbox/advance"
        kind = {"Content-Type": "application/json"}
        urllib.request.urlopen(urllib.request.Request(url, body, kind))


rsspot.SpotClient = functools.partial(rsspot.SpotClient, clock=Clock())
"""
"""The first cell of a notebook in a test: its waits move the clock of the local Spot."""


@pytest.fixture
def sandbox() -> Iterator[SpotSandbox]:
    with SpotSandbox(seed=1) as running:
        yield running


@pytest.fixture
def environment(
    sandbox: SpotSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The environment of somebody whose rsspot is set up for a local Spot."""
    settings = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "RSSPOT_BASE_URL": sandbox.url,
        "RSSPOT_OAUTH_URL": sandbox.url,
        "RSSPOT_PUBLIC_DATA_URL": sandbox.url,
        "RSSPOT_REFRESH_TOKEN": sandbox.refresh_token,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return {**os.environ, **settings}


def test_there_are_six_programs_and_two_notebooks_and_each_is_run() -> None:
    programs = {path.name for path in EXAMPLES.glob("*.py")}
    assert programs == {*PRINTED, *ELSEWHERE, "test_scaling.py"}
    assert len(programs) >= 6
    assert len(list(EXAMPLES.glob("*.ipynb"))) == 2


@pytest.mark.parametrize("name", PRINTED)
def test_a_program_runs_as_it_stands(
    environment: dict[str, str],
    sandbox: SpotSandbox,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    clock = ClientClock(sandbox.clock)
    for kind in ("SpotClient", "AsyncSpotClient"):
        monkeypatch.setattr(
            rsspot, kind, functools.partial(getattr(rsspot, kind), clock=clock), raising=False
        )
    monkeypatch.setattr(sys, "argv", [name])
    runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    assert PRINTED[name] in capsys.readouterr().out


def test_the_tests_of_the_example_pass(environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir"]
    done = subprocess.run(
        [*command, str(tmp_path), "-c", os.devnull, str(EXAMPLES / "test_scaling.py")],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "5 passed" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.ipynb")), ids=lambda path: path.name)
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
def test_a_notebook_runs_from_top_to_bottom(
    environment: dict[str, str], tmp_path: Path, path: Path
) -> None:
    formats: Any = nbformat
    notebook = formats.read(path, as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "outputs are not committed"
    notebook.cells.insert(0, formats.v4.new_code_cell(CLOCK))
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [
        output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])
    ]
    assert any("text/html" in data for data in shown), "something to look at"
