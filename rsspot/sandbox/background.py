"""A sandbox for one command, or in the background of a shell."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from rsspot.sandbox import SpotSandbox

__all__ = ["environment", "run_against", "start_in_background"]

SIGNALLED = 128
PASSED_ON = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
NOT_FOUND, NOT_EXECUTABLE = 127, 126
"""The exit statuses of shells for a command that cannot be run."""


def environment(sandbox: SpotSandbox) -> dict[str, str]:
    """Return the environment variables that make rsspot use the sandbox."""
    return {
        "RSSPOT_BASE_URL": sandbox.url,
        "RSSPOT_OAUTH_URL": sandbox.url,
        "RSSPOT_PUBLIC_DATA_URL": sandbox.url,
        "RSSPOT_REFRESH_TOKEN": sandbox.refresh_token,
    }


def run_against(sandbox: SpotSandbox, command: Sequence[str]) -> int:
    """Run a command against a sandbox, with a state file of its own; return its exit status."""
    with tempfile.TemporaryDirectory(prefix="rsspot-sandbox-") as folder:
        settings = {**environment(sandbox), "RSSPOT_STATE_PATH": str(Path(folder) / "state.db")}
        try:
            with _passed_on() as pass_on_to:
                process = subprocess.Popen(  # noqa: S603 - the command of the user
                    command, env={**os.environ, **settings}
                )
                pass_on_to(process)
                status = process.wait()
        except OSError as error:
            sys.stderr.write(
                f"{command[0]} cannot be run: {error.strerror}. Check its name and your PATH.\n"
            )
            missing = isinstance(error, FileNotFoundError)
            return NOT_FOUND if missing else NOT_EXECUTABLE
    return SIGNALLED - status if status < 0 else status


@contextmanager
def _passed_on() -> Generator[Callable[[subprocess.Popen[bytes]], None]]:
    """Leave it to a command what signals do; yield the function to call with its process.

    A terminal sends an interrupt to the command itself. The handlers are functions, which a new
    program does not inherit: it begins with the default ones.
    """
    started: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def handle(number: int, _frame: object) -> None:
        if number == signal.SIGINT:
            return
        early.append(number)
        for process in started:
            process.send_signal(number)

    def pass_on_to(process: subprocess.Popen[bytes]) -> None:
        started.append(process)
        for number in early:
            process.send_signal(number)

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, *PASSED_ON)}
    try:
        yield pass_on_to
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def start_in_background(options: Sequence[str]) -> int:
    """Start a sandbox in the background, print its settings for a shell, and return a status.

    It ends with the session of the terminal, or on a signal.
    """
    leader = [] if os.name == "nt" else ["--until-exit", str(os.getsid(0))]
    words = [sys.executable, "-m", "rsspot.sandbox", "--port", "0", *options, *leader]
    # It outlives this program, so it must not hold a pipe of the shell open.
    problems = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - it is the process's
    process = subprocess.Popen(  # noqa: S603 - this program
        words,
        stdout=subprocess.PIPE,
        stderr=problems,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    lines: list[str] = []
    for line in process.stdout:
        if line.startswith("export "):
            lines.append(line)
        if line.startswith("Press Ctrl-C"):
            break
    if not lines:
        status = process.wait()
        problems.seek(0)
        sys.stderr.write(problems.read())
        return status
    sys.stdout.write("".join(lines))
    sys.stdout.write(f"export RSSPOT_SANDBOX_PID={process.pid}\n")
    stop = shlex.join(["kill", str(process.pid)])
    sys.stdout.write(f"# To stop it, run: {stop}\n")
    return 0
