"""Ctrl-C while a refresh token is being exchanged: what the login has issued is kept.

Rules: docs/rules.md#one-refresh, docs/rules.md#rotated-refresh-token.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import httpx
import pytest

from rsspot import SpotClient, StateStore
from rsspot.flow.flow import run
from rsspot.senders import RefreshToken, SyncSender
from tests.senders.auth.test_tokens import Issuer, jwt

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LONG = 20.0
"""Seconds after which something counts as stuck."""
SOON = 10.0
"""Seconds for the end of a process, on a machine that is busy with other tests."""


class Interrupt:
    """Sends Ctrl-C from the thread that calls it, which continues when the call has ended."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def __call__(self) -> None:
        assert threading.current_thread() is not threading.main_thread()
        os.kill(os.getpid(), signal.SIGINT)
        assert self.ended.wait(LONG)

    def during(self, call: Callable[[], Any]) -> None:
        with pytest.raises(KeyboardInterrupt):
            call()
        self.ended.set()


def client(path: Path, answer: Callable[[httpx.Request], httpx.Response]) -> SpotClient:
    return SpotClient(
        refresh_token="r-first",
        base_url="https://api.example",
        oauth_url="https://login.example",
        state=path / "state.db",
        sender=SyncSender(transport=httpx.MockTransport(answer)),
    )


@pytest.mark.parametrize("moment", ["before the request", "after the response", "while it is kept"])
def test_ctrl_c_during_an_exchange_loses_no_rotated_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    interrupt, issuer = Interrupt(), Issuer(refresh_token="r-second")

    def answer(request: httpx.Request) -> httpx.Response:
        if issuer.count == 0 and moment == "before the request":
            interrupt()
        response = issuer(request)
        if issuer.count == 1 and moment == "after the response":
            interrupt()
        return response

    with client(tmp_path, answer) as spot:
        store = spot.state.tokens
        if moment == "while it is kept":
            put = store.put

            def interrupted_put(*args: Any) -> None:
                interrupt()
                put(*args)

            monkeypatch.setattr(store, "put", interrupted_put)
        interrupt.during(spot.authenticate)
    # Closing the client has waited for it.
    with client(tmp_path, issuer) as later:
        assert later.authenticate() == jwt(exp=1_800_086_400.0, n=1)
        assert issuer.count == 1
        later.authenticate(force_refresh=True)
    assert "refresh_token=r-second" in issuer.forms[-1]


def test_the_next_call_after_ctrl_c_joins_the_exchange_under_way() -> None:
    interrupt, issuer = Interrupt(), Issuer(refresh_token="r-second")

    def answer(request: httpx.Request) -> httpx.Response:
        interrupt()
        return issuer(request)

    tokens = RefreshToken("r-first", url="https://login.example/oauth/token", client_id="c")
    sender = SyncSender(transport=httpx.MockTransport(answer))
    interrupt.during(lambda: run(tokens.obtain(sender)))
    assert run(tokens.obtain(sender)).value == jwt(exp=1_800_086_400.0, n=1)
    assert issuer.count == 1


def test_ctrl_c_while_another_process_renews_the_token_leaves_no_thread(tmp_path: Path) -> None:
    with StateStore(tmp_path / "state.db") as state:
        issuer = Issuer()
        with client(tmp_path, issuer) as spot:
            partition: Any = run(spot.chain.tokens.identify())
            held = state.tokens.try_lock(partition, LONG)
            assert held is not None
            interrupt = Interrupt()
            sending = threading.Timer(0.2, interrupt)
            sending.start()
            interrupt.during(spot.authenticate)
            sending.join()
            waiting = [each for each in threading.enumerate() if each.name == "rsspot-shared"]
            for thread in waiting:
                thread.join(LONG)
                assert not thread.is_alive()
            held.release()
        assert issuer.count == 0


PROGRAM = """
import sys
import rsspot, rsspot.senders.auth.refresh, rsspot.senders.transport.http
from rsspot.senders.transport.http_client import HttpClientSender
from rsspot import SpotClient
url, path, engine, closes = sys.argv[1:]
sender = HttpClientSender() if engine == "http.client" else rsspot.senders.SyncSender()
spot = SpotClient(refresh_token="r-0", base_url=url, oauth_url=url, state=path, sender=sender)
print("ready", flush=True)
try:
    if closes == "closes":
        with spot:
            spot.authenticate()
    else:
        spot.authenticate()
except KeyboardInterrupt:
    sys.exit(130)
"""


class Login(BaseHTTPRequestHandler):
    """A login that takes the newest refresh token only, and a while for it."""

    newest = 0
    refused = 0

    def do_POST(self) -> None:
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        is_newest = given["refresh_token"] == [f"r-{Login.newest}"]
        if is_newest:
            Login.newest += 1
        else:
            Login.refused += 1
        time.sleep(0.1)
        body = {"id_token": "opaque", "expires_in": 86400, "refresh_token": f"r-{Login.newest}"}
        self.send_response(200 if is_newest else 403)
        self.end_headers()
        self.wfile.write(json.dumps(body if is_newest else {"error": "reused"}).encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as it is there
        pass


@pytest.mark.prove
@pytest.mark.parametrize("engine", ["httpx", "http.client"])
@pytest.mark.parametrize("closes", ["closes", "does not close"])
def test_a_process_that_is_interrupted_at_any_moment_leaves_a_usable_sign_in(
    tmp_path: Path, engine: str, closes: str
) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Login)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url, statuses = f"http://127.0.0.1:{server.server_port}", set[int]()
    for number in range(40):
        Login.newest = Login.refused = 0
        path = tmp_path / f"{number}.db"
        command = [sys.executable, "-c", PROGRAM, url, str(path), engine, closes]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(number * 0.005)
            began = time.monotonic()
            process.send_signal(signal.SIGINT)
            statuses.add(process.wait(LONG))
            assert time.monotonic() - began < SOON
        signed_in = Login.newest
        with SpotClient(refresh_token="r-0", base_url=url, oauth_url=url, state=path) as spot:
            assert spot.authenticate(force_refresh=True) == "opaque"
        assert (Login.newest, Login.refused) == (signed_in + 1, 0), number
    assert 130 in statuses
    server.shutdown()
    server.server_close()
