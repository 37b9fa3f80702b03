"""A client that a sender made itself need not see a request, unless somebody wants it to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot.errors import ClientClosed
from rsspot.senders import AsyncSender, Headers, Request, SyncSender

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = {"sync": SyncSender, "async": AsyncSender}
FIELDS = Headers({"X-Tenant": "a", "Accept-Encoding": "gzip, br"})


class Recorded(httpx.MockTransport):
    """Records what a transport is given, and changes it then, as a transport may."""

    def __init__(self) -> None:
        self.requests: list[dict[str, str]] = []

        def handle(request: httpx.Request) -> httpx.Response:
            self.requests.append(dict(request.headers))
            request.headers["x-added"] = "by the transport"
            return httpx.Response(200, json={"path": request.url.path})

        super().__init__(handle)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def sent(sender: Any, requests: list[Request], prepare: Callable[[Any], object] = id) -> list[Any]:
    """Send requests one after another, in one event loop if the sender is async."""

    async def send() -> list[Any]:
        prepare(sender)
        return [await sender.send(request) for request in requests]

    if sender.is_async:
        return asyncio.run(send())
    prepare(sender)
    return [sender.send(request) for request in requests]


def test_requests_of_the_same_fields_are_all_sent_alike(kind: str) -> None:
    transport = Recorded()
    sender = KINDS[kind](transport=transport, headers={"X-Mine": "b"})
    urls = ["http://one/x", "http://one/y?q=1", "http://two:81/x", "http://one/x", "http://one"]
    responses = sent(sender, [Request("GET", url, headers=FIELDS) for url in urls])
    assert [response.url for response in responses] == urls
    hosts = [each.pop("host") for each in transport.requests]
    assert hosts == ["one", "one", "two:81", "one", "one"]
    first, *rest = transport.requests
    assert rest == [first] * 4
    assert first["x-tenant"] == "a"
    assert first["x-mine"] == "b"
    assert first["accept-encoding"] == "gzip"


def test_a_body_or_another_method_has_its_own_fields(kind: str) -> None:
    transport = Recorded()
    requests = [
        Request("GET", "http://one/x", headers=FIELDS),
        Request("POST", "http://one/x", headers=FIELDS, json={"a": 1}),
        Request("POST", "http://one/x", headers=FIELDS),
        Request("GET", "http://one/x", headers=FIELDS, content=b"body"),
        Request("GET", "http://one/x", headers=FIELDS),
    ]
    sent(KINDS[kind](transport=transport), requests)
    lengths = [each.get("content-length") for each in transport.requests]
    assert lengths == [None, "7", "0", "4", None]
    assert [each.get("content-type") for each in transport.requests][::4] == [None, None]


def test_a_user_name_in_the_url_signs_the_request(kind: str) -> None:
    transport = Recorded()
    urls = ["http://one/x", "http://me:pw@one/x", "http://one/x"]
    sent(KINDS[kind](transport=transport), [Request("GET", url, headers=FIELDS) for url in urls])
    signed = ["authorization" in each for each in transport.requests]
    assert signed == [False, True, False]


def test_what_is_set_on_the_client_of_a_sender_applies_to_its_requests(kind: str) -> None:
    transport = Recorded()
    sender = KINDS[kind](transport=transport)
    request = Request("GET", "http://one/x", headers=FIELDS)

    def prepare(sender: Any) -> None:
        sender.client.headers["x-later"] = "c"

    sent(sender, [request, request], prepare)
    assert [each["x-later"] for each in transport.requests] == ["c", "c"]


@pytest.mark.parametrize(
    "argument",
    [{"cookies": {"a": "b"}}, {"auth": ("me", "pw")}, {"params": {"q": "1"}}, {"base_url": "/"}],
    ids=lambda argument: next(iter(argument)),
)
def test_arguments_that_only_a_client_obeys_are_obeyed(kind: str, argument: Any) -> None:
    transport = Recorded()
    request = Request("GET", "http://one/x", headers=FIELDS)
    responses = sent(KINDS[kind](transport=transport, **argument), [request, request])
    given = next(iter(argument))
    for fields, response in zip(transport.requests, responses, strict=True):
        assert ("cookie" in fields) is (given == "cookies")
        assert ("authorization" in fields) is (given == "auth")
        assert response.url == ("http://one/x?q=1" if given == "params" else "http://one/x")


def test_hooks_see_every_request_and_response(kind: str) -> None:
    seen: list[str] = []

    async def async_hook(message: Any) -> None:
        seen.append(type(message).__name__)

    def hook(message: Any) -> None:
        seen.append(type(message).__name__)

    used = async_hook if kind == "async" else hook
    hooks = {"request": [used], "response": [used]}
    sender = KINDS[kind](transport=Recorded(), event_hooks=hooks)
    sent(sender, [Request("GET", "http://one/x", headers=FIELDS)] * 2)
    assert seen == ["Request", "Response"] * 2


def test_a_sender_that_was_closed_meanwhile_opens_no_connection(kind: str) -> None:
    transport = Recorded()
    sender: Any = KINDS[kind](transport=transport)
    request = Request("GET", "http://one/x", headers=FIELDS)

    async def close_below() -> None:
        await sender.send(request)
        held = sender._by_loop.current(sender._make).client
        await held.aclose()
        with pytest.raises(RuntimeError, match="closed meanwhile"):
            await sender.send(request)
        await sender.close()
        with pytest.raises(ClientClosed):
            await sender.send(request)

    if sender.is_async:
        asyncio.run(close_below())
    else:
        sender.send(request)
        sender._made.close()
        with pytest.raises(RuntimeError, match="closed meanwhile"):
            sender.send(request)
        sender.close()
        with pytest.raises(ClientClosed):
            sender.send(request)
    assert len(transport.requests) == 1
