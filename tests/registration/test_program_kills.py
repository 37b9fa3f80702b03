"""kill -9 of `rsspot registrations run`, again and again: each VM is registered once.

Rules: docs/rules.md#registered-once.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rsspot import SpotClient, StateStore

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox

PROGRAM = Path(sys.executable).with_name("rsspot")
TTL = 1.0
KEY = 'key=$(sed \'s/.*"idempotency_key": "\\([^"]*\\)".*/\\1/\')'
ISSUE = """
[ -e tokens/$key ] || echo "text-of-$key" > tokens/$key
sleep 0.0$(( $$ % 4 ))
echo "{\\"id\\": \\"token-$key\\", \\"text\\": \\"text-of-$key\\"}"
"""
# What honours a key: the folder can be made once, whoever tries.
SUBMIT = """
echo $key >> calls
sleep 0.0$(( $$ % 4 ))
mkdir machines/$key 2> /dev/null && echo $key >> registered
sleep 0.0$(( $$ % 4 ))
"""
VERIFY = "[ -e machines/$key ] || exit 75"


@pytest.fixture(params=["http.client", pytest.param("httpx", marks=pytest.mark.prove)])
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the programs send with one engine: httpx where the extra `fast` is not found."""
    if request.param == "httpx":
        folder = tmp_path / "without-extra"
        folder.mkdir()
        code = "import sys\nsys.modules.update(aiohttp=None, msgspec=None)\n"
        (folder / "sitecustomize.py").write_text(code)
        monkeypatch.setenv("PYTHONPATH", str(folder), prepend=os.pathsep)
    chosen = (
        "from rsspot.senders.transport.engines import engine_for as e; print(e({}, is_async=0))"
    )
    shown = subprocess.run([sys.executable, "-c", chosen], check=True, capture_output=True)
    assert shown.stdout.decode().startswith(f"{request.param} ")


@pytest.fixture
def place(
    sandbox: SpotSandbox,
    engine: None,
    tmp_path: Path,
    state_location: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A folder with the three programs and what they share, and a sandbox with 40 VMs."""
    with SpotClient(**sandbox.client_options()) as spot:
        spot.vm_cloudspaces.create("vms", region="us-central-dfw-2")
        spot.vm_pools.create(
            "vms", server_class="gp.vs2.medium-dfw2", desired=40, pool_type="ondemand"
        )
    sandbox.advance(minutes=60)
    for name, code in (("issue", ISSUE), ("submit", SUBMIT), ("verify", VERIFY)):
        file = tmp_path / f"{name}.sh"
        file.write_text(f"#!/bin/sh\n{KEY}\n{code}")
        file.chmod(0o755)
    (tmp_path / "machines").mkdir()
    (tmp_path / "tokens").mkdir()
    for name in ("BASE_URL", "OAUTH_URL", "PUBLIC_DATA_URL"):
        monkeypatch.setenv(f"RSSPOT_{name}", sandbox.url)
    monkeypatch.setenv("RSSPOT_REFRESH_TOKEN", sandbox.refresh_token)
    monkeypatch.setenv("RSSPOT_STATE_PATH", state_location)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def start() -> subprocess.Popen[str]:
    options = ["--issue-token", "./issue.sh", "--submit", "./submit.sh", "--verify", "./verify.sh"]
    quick = ["--ttl", f"{TTL}s", "--base-delay", "0.05s", "--verify-every", "0.05s"]
    return subprocess.Popen(
        [PROGRAM, "registrations", "run", "--target", "omni", *options, *quick],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def lines(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


def prove(place: Path, *, kills: int, workers: int, machines: int = 40) -> None:
    chance = random.Random(kills)  # noqa: S311 - no secret
    killed = 0
    while killed < kills:
        before = len(lines(place / "calls"))
        aim = max((machines - before) // (kills - killed + 1), 1)
        running = [start() for _ in range(workers)]
        while len(lines(place / "calls")) < before + min(aim, 5):
            time.sleep(0.01)
            assert any(each.poll() is None for each in running)
        for each in running:
            time.sleep(chance.uniform(0, 0.1))
            each.kill()
            each.communicate()
            killed += each.returncode == -9
    left = machines - len(lines(place / "registered"))
    assert left > 0, "the work was done before the last kill"
    running = [start() for _ in range(workers)]
    assert [each.wait(120) for each in running] == [0] * workers
    for each in running:
        each.communicate()
    registered = lines(place / "registered")
    assert len(registered) == len(set(registered)) == machines
    with StateStore(os.environ["RSSPOT_STATE_PATH"]) as store:
        records = store.registrations.list(status="registered")
        assert sorted(each.idempotency_key for each in records) == sorted(registered)
        for record in records:
            history = [line.after for line in store.registrations.audit(record.key)]
            assert (history[0], history[-1]) == ("discovered", "registered")
            assert history.count("registered") == 1
    sys.stdout.write(f"\n{killed} kills, {len(lines(place / 'calls'))} calls of submit\n")


def test_a_run_that_is_killed_goes_on_and_registers_each_vm_once(place: Path) -> None:
    prove(place, kills=3, workers=1)


@pytest.mark.prove
def test_twenty_kills_of_four_runs_register_each_vm_once(place: Path, sandbox: SpotSandbox) -> None:
    with SpotClient(**sandbox.client_options()) as spot:
        for number in range(5):
            spot.vm_pools.create(
                "vms", server_class="gp.vs2.medium-dfw2", desired=40, pool_type="ondemand",
                key=f"more-{number}",
            )  # fmt: skip
    sandbox.advance(minutes=60)
    prove(place, kills=20, workers=4, machines=240)
