"""`rsspot registrations` in a real process and in a real terminal: display, --watch, signals.

Rules: docs/rules.md#programs-as-steps, docs/rules.md#registered-once.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import RegistrationWorkflow, StateStore
from tests.cli.terminal import Terminal

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox

PROGRAM = Path(sys.executable).with_name("rsspot")
CTRL_C = "\x03"
TOKEN = '{"id": "t-1", "text": "join-me-secret"}'
RUN = (
    PROGRAM, "registrations", "run", "--target", "omni/prod", "--issue-token", "./issue.sh",
    "--submit", "./submit.sh", "--base-delay", "0.01s", "--max-delay", "0.01s",
)  # fmt: skip
WATCH = (PROGRAM, "registrations", "list", "--watch", "--interval", "0.1")


@pytest.fixture
def place(
    machines: SpotSandbox, reach: SpotSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A folder with programs; `submit.sh` waits until there is a file `go`, at most 30 s."""
    monkeypatch.setenv("RSSPOT_STATE_PATH", str(tmp_path / "state.db"))
    monkeypatch.chdir(tmp_path)
    script(tmp_path, "issue", f"cat > /dev/null; echo '{TOKEN}'")
    wait = "for i in $(seq 300); do [ -e go ] && break; sleep 0.1; done"
    script(tmp_path, "submit", f"cat > /dev/null; touch began; {wait}; touch ended")
    return tmp_path


def script(folder: Path, name: str, code: str) -> None:
    file = folder / f"{name}.sh"
    file.write_text(f"#!/bin/sh\n{code}\n")
    file.chmod(0o755)


def statuses(place: Path) -> list[tuple[str, str | None, int]]:
    with StateStore(place / "state.db") as store:
        found = store.registrations.list()
    return [(str(each.status), each.owner, each.attempts) for each in found]


@pytest.mark.parametrize("width", [50, 80, 200])
def test_the_board_fits_the_terminal_and_leaves_only_the_result(place: Path, width: int) -> None:
    fail = "touch failed; echo 'no route to host, and a very long reason for it' >&2; exit 1"
    once = f"cat > /dev/null; [ -e failed ] || {{ {fail}; }}; echo '{TOKEN}'"
    script(place, "issue", once)
    with Terminal(*RUN, "--concurrency", "1", width=width) as terminal:
        shown = terminal.wait_for(lambda text: "token issued 1" in text and "1 failed" in text)
        lines = shown.splitlines()
        assert lines[0].startswith("Registering VMs with omni/prod ")
        assert lines[1].startswith("  registered   0  ░░░░")
        assert lines[1].endswith("░   0%")
        assert "  discovered   " in shown
        assert "issue.sh exited with " in shown
        (place / "go").touch()
        assert terminal.end() == 0
        assert terminal.widest <= width
        result = terminal.screen.text
        assert "Registering" not in result
        assert "█" not in result
        assert result.startswith("TARGET")
        assert "omni/prod" in result


