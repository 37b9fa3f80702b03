"""Receiving notices: the app by its protocol, and behind a real server."""

from __future__ import annotations

import asyncio
import json
import operator
import queue
import socket
import threading
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from rsspot import SpotClient
from rsspot.errors import InvalidInput
from rsspot.preemption import PreemptionApp, new_token

if TYPE_CHECKING:
    from collections.abc import Generator

    from rsspot.preemption import PreemptionNotice
    from rsspot.sandbox import SpotSandbox

TOKEN = "a-secret-of-sixteen"
NOTICE = b'{"cloudspace": "demo", "Server": "s", "IP": "192.0.2.1", "Time": "2026-01-01T00:00:00Z"}'
JSON = (b"content-type", b"application/json")


def _unwanted(notice: PreemptionNotice) -> None:
    pytest.fail(f"{notice} was let through")


def _post(
    app: PreemptionApp,
    *,
    body: bytes = NOTICE,
    path: str = f"/{TOKEN}",
    method: str = "POST",
    headers: tuple[tuple[bytes, bytes], ...] = (JSON,),
    chunks: int = 1,
) -> int:
    """Send one request to the app, and return the status."""
    size = -(-len(body) // chunks) or 1
    parts = [body[at : at + size] for at in range(0, len(body), size)] or [b""]
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": part, "more_body": at + 1 < len(parts)}
        for at, part in enumerate(parts)
    ]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(dict(message))

    scope = {"type": "http", "method": method, "path": path, "headers": list(headers)}
    asyncio.run(app(scope, receive, send))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    assert TOKEN not in str(sent)
    status: int = sent[0]["status"]
    return status


def test_a_notice_arrives_typed_at_any_kind_of_function() -> None:
    seen: list[PreemptionNotice] = []

    async def later(notice: PreemptionNotice) -> None:
        seen.append(notice)

    class Handler:
        def __call__(self, notice: PreemptionNotice) -> Any:
            return later(notice)

    for function in (seen.append, later, Handler()):
        assert _post(PreemptionApp(function, token=TOKEN), chunks=7) == 204
    assert len(seen) == 3
    assert {(n.cloudspace, n.server, n.address) for n in seen} == {("demo", "s", "192.0.2.1")}
    assert all(notice.time is not None and notice.time.tzinfo for notice in seen)


@pytest.mark.parametrize(
    "path", ["/", "", "/a-secret-of-sixtee", f"/{TOKEN}x", f"/{TOKEN}/more", "/%2e", "/🙂"]
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_without_the_token_nothing_is_learned(path: str, method: str) -> None:
    app = PreemptionApp(_unwanted, token=TOKEN)
    assert _post(app, path=path, method=method) == 404
    assert _post(app, path=path, headers=((b"authorization", b"Bearer no"),)) == 404


@pytest.mark.parametrize("path", [f"/{TOKEN}", f"/hooks/spot/{TOKEN}", f"/{TOKEN}/"])
def test_the_token_is_the_end_of_the_path_wherever_it_is_mounted(path: str) -> None:
    seen: list[PreemptionNotice] = []
    assert _post(PreemptionApp(seen.append, token=TOKEN), path=path) == 204
    assert len(seen) == 1


def test_the_token_may_be_a_bearer() -> None:
    seen: list[PreemptionNotice] = []
    headers = ((b"Authorization", f"bearer {TOKEN}".encode()),)
    assert _post(PreemptionApp(seen.append, token=TOKEN), path="/", headers=headers) == 204
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"method": "GET"}, 405),
        ({"method": "PUT"}, 405),
        ({"headers": ((b"content-type", b"multipart/form-data; boundary=x"),)}, 415),
        ({"headers": ((b"content-type", b"application/x-www-form-urlencoded"),)}, 415),
        ({"headers": ((b"content-type", b"application/json; charset=utf-8"),)}, 204),
        ({"headers": ()}, 204),
        ({"headers": (JSON, (b"content-length", b"999999999"))}, 413),
        ({"headers": (JSON, (b"content-length", b"-1"))}, 413),
        ({"body": b" " * 70_000, "chunks": 9}, 413),
        ({"body": b""}, 400),
        ({"body": b"[]"}, 400),
        ({"body": b'{"text": "a message for a chat"}'}, 400),
        ({"body": b"\xff\xfe"}, 400),
        ({"body": b"[" * 60_000}, 400),
    ],
)
def test_what_is_no_notice_is_refused(change: dict[str, Any], status: int) -> None:
    seen: list[PreemptionNotice] = []
    assert _post(PreemptionApp(seen.append, token=TOKEN), **change) == status
    assert len(seen) == (status == 204)


