"""`rsspot webhook listen`, as a real process."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from rsspot.cli import notice_connection
from tests.cli.conftest import PROGRAM
from tests.test_preemption import NOTICE, lose_servers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox

TOKEN = "a-secret-of-sixteen"


@pytest.fixture
def listen() -> Iterator[Callable[..., Any]]:
    """Starts the command; returns the process and its URL."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environment: str) -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(
            [PROGRAM, "webhook", "listen", "--port", "0", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        started.append(process)
        assert process.stderr is not None
        line = process.stderr.readline()
        match = re.search(r"The webhook is (http://\S+)", line)
        assert match, line
        return process, match[1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _send(url: str) -> int:
    request = urllib.request.Request(url, NOTICE, {"Content-Type": "application/json"})  # noqa: S310 - ours
    with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310 - ours
        status: int = response.status
        return status


def test_the_notices_of_the_local_spot_are_printed(
    listen: Callable[..., Any], sandbox: SpotSandbox
) -> None:
    process, url = listen("-o", "json", "--count", "2")
    lose_servers(sandbox, url)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    printed = [json.loads(line) for line in out.splitlines()]
    assert {item["server"] for item in printed} <= {item["Server"] for item in sandbox.notices}
    assert len(printed) == 2


def test_a_program_gets_each_notice_on_its_standard_input(
    listen: Callable[..., Any], tmp_path: Path
) -> None:
    # One write each: both programs run at once, and have one standard output.
    code = "import sys, time; got = 'got ' + sys.stdin.read(); time.sleep(0.3); print(got, end='')"
    process, url = listen("--count", "2", "--", sys.executable, "-c", code)
    assert [_send(url), _send(url)] == [204, 204]
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    lines = out.splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0].removeprefix("got ")) == {
        "cloudspace": "demo", "server": "s", "address": "192.0.2.1",
        "time": "2026-01-01T00:00:00+00:00",
    }  # fmt: skip
    del tmp_path


def test_a_program_that_fails_or_is_not_there_is_reported(listen: Callable[..., Any]) -> None:
    for program in ((sys.executable, "-c", "raise SystemExit(3)"), ("./not-there",)):
        process, url = listen("--count", "1", "--", *program)
        assert _send(url) == 204
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "ended with status 3 for server s" in err or "cannot be run" in err


def test_the_secret_of_the_environment_or_a_file_is_not_shown(
    listen: Callable[..., Any], tmp_path: Path
) -> None:
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    for arguments, environment in (
        ((), {"RSSPOT_WEBHOOK_TOKEN": TOKEN}),
        (("--token-file", str(file)), {}),
    ):
        process, url = listen(*arguments, **environment)
        assert url.endswith("/<token>")
        assert _send(url.replace("<token>", TOKEN)) == 204
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0
        assert out == "2026-01-01 00:00 UTC  demo  s  192.0.2.1\n"
        assert TOKEN not in err


def test_a_weak_secret_is_refused(program: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("short")
    done = program("webhook", "listen", "--token-file", str(file))
    assert done.status == 2
    assert "token must be 16 or more letters" in done.err


def test_a_port_that_is_taken_is_refused(program: Callable[..., Any]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = program("webhook", "listen", "--port", str(taken.getsockname()[1]))
    assert done.status == 2
    assert "Cannot listen on port" in done.err
    assert "--port 0" in done.err


def test_a_connection_that_sends_no_request_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notice_connection, "MAX_SECONDS", 0.05)

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await asyncio.sleep(0.2)  # longer than a connection may do nothing
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def main() -> None:
        server = uvicorn.Server(
            uvicorn.Config(app, http=notice_connection.NoticeConnection, lifespan="off")
        )
        listening = socket.create_server(("127.0.0.1", 0))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        address = listening.getsockname()
        for sent, received in (
            (b"", b""),
            (b"POST / HTTP/1.1\r\nHost: a\r\n", b""),
            (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"HTTP/1.1 204"),
        ):
            reader, writer = await asyncio.open_connection(*address)
            writer.write(sent)
            # It ends, although the client keeps its side open.
            assert (await asyncio.wait_for(reader.read(), 20)).startswith(received)
            writer.close()
        server.should_exit = True
        await serving

    asyncio.run(main())
