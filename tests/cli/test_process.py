"""The process: interrupts from its first line to its last, and streams that are closed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

PROGRAM = Path(sys.executable).with_name("rsspot")

AT_IMPORT = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            {how}
sys.meta_path.insert(0, Interrupt())
sys.argv = ["rsspot", *{arguments!r}]
from rsspot.cli import main
sys.exit(main())
"""
NOW = "os.kill(os.getpid(), signal.SIGINT)"
IN_A_CALLBACK = (
    "import weakref; holder = type('Holder', (), {})(); "
    "ref = weakref.ref(holder, lambda _: os.kill(os.getpid(), signal.SIGINT)); del holder"
)
AT_THE_END = "import atexit; atexit.register(lambda: os.kill(os.getpid(), signal.SIGINT))"


def ran(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("how", [NOW, IN_A_CALLBACK])
@pytest.mark.parametrize(
    "module",
    ["rsspot.cli.app", "typer", "rsspot.cli.session", "rsspot.cli.commands.lists",
     "rsspot.client", "rsspot.config.resolution", "rsspot.resources.regions",
     "rsspot.senders.transport.http", "rsspot.cli.output.rendering"],
)  # fmt: skip
def test_an_interrupt_at_any_moment_shows_one_word_and_no_traceback(
    reach: SpotSandbox, module: str, how: str
) -> None:
    done = ran(AT_IMPORT.format(module=module, how=how, arguments=["regions"]))
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Interrupted.\n")


def test_an_interrupt_after_all_is_done_prints_no_traceback(reach: SpotSandbox) -> None:
    done = ran(
        AT_IMPORT.format(
            module="rsspot.cli.output.rendering", how=AT_THE_END, arguments=["regions"]
        )
    )
    assert "us-central-dfw-2" in done.stdout
    assert done.stderr == "Interrupted.\n"


def test_interrupts_that_are_ignored_stay_ignored(reach: SpotSandbox) -> None:
    code = AT_IMPORT.format(module="rsspot.cli.output.rendering", how=NOW, arguments=["regions"])
    done = ran(code.replace("signal.default_int_handler", "signal.SIG_IGN"))
    assert (done.returncode, done.stderr) == (0, "")


def closed(number: int, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [PROGRAM, *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        preexec_fn=lambda: os.close(number),
    )


def test_a_closed_stdin_is_not_prompted(reach: SpotSandbox) -> None:
    assert closed(0, "regions").returncode == 0
    done = closed(0, "cloudspaces", "delete-me")
    assert b"bug in rsspot" not in done.stderr
    done = closed(0, "login")
    assert done.returncode == 2
    assert b"No refresh token was entered" in done.stderr


@pytest.mark.parametrize("arguments", [["regions"], ["--version"], ["--help"], ["config", "show"]])
def test_a_closed_stdout_is_an_error_of_one_line(reach: SpotSandbox, arguments: list[str]) -> None:
    done = closed(1, *arguments)
    assert done.returncode == 1
    assert done.stderr == b"Error: Cannot write the output: Bad file descriptor\n"


def test_a_closed_stderr_loses_only_its_own_text(reach: SpotSandbox) -> None:
    done = closed(2, "regions", "-o", "json", "-v")
    assert done.returncode == 0
    assert done.stdout.startswith(b"[")
    assert closed(2, "cloudspaces", "get", "nothing").returncode == 6


def test_a_stdin_that_is_not_text_is_refused(reach: SpotSandbox) -> None:
    done = subprocess.run(
        [PROGRAM, "login"], check=False, input=b"\xff\xfe\x00", capture_output=True, timeout=60
    )
    assert done.returncode == 3
    assert b"bug in rsspot" not in done.stderr


@pytest.mark.parametrize("option", ["-v", "--verbose"])
def test_verbose_shows_requests_and_only_debug_shows_where_an_error_arose(
    rsspot: Callable[..., Any], option: str
) -> None:
    done = rsspot("cloudspaces", "get", "nothing", option)
    assert done.status == 6
    assert "GET " in done.err
    assert "Traceback" not in done.err
    done = rsspot("cloudspaces", "get", "nothing", "--debug")
    assert done.err.startswith("Traceback")
