"""`python -m rsspot.sandbox`."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from rsspot.sandbox import SpotSandbox
from rsspot.sandbox.__main__ import _print_settings, main
from rsspot.sandbox.app import is_loopback

if TYPE_CHECKING:
    from pathlib import Path

COMMAND = [sys.executable, "-m", "rsspot.sandbox"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_prints_how_to_reach_it_and_ends_on_a_signal(
    tmp_path: Path, ending: signal.Signals
) -> None:
    saved = tmp_path / "world.json"
    plan = tmp_path / "faults.json"
    plan.write_text('[{"kind": "status", "status": 504, "path": "history"}]', "utf-8")
    process = subprocess.Popen(
        [
            *COMMAND, "--port", "0", "--seed", "3", "--speed", "0", "--start", "2026-01-01",
            "--fault", "status,status=418,path=percentiles", "--faults", str(plan),
            "--save", str(saved),
        ],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    text = "".join(lines)
    assert "only this machine can reach it" in text
    assert "Refresh token of the organization umbrella: sandbox-" in text
    assert "Its clock is stopped" in text
    settings = dict(re.findall(r"(RSSPOT_\w+)=(\S+)", text))
    url = settings["RSSPOT_BASE_URL"]
    assert settings["RSSPOT_OAUTH_URL"] == settings["RSSPOT_PUBLIC_DATA_URL"] == url
    assert httpx.get(f"{url}/percentiles.json").status_code == 418
    assert httpx.get(f"{url}/history/x").status_code == 504
    state = httpx.get(f"{url}/_sandbox/status").json()
    assert (state["seed"], state["now"]) == (3, 1767225600.0)
    tokens = [known["refresh_token"] for known in state["organizations"]]
    assert tokens[0] == settings["RSSPOT_REFRESH_TOKEN"]
    process.send_signal(ending)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")
    assert json.loads(saved.read_text("utf-8"))["seed"] == 3


def test_its_help_names_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"], prog="rsspot sandbox")
    text = capsys.readouterr().out
    assert text.startswith("usage: rsspot sandbox")
    for name in ("port", "host", "allow-host", "seed", "speed", "start", "token-lifetime",
                 "fault", "faults", "rotate-refresh-tokens", "snapshot", "save"):  # fmt: skip
        assert f"--{name}" in text


def test_a_port_in_use_is_reported_in_one_line(
    sandbox: SpotSandbox, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--port", str(sandbox.port)]) == 2
    assert capsys.readouterr().err == (
        f"Cannot listen on 127.0.0.1:{sandbox.port}: Address already in use. "
        "Choose another --port, or 0 for a free one.\n"
    )


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (
            ["--fault", "explode"],
            "--fault explode: 'explode' is not a kind of fault. The kinds are",
        ),
        (["--faults", "{none}"], "No such file"),
        (["--allow-host", "*"], "'*' is not the name of one host"),
        (["--faults", "{file}"], "--faults"),
        (["--snapshot", "{none}"], "No such file"),
        (["--snapshot", "{file}"], "Expecting value"),
    ],
)
def test_what_cannot_be_read_is_reported_in_one_line(
    arguments: list[str], problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    names = {"none": str(tmp_path / "none"), "file": str(tmp_path / "file")}
    assert main(["--port", "0", *(item.format(**names) for item in arguments)]) == 2
    error = capsys.readouterr().err
    assert problem in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["--speed", "-1"], ["--speed", "x"], ["--start", "soon"], ["--port", "x"]]
)
def test_a_wrong_value_is_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert arguments[0] in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "only_here"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("x", False)],  # noqa: S104 - it is what is asked about
)
def test_only_loopback_is_out_of_reach_of_other_machines(host: str, *, only_here: bool) -> None:
    assert is_loopback(host) is only_here


def test_it_warns_when_others_can_reach_it(capsys: pytest.CaptureFixture[str]) -> None:
    _print_settings(SpotSandbox(host="0.0.0.0", port=8711))  # noqa: S104 - it is what is asked about
    assert "OTHER MACHINES CAN REACH IT" in capsys.readouterr().out


def test_without_its_extra_it_names_what_to_install() -> None:
    code = (
        "import sys; sys.modules['starlette'] = None\n"
        "from rsspot.sandbox.__main__ import main\n"
        "sys.exit(main(['--port', '0']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert "pip install 'rsspot[sandbox]'" in done.stderr
    assert done.stderr.count("\n") == 1