def test_ctrl_c_ends_after_the_steps_under_way_and_says_how_to_go_on(place: Path) -> None:
    with Terminal(*RUN, "--concurrency", "2") as terminal:
        terminal.wait_for("token issued 2")
        terminal.press(CTRL_C)
        shown = terminal.wait_for("Stopping. Ctrl-C again kills the running steps.")
        assert shown.count("Registering VMs") == 1, "what Ctrl-C echoes must not move the display"
        (place / "go").touch()
        assert terminal.end() == 130
        said = " ".join(terminal.screen.text.split())
        assert "Leases were released" in said
        command = "To continue, run: rsspot registrations run --target omni/prod --issue-"
        assert command.replace(" ", "") in said.replace(" ", ""), "the screen breaks words"
        lines = terminal.written.splitlines()
        (whole,) = [line for line in lines if line.startswith("To continue, run: ")]
        assert whole.endswith("--concurrency 2"), "a command that is copied is one line"
    found = sorted(statuses(place))
    assert found[:2] == [("discovered", None, 0)] * 2
    assert {status for status, _, _ in found[2:]} <= {"submitted", "registered"}
    assert {owner for _, owner, _ in found} == {None}
    done = subprocess.run(RUN, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0


def test_a_second_ctrl_c_kills_the_programs_and_counts_no_failure(place: Path) -> None:
    with Terminal(*RUN, "--concurrency", "2") as terminal:
        terminal.wait_for("token issued 2")
        terminal.press(CTRL_C)
        terminal.wait_for("Stopping.")
        terminal.press(CTRL_C)
        assert terminal.end() == 130
        assert "Leases were released" in " ".join(terminal.screen.text.split())
    assert sorted(statuses(place)) == (
        [("discovered", None, 0)] * 2 + [("token_issued", None, 0)] * 2
    )
    (place / "go").touch()
    time.sleep(0.3)
    assert not (place / "ended").exists(), "a program has outlived its run"


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)
def test_signals_end_a_run_without_a_terminal_too(place: Path, number: int, status: int) -> None:
    program = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        f"from rsspot.cli import main; sys.exit(main({[*map(str, RUN[1:])]!r}))"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not (place / "began").exists():
        time.sleep(0.01)
    running.send_signal(number)
    time.sleep(0.2)
    (place / "go").touch()
    out, err = running.communicate(timeout=60)
    assert (running.returncode, out) == (status, "")
    assert "Stopping. Ctrl-C again kills the running steps." in err
    assert "To continue, run: rsspot registrations run" in err
    assert "Traceback" not in err
    assert all(owner is None for _, owner, _ in statuses(place))


def test_a_closed_terminal_ends_a_run_as_its_signal_says(place: Path) -> None:
    with Terminal(*RUN, "--concurrency", "2") as terminal:
        terminal.wait_for("token issued 2")
        terminal.hang_up()
        time.sleep(0.2)
        (place / "go").touch()
        assert terminal.process.wait(60) == 128 + signal.SIGHUP
    found = sorted(statuses(place))
    assert {owner for _, owner, _ in found} == {None}
    assert [status for status, _, _ in found].count("discovered") == 2


def change(place: Path, *servers: str) -> RegistrationWorkflow:
    """Records that tests change, as another worker would."""
    workflow = RegistrationWorkflow(place / "state.db", target="omni/prod", owner="w")
    where: dict[str, Any] = {"name": "vms", "namespace": "org-a", "uid": "u1"}
    workflow.discover(
        [{"metadata": where, "status": {"assignedServers": {each: {} for each in servers}}}]
    )
    return workflow


def test_watch_follows_the_ledger_on_a_terminal(place: Path) -> None:
    workflow = change(place, "vm-0")
    (record,) = workflow.list()
    with Terminal(*WATCH, width=60, height=12) as terminal:
        shown = terminal.wait_for("discovered")
        assert terminal.screen.is_alternate is True
        assert "all targets: 1 discovered" in shown.splitlines()[0]
        workflow.mark_failed(record, "no route to host and a reason that is far too long for it")
        shown = terminal.wait_for("no route")
        assert record.key[:12] in shown
        change(place, *(f"more-{number}" for number in range(20))).state.close()
        terminal.wait_for("…")
        terminal.press(CTRL_C)
        assert terminal.end() == 0
        assert "discovered" not in terminal.screen.text, "the screen of before is back"
        assert terminal.widest <= 60
    workflow.state.close()


def test_watch_writes_a_line_per_change_elsewhere(place: Path) -> None:
    workflow = change(place, "vm-0")
    (record,) = workflow.list()
    with subprocess.Popen(WATCH, stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout is not None
        assert watching.stdout.readline() == f"{record.key[:12]} vm-0: discovered\n"
        workflow.mark_failed(record, "no route")
        line = watching.stdout.readline()
        assert line == f"{record.key[:12]} vm-0: discovered → failed: no route\n"
        watching.kill()
    workflow.state.close()
