"""The installed program: how it starts, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import rsspot_api

import rsspot

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox import SpotSandbox

PROGRAM = Path(sys.executable).with_name("rsspot")


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize(
    ("missing", "arguments"),
    [
        ("typer", ["cloudspaces", "list"]),
        ("jsonpath_rfc9535", ["regions", "-o", "jsonpath={.items}"]),
        ("plotext", ["prices", "history", "gp.vs2.medium-dfw2", "--plot"]),
    ],
)
def test_without_the_extra_it_shows_how_to_install_it(
    missing: str, arguments: list[str], reach: SpotSandbox
) -> None:
    done = python(
        f"import sys; sys.modules[{missing!r}] = None;"
        f"from rsspot.cli import main; sys.exit(main({arguments!r}))"
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Error: The command line is not installed. Run: pip install 'rsspot[cli]'\n"
    )


def test_without_the_sandbox_extra_it_shows_how_to_install_it() -> None:
    done = python(
        "import sys; sys.modules['starlette'] = None;"
        "from rsspot.cli import main; sys.exit(main(['sandbox', '--port', '0']))"
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("pip install 'rsspot[sandbox]'\n")
    assert done.stderr.count("\n") == 1


def test_the_version_is_shown_without_the_extra() -> None:
    done = python(
        "import sys; sys.modules['typer'] = None; from rsspot.cli import main;"
        "sys.exit(main(['--version']))"
    )
    api = f"API {rsspot_api.__version__}, sha256 {rsspot_api.GENERATION_SHA256}"
    assert (done.returncode, done.stdout) == (0, f"rsspot {rsspot.__version__} ({api})\n")


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_version_and_help_import_neither_http_nor_rich(argument: str) -> None:
    done = python(
        f"import sys; from rsspot.cli import main; main([{argument!r}]);"
        "print('loaded', *sys.modules)"
    )
    loaded = set(done.stdout.partition("loaded ")[2].split())
    assert "rsspot.cli" in loaded
    assert not loaded & {"httpx", "rich", "plotext", "rsspot.client", "rsspot_api.client", "ruamel"}


def test_a_list_from_a_warm_cache_loads_neither_http_client_nor_table_library(
    reach: SpotSandbox,
) -> None:
    program = (
        "import sys; from rsspot.cli import main; status = main(['regions', '-o', 'name']);"
        "print('loaded', *sys.modules); sys.exit(status)"
    )
    assert python(program).returncode == 0
    first = len(reach.requests)
    warm = python(program)
    assert warm.stdout.startswith("aus-syd-1\n")
    assert len(reach.requests) == first
    loaded = set(warm.stdout.partition("loaded ")[2].split())
    assert not loaded & {"httpx", "httpcore", "pydantic", "rich", "plotext", "ruamel", "asyncio"}


def test_a_module_that_is_missing_for_another_reason_is_not_hidden() -> None:
    done = python(
        "import sys; sys.modules['rsspot.cli.session'] = None;"
        "from rsspot.cli import main; main(['regions'])"
    )
    assert "rsspot[cli]" not in done.stderr
    assert "rsspot.cli.session" in done.stderr


def test_the_installed_program_works(program: Callable[..., Any], reach: SpotSandbox) -> None:
    done = program("regions", "--output", "json")
    assert (done.status, done.err) == (0, "")
    assert len(json.loads(done.out)) == 8


def test_a_closed_pipe_ends_it_silently(reach: SpotSandbox) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [PROGRAM, "prices"], check=False, stdout=writing, stderr=subprocess.PIPE, timeout=60
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("argument", ["regions", "--version"])
def test_a_full_disk_is_reported_in_one_line(
    reach: SpotSandbox, monkeypatch: pytest.MonkeyPatch, argument: str, unbuffered: str
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [PROGRAM, argument], check=False, stdout=full, stderr=subprocess.PIPE, timeout=60
        )
    assert (done.returncode, done.stderr) == (
        1,
        b"Error: Cannot write the output: No space left on device\n",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_message_that_cannot_be_written_is_no_failure(reach: SpotSandbox) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [PROGRAM, "config", "path", "-o", "json"],
            check=False,
            stdout=subprocess.PIPE,
            stderr=full,
            timeout=60,
        )
    assert done.returncode == 0
    assert json.loads(done.stdout).endswith("config.yml")


def interruptible(*arguments: str) -> subprocess.Popen[str]:
    """The command, in a process that obeys SIGINT also where tests run in the background."""
    program = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        f"from rsspot.cli import main; sys.exit(main({[*arguments]!r}))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_an_interrupt_ends_it_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(20)
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        for name in ("BASE_URL", "OAUTH_URL"):
            monkeypatch.setenv(f"RSSPOT_{name}", address)
        monkeypatch.setenv("RSSPOT_REFRESH_TOKEN", "token")
        with interruptible("regions") as running:
            connection, _ = silent.accept()
            running.send_signal(signal.SIGINT)
            out, err = running.communicate(timeout=20)
        connection.close()
    assert (running.returncode, out, err) == (130, "", "Interrupted.\n")


def test_an_interrupted_wait_shows_the_state_and_how_to_wait_again(
    reach: SpotSandbox,
) -> None:
    create = ("cloudspaces", "create", "demo", "--region", "us-central-dfw-2", "--wait")
    with interruptible(*create) as running:
        assert running.stderr is not None
        first = running.stderr.readline()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=20)
    assert (running.returncode, out, first) == (130, "", "demo: accepted\n")
    assert err.endswith(
        "Stopped waiting. Cloudspace demo is still being created. "
        "To wait again, run: rsspot cloudspaces wait demo\nInterrupted.\n"
    )
