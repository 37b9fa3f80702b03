"""A sandbox for one command, and in the background of a shell."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("rsspot")


def run(*words: str, home: Path) -> subprocess.CompletedProcess[str]:
    known = {name: text for name, text in os.environ.items() if "SPOT" not in name}
    return subprocess.run(
        [str(word) for word in words],
        check=False, capture_output=True, text=True, timeout=60, env={**known, "HOME": str(home)},
    )  # fmt: skip


@pytest.mark.parametrize(
    "start",
    [[str(PROGRAM), "sandbox"], [sys.executable, "-m", "rsspot.sandbox"]],
    ids=["rsspot", "-m"],
)
def test_a_command_runs_against_a_sandbox_and_its_status_is_returned(
    tmp_path: Path, start: list[str]
) -> None:
    done = run(*start, "--seed", "2", "--", str(PROGRAM), "regions", "-o", "name", home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "us-central-dfw-2" in done.stdout.split()
    assert run(*start, "--", "sh", "-c", "exit 7", home=tmp_path).returncode == 7
    assert run(*start, "--", "sh", "-c", "kill -TERM $$", home=tmp_path).returncode == 143
    missing = run(*start, "--", "no-such-program", home=tmp_path)
    assert missing.returncode == 127
    assert "no-such-program cannot be run" in missing.stderr
    assert not list(tmp_path.iterdir())  # nothing is left in the home


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM for programs")
def test_a_command_ends_with_the_sandbox_that_was_made_for_it() -> None:
    script = "trap 'echo ended; exit 5' TERM; echo begun; while :; do sleep 0.05; done"
    with subprocess.Popen(
        [sys.executable, "-m", "rsspot.sandbox", "--", "sh", "-c", script],
        stdout=subprocess.PIPE,
        text=True,
    ) as sandbox:
        assert sandbox.stdout is not None
        assert sandbox.stdout.readline() == "begun\n"
        sandbox.terminate()
        assert sandbox.stdout.read() == "ended\n"
        assert sandbox.wait(20) == 5


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_gets_a_sandbox_in_the_background(tmp_path: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")  # a system package, not one of ours
    start = f"{PROGRAM} sandbox --env"
    evaluate = f"{start} | source" if shell == "fish" else f'eval "$({start})"'
    script = f"{evaluate}; {PROGRAM} regions -o name; echo pid $RSSPOT_SANDBOX_PID"
    done = run(shell, "-c", script, home=tmp_path)
    *names, last = done.stdout.splitlines()
    assert "us-central-dfw-2" in names, done.stderr
    number = int(last.removeprefix("pid "))
    os.kill(number, signal.SIGTERM)
    for _ in range(200):
        if not Path(f"/proc/{number}").exists():
            return
        time.sleep(0.05)
    raise AssertionError("it did not stop")
