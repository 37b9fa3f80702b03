"""No cookie of one response goes out with another request, unless the caller wants a session."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx

from rsspot.senders import AsyncSender, Request, SyncSender

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    Serving = Callable[[Callable[[bytes], bytes]], AbstractContextManager[str]]

SETS = (
    b"HTTP/1.1 200 OK\r\nset-cookie: tenant=a; Path=/\r\nset-cookie: other=b\r\n"
    b"content-length: 2\r\nconnection: close\r\n\r\n{}"
)
MOVES = (
    b"HTTP/1.1 302 Found\r\nlocation: /there\r\nset-cookie: tenant=a; Path=/\r\n"
    b"content-length: 0\r\nconnection: close\r\n\r\n"
)


def recording(received: list[bytes], response: bytes) -> Callable[[bytes], bytes]:
    def respond(data: bytes) -> bytes:
        received.append(data)
        return response

    return respond


def cookies_sent(received: list[bytes]) -> list[bool]:
    return [b"\r\ncookie:" in each.lower() for each in received]


def test_no_cookie_of_a_response_is_sent_again(engine: Any, serving: Serving) -> None:
    received: list[bytes] = []
    with serving(recording(received, SETS)) as url:
        sender = engine.sender()
        for _ in range(3):
            assert engine.send(sender, Request("GET", f"{url}/")).ok
    assert cookies_sent(received) == [False, False, False]


def test_no_cookie_of_a_redirect_is_sent_along(engine: Any, serving: Serving) -> None:
    received: list[bytes] = []

    def respond(data: bytes) -> bytes:
        received.append(data)
        return SETS if data.startswith(b"GET /there") else MOVES

    with serving(respond) as url:
        sender = engine.sender(follow_redirects=True)
        assert engine.send(sender, Request("GET", f"{url}/")).ok
        assert engine.send(sender, Request("GET", f"{url}/there")).ok
    assert cookies_sent(received) == [False, False, False]


def test_cookies_that_the_caller_gives_begin_a_session(engine: Any, serving: Serving) -> None:
    received: list[bytes] = []
    with serving(recording(received, SETS)) as url:
        sender = engine.sender(cookies={"mine": "1"})
        for _ in range(2):
            engine.send(sender, Request("GET", f"{url}/"))
    assert cookies_sent(received) == [True, True]
    assert b"tenant=a" not in received[0]
    assert b"mine=1" in received[1]
    assert b"tenant=a" in received[1]


def test_what_the_owner_of_a_client_sends_by_it_keeps_its_cookies() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"set-cookie": f"at={request.url.path[1:]}"})

    with httpx.Client(transport=httpx.MockTransport(respond)) as client:
        for sender in (SyncSender(client), SyncSender(client)):
            sender.send(Request("GET", "https://api.example/sender"))
        assert dict(client.cookies) == {}
        client.get("https://api.example/owner")
        assert dict(client.cookies) == {"at": "owner"}

    async def main() -> None:
        async with httpx.AsyncClient(transport=httpx.MockTransport(respond)) as client:
            await AsyncSender(client).send(Request("GET", "https://api.example/sender"))
            assert dict(client.cookies) == {}

    asyncio.run(main())
