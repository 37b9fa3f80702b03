"""The page about registration in the terminal: its commands, with the example for Omni, all run.

Rules: docs/rules.md#registered-once, docs/rules.md#join-tokens.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import SpotClient
from rsspot.cli.app import run
from rsspot.sandbox import SpotSandbox
from tests.docs.pages import ROOT, Page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = Page(ROOT / "docs" / "registration-cli.md")
STANDIN = ROOT / "tests" / "registration" / "omni_standin.py"
SERVER = "url of a database"


@pytest.fixture
def omni(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the example, Omni's programs on PATH, and three VMs; what Omni knows."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("omnictl", "talosctl"):
        shutil.copy(STANDIN, programs / name)
        (programs / name).chmod(0o755)
    shutil.copy(ROOT / "docs" / "examples" / "omni.py", tmp_path)
    with SpotSandbox(seed=1) as sandbox:
        with SpotClient(**sandbox.client_options()) as spot:
            spot.vm_cloudspaces.create("vms", region="us-central-dfw-2")
            spot.vm_pools.create(
                "vms", server_class="gp.vs2.medium-dfw2", desired=3, pool_type="ondemand"
            )
        sandbox.advance(minutes=60)
        settings = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "XDG_STATE_HOME": str(tmp_path / "state"),
            "OMNI_STANDIN": str(tmp_path / "omni.json"),
            "OMNI_SIDEROLINK_URL": "https://example.omni.siderolabs.io",
            "RSSPOT_BASE_URL": sandbox.url,
            "RSSPOT_OAUTH_URL": sandbox.url,
            "RSSPOT_PUBLIC_DATA_URL": sandbox.url,
            "RSSPOT_REFRESH_TOKEN": sandbox.refresh_token,
        }
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.chdir(tmp_path)
        yield tmp_path / "omni.json"


def known(omni: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(omni.read_text())
    return found


def given(command: str, *more: str) -> int:
    program, *words = shlex.split(command)
    assert program == "rsspot"
    return run([*words, *more])


RUN = next(command for command in PAGE.commands() if command.startswith("rsspot registrations run"))


def test_the_example_registers_each_machine_with_omni_once(omni: Path) -> None:
    assert given(RUN) == 0
    machines = known(omni)["machines"]
    assert len(machines) == 3
    assert all(len(names) == 1 for names in machines.values())
    tokens = known(omni)["tokens"]
    assert len(tokens) == 3
    assert not any(
        token in word for call in known(omni)["calls"] for word in call for token in tokens
    )
    assert given(RUN) == 0
    assert known(omni)["machines"] == machines


def test_another_attempt_finds_the_token_of_the_first(omni: Path, tmp_path: Path) -> None:
    down = tmp_path / "omni.json.down"
    down.touch()
    assert given(RUN, "--max-attempts", "1") == 9
    down.unlink()
    real = tmp_path / "bin" / "talosctl"
    real.rename(tmp_path / "bin" / "real")
    real.write_text("#!/bin/sh\necho 'no route to host' >&2; exit 1\n")
    real.chmod(0o755)
    assert given("rsspot registrations retry --all") == 0
    assert given(RUN, "--max-attempts", "1") == 9
    (tmp_path / "bin" / "real").rename(real)
    assert given("rsspot registrations retry --all") == 0
    assert given(RUN) == 0
    assert len(known(omni)["tokens"]) == 3


def test_the_error_of_omni_is_in_the_record(
    omni: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "omni.json.down").touch()
    given(RUN, "--max-attempts", "1")
    capsys.readouterr()
    given("rsspot registrations list -o json")
    for record in json.loads(capsys.readouterr().out):
        assert record["error"] == (
            "ProgramFailed: omni.py asked for another attempt: omnictl: "
            "rpc error: code = Unavailable desc = connection refused"
        )


def test_every_command_of_the_page_runs(
    omni: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given(RUN)
    capsys.readouterr()
    given("rsspot registrations list -o json")
    server = json.loads(capsys.readouterr().out)[0]["server"]
    for command in PAGE.commands():
        if not command.startswith("rsspot ") or "--watch" in command:
            continue
        said = command.replace("vm-1", server).replace(
            "postgresql://rsspot@db.example/fleet", str(tmp_path / "fleet.db")
        )
        # What is registered cannot be skipped, and is opened again only when that is confirmed.
        expected = {"skip": 9, "reopen": 2}.get(shlex.split(said)[2], 0)
        assert given(said) == expected, command


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is no package of Python")
@pytest.mark.parametrize(
    ("address", "status", "out", "err"),
    [
        ("192.0.2.10", 0, {"machine": "vm-1", "joined_at": "192.0.2.10"}, ""),
        ("", 75, None, "vm-1 has no address yet\n"),
    ],
)
def test_the_step_in_bash_does_what_it_says(
    address: str, status: int, out: dict[str, str] | None, err: str
) -> None:
    step = json.loads(PAGE.text.split("```json\n")[1].split("```")[0])
    step["record"]["address"] = address
    done = subprocess.run(
        [ROOT / "docs" / "examples" / "submit.sh"],
        input=json.dumps(step),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (status, err)
    assert (json.loads(done.stdout) if done.stdout else None) == out