def test_a_function_that_raises_is_reported_and_answered_with_500(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(notice: PreemptionNotice) -> None:
        raise OSError(f"no room for {notice.server}")

    assert _post(PreemptionApp(fail, token=TOKEN)) == 500
    assert "no room for s" in caplog.text


def test_a_body_that_never_ends_is_given_up() -> None:
    app = PreemptionApp(_unwanted, token=TOKEN, body_timeout=0.01)
    statuses: list[int] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    scope = {"type": "http", "method": "POST", "path": f"/{TOKEN}", "headers": [JSON]}
    asyncio.run(app(scope, receive, send))
    assert statuses == [408]


@pytest.mark.parametrize("token", ["", "short", "with/a/slash/in", "with spaces in it", "ä" * 20])
def test_a_token_that_is_too_weak_or_no_part_of_a_path_is_refused(token: str) -> None:
    with pytest.raises(InvalidInput, match="token must be 16 or more") as raised:
        PreemptionApp(print, token=token)
    assert not token or token not in str(raised.value)
    assert PreemptionApp(print, token=new_token()).path.startswith("/")
    assert TOKEN not in repr(PreemptionApp(print, token=TOKEN))


@contextmanager
def _served(app: PreemptionApp) -> Generator[str]:
    """The URL of the app behind a real server."""
    config = uvicorn.Config(app, log_level="warning")
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}{app.path}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def lose_servers(sandbox: SpotSandbox, url: str) -> str:
    """Create a cloudspace with this webhook, and have its servers outbid; return their pool."""
    with SpotClient(**sandbox.client_options()) as client:
        client.cloudspaces.create("demo", region="us-central-dfw-2", webhook=url)
        pool = client.spot_nodepools.create(
            "demo", server_class="gp.vs2.large-dfw2", bid_price="0.22", desired=2
        )
        sandbox.advance(minutes=60)
        for _ in range(48):
            client.spot_nodepools.update(pool.name, bid_price="0.04")
            sandbox.advance(minutes=30)
            if sandbox.notices:
                break
    assert sandbox.notices
    return pool.name


def test_the_notices_of_the_local_spot_arrive(sandbox: SpotSandbox) -> None:
    seen: queue.Queue[PreemptionNotice] = queue.Queue()
    with _served(PreemptionApp(seen.put, token=TOKEN)) as url:
        lose_servers(sandbox, url)
        notices = [seen.get(timeout=30) for _ in sandbox.notices]
    key = operator.itemgetter("Server")
    received = sorted((notice.to_dict() for notice in notices), key=key)
    assert received == sorted(sandbox.notices, key=key)
    assert {notice.cloudspace for notice in notices} == {"demo"}


def test_a_real_server_gets_what_the_app_says(sandbox: SpotSandbox) -> None:
    del sandbox
    with _served(PreemptionApp(print, token=TOKEN)) as url:
        request = urllib.request.Request(url, NOTICE, {"Content-Type": "text/csv"})  # noqa: S310 - ours
        with pytest.raises(urllib.error.HTTPError) as raised:
            urllib.request.urlopen(request, timeout=10)  # noqa: S310 - ours
        assert raised.value.code == 415
        assert json.loads(raised.value.read()) == {"error": "A notice is JSON"}
        raised.value.close()
