"""The total time of a call holds at every stage, whatever it is sent with.

Rules: docs/rules.md#total-time.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import Timeouts, errors
from rsspot.senders import AsyncSender, Options, Request, SyncSender
from rsspot.senders.transport import deadline
from rsspot.senders.transport.aiohttp_sender import AiohttpSender
from tests.interrupts import interrupted

if TYPE_CHECKING:
    from collections.abc import Generator

SHORT = Options(timeouts=Timeouts(total=0.25, read=60, connect=60, write=60))
HELLO = bytes([22, 3, 3, 64, 0, 2, 0, 0, 255])
"""The beginning of a record of TLS, whose rest is awaited."""
STORED = bytes([31, 139, 8, 0, 0, 0, 0, 0, 0, 255, 0, 255, 255, 0, 0])
"""The beginning of a body in gzip, whose next 65,535 bytes are as they are."""


@contextmanager
def dripping(*, before: int = 1, drop: bytes = b"", head: bytes = b"") -> Generator[str]:
    """A server that reads, sends `head`, and then sends and reads little by little."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                for _ in range(before):
                    connection.recv(65536)
                connection.sendall(head)
                while not over.wait(0.02):
                    connection.sendall(drop)
                    if not before:
                        connection.recv(64)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


STAGES: dict[str, tuple[str, dict[str, Any]]] = {
    "before the head": ("http", {}),
    "the head": ("http", {"head": b"HTTP/1.1 200 OK\r\nx-slow: ", "drop": b"a"}),
    "the body": ("http", {"head": b"HTTP/1.1 200 OK\r\n\r\n", "drop": b"a"}),
    "a packed body": (
        "http",
        {"head": b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + STORED, "drop": b"\0"},
    ),
    "TLS, silent": ("https", {}),
    "TLS, byte by byte": ("https", {"head": HELLO, "drop": b"\0"}),
    "what is sent": ("upload", {"before": 0}),
}


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
@pytest.mark.parametrize("stage", STAGES)
def test_the_total_time_holds_at_each_stage(engine: Any, stage: str) -> None:
    scheme, how = STAGES[stage]
    content = b"x" * 20_000_000 if scheme == "upload" else None
    with dripping(**how) as host:
        url = f"{'https' if scheme == 'https' else 'http'}://{host}/"
        started = time.monotonic()
        with pytest.raises(errors.DeadlineExceeded, match="total time"):
            engine.send(
                engine.sender(verify=False), Request("PUT", url, content=content, options=SHORT)
            )
        assert time.monotonic() - started < 5  # the server goes on for ever


@pytest.mark.parametrize("proxied", ["http", "https"])
def test_the_total_time_holds_for_what_a_proxy_does(engine: Any, proxied: str) -> None:
    with (
        dripping(head=b"HTTP/1.1 200 OK\r\nx-slow: ", drop=b"a") as proxy,
        pytest.raises(errors.DeadlineExceeded),
    ):
        engine.send(
            engine.sender(proxy=f"http://{proxy}"),
            Request("GET", f"{proxied}://api.invalid/", options=SHORT),
        )


@pytest.mark.parametrize("kind", ["aiohttp", "plain", "client"])
def test_a_name_that_is_resolved_for_ever_ends_with_the_total_time_of_an_async_call(
    kind: str,
) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()

        async def for_ever(*_: Any, **__: Any) -> Any:
            await loop.create_future()

        loop.getaddrinfo = for_ever  # type: ignore[method-assign]
        sender = (
            AsyncSender(httpx.AsyncClient())
            if kind == "client"
            else (AiohttpSender() if kind == "aiohttp" else AsyncSender())
        )
        with pytest.raises(errors.DeadlineExceeded):
            await sender.send(Request("GET", "http://slow.example/", options=SHORT))
        await sender.close()

    asyncio.run(main())


@pytest.mark.parametrize("engine", ["sync", "http.client", "sync client"], indirect=True)
def test_a_host_with_many_addresses_has_one_total_time(
    engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Any] = []

    def addresses(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, (f"192.0.2.{number}", port)) for number in range(1, 9)]

    def unreachable(address: Any, timeout: float, **_: Any) -> Any:
        tried.append((address[0], timeout))
        time.sleep(0.05)
        raise TimeoutError

    monkeypatch.setattr(socket, "getaddrinfo", addresses)
    monkeypatch.setattr(socket, "create_connection", unreachable)
    with pytest.raises(errors.DeadlineExceeded) as caught:
        engine.send(engine.sender(), Request("POST", "http://many.example/", options=SHORT))
    assert caught.value.sent is False
    assert 2 <= len(tried) < 8
    assert [address for address, _ in tried] == [f"192.0.2.{n + 1}" for n in range(len(tried))]


def test_ctrl_c_at_any_moment_leaves_no_deadline_to_the_thread() -> None:
    ok = httpx.MockTransport(lambda _request: httpx.Response(200, json={}))
    sender = SyncSender(client=httpx.Client(transport=ok))
    number = 1
    while interrupted(lambda: sender.send(Request("GET", "http://a/", options=SHORT)), number):
        assert deadline._current.deadline is None, number
        number += 1
    assert number > 20


@pytest.mark.parametrize("engine", ["sync", "sync client"], indirect=True)
def test_a_client_has_no_deadline_beyond_the_call(engine: Any) -> None:
    sender = engine.sender(timeout=5)
    with dripping() as host, pytest.raises(errors.DeadlineExceeded):
        engine.send(sender, Request("GET", f"http://{host}/", options=SHORT))
    time.sleep(SHORT.timeouts.total if SHORT.timeouts and SHORT.timeouts.total else 0)
    whole = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
    with dripping(head=whole) as host:
        assert engine.send(sender, Request("GET", f"http://{host}/")).ok
    with dripping(head=whole) as host:
        assert sender.client.get(f"http://{host}/").status_code == 200
