"""The ends of the chain: real sockets on loopback, and what each failure means.

Rules: docs/rules.md#sender-of-a-client.
"""

from __future__ import annotations

import asyncio
import gc
import gzip
import inspect
import os
import signal
import socket
import ssl
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import Timeouts, errors
from rsspot.senders import (
    AsyncSender,
    CachingSender,
    Client,
    ExtendingSender,
    Options,
    Request,
    Response,
    RetryingSender,
    Sender,
    SenderConflictWarning,
    SyncSender,
)
from rsspot.senders.transport import tls
from rsspot.senders.transport.aiohttp_sender import AiohttpSender
from rsspot.senders.transport.arguments import CLIENT_ARGUMENTS
from rsspot.senders.transport.http_client import HttpClientSender

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

GOOD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nX-Case: Yes\r\n\r\n{}"
TLS_HELLO = b"\x16"


@contextmanager
def server(answer: bytes | Callable[[socket.socket], None]) -> Generator[str]:
    """A server on loopback that answers each request with the same bytes."""
    listening = socket.create_server(("127.0.0.1", 0))
    stopping = threading.Event()

    def serve() -> None:
        while not stopping.is_set():
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                while data := connection.recv(65536):
                    if b"\r\n\r\n" not in data and not data.startswith(TLS_HELLO):
                        continue
                    if callable(answer):
                        answer(connection)
                        break
                    connection.sendall(answer)
                    if b"content-length: 2" not in answer:
                        break

    threads = [threading.Thread(target=serve, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/a"
    finally:
        stopping.set()
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


ENGINES: dict[str, Callable[..., Sender]] = {
    "sync": SyncSender,
    "http.client": HttpClientSender,
    "async": AsyncSender,
    "aiohttp": AiohttpSender,
}
ASYNC = {name: make for name, make in ENGINES.items() if name in {"async", "aiohttp"}}
SYNC = {name: make for name, make in ENGINES.items() if name not in ASYNC}


@pytest.fixture(params=ENGINES)
def send(request: pytest.FixtureRequest) -> Generator[Callable[..., Response]]:
    """Sends one request with a sender of each engine."""
    with asyncio.Runner() as runner:
        sender = ENGINES[request.param](max_body=1000)

        def send_and_wait(request: Request) -> Response:
            sent = sender.send(request)
            return sent if isinstance(sent, Response) else runner.run(sent)

        yield send_and_wait
        closing = sender.close()
        if closing is not None:
            runner.run(closing)


def test_an_answer_has_status_body_and_headers_in_any_case(send: Callable[..., Response]) -> None:
    with server(GOOD) as url:
        response = send(Request("get", url))
    assert (response.status_code, response.content, response.body) == (200, {}, b"{}")
    assert response.headers["x-CASE"] == "Yes"
    assert response.url == url


def refused_url() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}/"


def test_a_connection_that_was_never_made_was_not_sent(send: Callable[..., Response]) -> None:
    with pytest.raises(errors.ConnectionFailed, match=r"GET http://127\.0\.0\.1") as caught:
        send(Request("GET", refused_url()))
    assert (caught.value.sent, caught.value.timed_out) == (False, False)
    assert caught.value.hint == (
        "Check the host and port in the URL, the proxy if one is set, and the network"
    )


def test_a_connection_that_was_lost_after_sending_may_have_been_acted_on(
    send: Callable[..., Response],
) -> None:
    hang_up = server(lambda connection: connection.shutdown(socket.SHUT_RDWR))
    with hang_up as url, pytest.raises(errors.ConnectionFailed) as caught:
        send(Request("POST", url, json={}))
    assert (caught.value.sent, caught.value.timed_out) == (True, False)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_no_transport_sends_again_on_its_own(send: Callable[..., Response], method: str) -> None:
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while len(received) < 3:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return  # the test has ended
                with connection:
                    while data := connection.recv(65536):
                        received.append(data)
                        if len(received) == 2:
                            break  # the second request is received and never answered
                        connection.sendall(GOOD)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/a"
        assert send(Request(method, url)).ok
        with pytest.raises(errors.ConnectionFailed) as caught:
            send(Request(method, url))
    assert caught.value.sent
    assert len(received) == 2


def test_a_body_that_ends_early_is_a_lost_connection(send: Callable[..., Response]) -> None:
    short = server(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{")
    with short as url, pytest.raises(errors.ConnectionFailed) as caught:
        send(Request("POST", url, json={}))
    assert caught.value.sent


def test_a_server_that_does_not_answer_runs_into_the_read_time_out(
    send: Callable[..., Response],
) -> None:
    slow = server(lambda _: time.sleep(0.5))
    with slow as url, pytest.raises(errors.ConnectionFailed) as caught:
        send(Request("POST", url, json={}, options=Options(timeouts=Timeouts(read=0.05))))
    assert (caught.value.sent, caught.value.timed_out) == (True, True)


def test_a_body_that_is_too_large_is_not_read_to_its_end(send: Callable[..., Response]) -> None:
    large = server(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000)
    with large as url, pytest.raises(errors.UnexpectedResponseError, match="than 1,000 bytes"):
        send(Request("GET", url))


def test_a_body_that_drips_ends_with_the_total_time(send: Callable[..., Response]) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            for _ in range(50):
                connection.sendall(b"x")
                time.sleep(0.02)
        except OSError:
            return  # the client has gone, which is what is to be shown

    with server(drip) as url, pytest.raises(errors.DeadlineExceeded, match="total time"):
        send(Request("GET", url, options=Options(timeouts=Timeouts(total=0.1))))


def test_a_redirect_is_an_answer_and_is_not_followed(send: Callable[..., Response]) -> None:
    answer = b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 2\r\n\r\n{}"
    with server(answer) as url:
        assert send(Request("GET", url)).status_code == 302


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://x/", "http://", "http://a:b/"])
def test_what_is_no_url_is_invalid_input(send: Callable[..., Response], url: str) -> None:
    with pytest.raises((errors.InvalidInput, errors.ConnectionFailed)):
        send(Request("GET", url))


def test_a_broken_answer_is_a_failed_connection(send: Callable[..., Response]) -> None:
    with server(b"SMTP ready\r\n\r\n") as url, pytest.raises(errors.ConnectionFailed):
        send(Request("GET", url))


def test_no_message_tells_query_or_password(send: Callable[..., Response]) -> None:
    url = refused_url().replace("http://", "http://user:pass@") + "?token=secret"
    with pytest.raises((errors.ConnectionFailed, errors.InvalidInput)) as caught:
        send(Request("GET", url))
    told = str(caught.value) + repr(vars(caught.value))
    assert "secret" not in told
    assert "pass" not in told


def test_the_names_of_arguments_are_those_of_httpx() -> None:
    known: set[str] = set()
    for kind in (httpx.Client, httpx.AsyncClient):
        known |= set(inspect.signature(kind.__init__).parameters) - {"self"}
    assert known | {"proxies"} == CLIENT_ARGUMENTS


@pytest.mark.parametrize("kind", [SyncSender, AsyncSender])
def test_a_wrong_argument_fails_at_once(kind: Any) -> None:
    with pytest.raises(TypeError, match="not timeuot"):
        kind(timeuot=3)
    with pytest.raises(TypeError, match="not both"):
        kind(httpx.Client(), timeout=3)


def test_the_older_proxies_become_mounts() -> None:
    sender = SyncSender(proxies={"https": "http://proxy.example:3128", "http://": None})
    patterns = {pattern.pattern for pattern in sender.client._mounts}
    assert patterns >= {"https://", "http://"}
    sender.close()


@pytest.mark.parametrize("make", SYNC.values(), ids=SYNC)
def test_a_closed_sender_says_so_through_any_chain(make: Any) -> None:
    end = make()
    chain = CachingSender(sender=RetryingSender(sender=end))
    with server(GOOD) as url:
        chain.send(Request("GET", url))
        chain.close()
        with pytest.raises(errors.ClientClosed, match=f"This {make.__name__} is closed"):
            chain.send(Request("GET", url))
    assert end.send is not None


@pytest.mark.parametrize("make", ASYNC.values(), ids=ASYNC)
def test_one_async_sender_serves_one_loop_after_another(make: Any) -> None:
    sender = make()

    async def main(url: str) -> int:
        answers = await asyncio.gather(*(sender.send(Request("GET", url)) for _ in range(3)))
        return len(answers)

    with server(GOOD) as url:
        assert [asyncio.run(main(url)) for _ in range(3)] == [3, 3, 3]
    assert len(sender._by_loop) <= 1


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_process_opens_connections_of_its_own() -> None:
    sender = SyncSender()
    with server(GOOD) as url:
        sender.send(Request("GET", url))
        before = sender.client
        child = os.fork()
        if child == 0:
            os._exit(0 if sender.client is not before else 1)
        assert os.waitpid(child, 0)[1] == 0
        assert sender.client is before
    sender.close()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("make", ASYNC.values(), ids=ASYNC)
def test_a_child_process_leaves_the_connections_of_its_parent_alone(make: Any) -> None:
    async def main(url: str) -> None:
        sender = make(timeout=5)
        await sender.send(Request("GET", url))
        child = os.fork()
        if child == 0:
            gc.collect()
            os._exit(0)
        os.waitpid(child, 0)  # noqa: ASYNC222 - it ends at once
        assert (await sender.send(Request("GET", url))).ok
        await sender.close()

    with server(GOOD) as url:
        asyncio.run(main(url))


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_process_does_not_wait_for_the_tls_context_of_its_parent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make = ssl.create_default_context

    def while_it_forks(**options: Any) -> Any:
        child = os.fork()
        if child == 0:
            signal.alarm(10)
            monkeypatch.setattr(ssl, "create_default_context", make)
            tls.tls_context()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        return make(**options)

    monkeypatch.setattr(tls, "_shared", type(tls._shared)())
    monkeypatch.setattr(ssl, "create_default_context", while_it_forks)
    tls.tls_context()


class Mine(Sender):
    """A user's own sender, at the end of the chain."""

    def __init__(self, *, is_async: bool) -> None:
        self._is_async = is_async

    @property
    def is_async(self) -> bool:
        return self._is_async

    def send(self, request: Request) -> Any:
        response = Response(request.url, {"Cache-Control": "max-age=60"}, 200, {"mine": True})
        return _later(response) if self._is_async else response


async def _later(response: Response) -> Response:
    return response


class Stamping(ExtendingSender):
    """A user's own policy, in the middle of the chain."""

    def flow(self, request: Request) -> Any:
        response = yield from super().flow(request.with_headers({"X-Stamp": "1"}))
        return response


@pytest.mark.parametrize("is_async", [False, True])
def test_senders_of_a_user_stand_anywhere_in_the_chain(*, is_async: bool) -> None:
    chain = Stamping(CachingSender(sender=Stamping(RetryingSender(sender=Mine(is_async=is_async)))))
    assert chain.is_async is is_async
    for _ in range(2):
        answer: Any = chain.send(Request("GET", "https://api.example/"))
        response = asyncio.run(answer) if is_async else answer
        assert response.content == {"mine": True}
    assert "Stamping(sender=CachingSender(max_size=None, sender=Stamping(" in repr(chain)


def test_a_client_takes_its_mode_from_its_sender_or_replaces_it() -> None:
    assert Client(AsyncSender()).is_async
    assert not Client().is_async
    with pytest.warns(SenderConflictWarning, match="the client is sync"):
        assert isinstance(Client(AsyncSender(), asynchronous=False).sender, SyncSender)
    with pytest.warns(SenderConflictWarning, match="the client is async"):
        assert isinstance(Client(SyncSender(), asynchronous=True).sender, AsyncSender)


@pytest.mark.parametrize("drop", [b"", b"a"])
def test_the_total_time_holds_before_the_body_begins(
    send: Callable[..., Response], drop: bytes
) -> None:
    def drip(connection: socket.socket) -> None:
        try:
            connection.sendall(drop and b"HTTP/1.1 200 OK\r\nx-slow: ")
            for _ in range(100):
                connection.sendall(drop)
                time.sleep(0.02)
        except OSError:
            return

    slow = Timeouts(total=0.1, read=60)
    started = time.monotonic()
    with server(drip) as url, pytest.raises(errors.DeadlineExceeded, match="total time") as caught:
        send(Request("POST", url, options=Options(timeouts=slow)))
    assert caught.value.sent
    assert time.monotonic() - started < 1.5


def test_the_total_time_holds_for_a_client_that_was_passed_in() -> None:
    def drip() -> Generator[bytes]:
        for _ in range(50):
            time.sleep(0.02)
            yield b"x"

    given = httpx.Client(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, content=drip()))
    )
    request = Request("GET", "https://api.example/", options=Options(timeouts=Timeouts(total=0.1)))
    with given, pytest.raises(errors.DeadlineExceeded, match="total time") as caught:
        SyncSender(given).send(request)
    assert caught.value.sent


def test_no_time_at_all_is_a_deadline_and_not_its_absence(send: Callable[..., Response]) -> None:
    with server(GOOD) as url, pytest.raises((errors.DeadlineExceeded, errors.ConnectionFailed)):
        send(Request("GET", url, options=Options(timeouts=Timeouts(total=0))))


@pytest.mark.parametrize("value", ["a\r\nX: y", "a\nb", "a\0b", "schlüssel"])
def test_a_header_that_cannot_be_sent_is_named_and_not_shown(
    send: Callable[..., Response], value: Any
) -> None:
    with server(GOOD) as url, pytest.raises(errors.InvalidInput, match="header X-Key") as caught:
        send(Request("GET", url, headers={"X-Key": value}))
    assert str(value) not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_header_that_is_no_text_is_refused_when_the_request_is_made() -> None:
    headers: Any = {"X-Key": 3.25}
    with pytest.raises(errors.InvalidInput, match="headers must be a mapping of text to text"):
        Request("GET", "https://x.example/", headers=headers)


def test_a_method_or_a_body_that_cannot_be_sent_is_invalid_input(
    send: Callable[..., Response],
) -> None:
    with server(GOOD) as url:
        with pytest.raises(errors.InvalidInput, match="A request http"):
            send(Request("GET /x HTTP/1.1\r\nX: y", url))
        for body in ({"a": {1}}, {"a": float("nan")}):
            with pytest.raises(errors.InvalidInput, match="JSON"):
                send(Request("POST", url, json=body))
        nested: list[Any] = []
        for _ in range(10_000):
            nested = [nested]
        with pytest.raises(errors.InvalidInput, match="recursion"):
            send(Request("POST", url, json=nested))


def test_what_is_compressed_more_than_once_is_not_unpacked(send: Callable[..., Response]) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip, gzip\r\ncontent-length: 2\r\n\r\n{}"
    with server(head) as url, pytest.raises(errors.UnexpectedResponseError, match="more than once"):
        send(Request("GET", url))


def test_a_small_body_that_unpacks_to_a_large_one_is_not_read_to_its_end(
    send: Callable[..., Response],
) -> None:
    packed = gzip.compress(b" " * 5_000_000)
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n"
    with (
        server(head + packed) as url,
        pytest.raises(errors.UnexpectedResponseError, match="larger"),
    ):
        send(Request("GET", url))


def test_json_that_nests_too_deep_is_no_json(send: Callable[..., Response]) -> None:
    response = Response("https://x.example/", body=b"[" * 100_000)
    assert response.content is None


def test_params_are_added_to_the_query_of_the_url(wire: Any) -> None:
    wire.answers = [200]
    wire.get(wire.end, "/x?a=1&b=2", params={"b": 3, "c": True})
    assert str(wire.requests[0].url) == "https://api.example/x?a=1&b=3&c=true"


@pytest.mark.parametrize(
    "url", ["http://[", "http://a:b/", "https://x.example:99999/", "http://x/\ud800"]
)
def test_a_url_that_cannot_be_read_is_refused_before_it_is_used(url: str) -> None:
    with pytest.raises(errors.InvalidInput, match="not a URL") as caught:
        Request("GET", url)
    assert str(caught.value).isascii()


def test_a_request_shows_neither_query_nor_secrets() -> None:
    headers = {"X-Api-Key": "hunter2", "Authorization": "Bearer hunter2", "Accept": "text/plain"}
    shown = repr(Request("GET", "https://u:hunter2@x.example/a?token=hunter2", headers=headers))
    assert "hunter2" not in shown
    assert "https://x.example/a" in shown
    assert "text/plain" in shown


def test_a_client_that_its_owner_has_closed_is_a_clear_error() -> None:
    given = httpx.Client()
    given.close()
    with pytest.raises(errors.ClientClosed, match="has a closed client"):
        SyncSender(given).send(Request("GET", "https://x.example/"))

    async def main() -> None:
        given = httpx.AsyncClient()
        await given.aclose()
        with pytest.raises(errors.ClientClosed, match="has a closed client"):
            await AsyncSender(given).send(Request("GET", "https://x.example/"))

    asyncio.run(main())


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_client_that_was_passed_in_does_not_cross_a_fork() -> None:
    with httpx.Client() as given, server(GOOD) as url:
        sender, unused = SyncSender(given), SyncSender(given)
        sender.send(Request("GET", url))
        child = os.fork()
        if child == 0:
            try:
                assert unused.client is given
                sender.send(Request("GET", url))
            except errors.ClientClosed as error:
                os._exit(0 if "another process" in str(error) else 2)
            os._exit(1)
        assert os.waitpid(child, 0)[1] == 0
        assert sender.send(Request("GET", url)).ok


def redirecting(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/away":
        return httpx.Response(307, headers={"Location": "https://other.example/"})
    if request.url.path == "/near":
        return httpx.Response(302, headers={"Location": "/there"})
    if request.url.path == "/round":
        return httpx.Response(302, headers={"Location": "/round"})
    return httpx.Response(200, json={"host": request.url.host, "method": request.method})


def test_redirects_are_followed_where_the_caller_asks_and_nothing_is_given_away() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return redirecting(request)

    def ask(method: str, path: str, **options: Any) -> Response:
        headers = {"Authorization": "Bearer x"}
        url = f"https://api.example{path}"
        return sender.send(Request(method, url, headers=headers, options=Options(**options)))

    sender = SyncSender(follow_redirects=True, transport=httpx.MockTransport(answer))
    assert ask("GET", "/near").content == {"host": "api.example", "method": "GET"}
    with pytest.raises(errors.UnexpectedResponseError, match="to another origin, https"):
        ask("GET", "/away")
    with pytest.raises(errors.ConnectionFailed, match="redirects"):
        ask("GET", "/round")
    for method in ("POST", "PUT", "DELETE"):
        before = len(seen)
        assert (ask(method, "/near").status_code, ask(method, "/away").status_code) == (302, 307)
        assert len(seen) == before + 2
    assert ask("GET", "/near", secret=True).status_code == 302
    elsewhere = [request for request in seen if request.url.host != "api.example"]
    assert all("authorization" not in request.headers for request in elsewhere)
    sender.close()


@pytest.mark.parametrize("kind", [SyncSender, AsyncSender])
def test_http2_without_its_package_fails_at_once(
    kind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_name: str) -> None:
        return None

    monkeypatch.setattr("importlib.util.find_spec", missing)
    with pytest.raises(errors.ConfigError, match=r"pip install 'httpx\[http2\]'"):
        kind(http2=True)


@pytest.mark.parametrize(
    "arguments", [{"verify": "/missing.pem"}, {"proxy": "ftp://user:hunter2@x"}, {"cert": "/no"}]
)
def test_arguments_that_httpx_cannot_use_are_a_config_error(arguments: dict[str, Any]) -> None:
    sender = SyncSender(**arguments)
    with pytest.raises(errors.ConfigError, match="cannot create its HTTP client") as caught:
        sender.send(Request("GET", "https://x.example/"))
    assert "hunter2" not in str(caught.value)


def test_a_ca_file_of_the_callers_own_is_used_without_a_warning() -> None:
    import certifi

    sender = SyncSender(verify=certifi.where())
    assert sender.client is not None
    sender.close()


def test_no_repr_shows_what_arguments_hold() -> None:
    sender = SyncSender(auth=("u", "hunter2"), headers={"A": "hunter2"}, proxy="http://u:hunter2@x")
    chain = RetryingSender(sender=CachingSender(sender=Client(sender)))
    assert repr(chain).endswith("SyncSender(auth, headers, proxy))))")


def test_a_name_that_is_unknown_and_a_peer_that_speaks_no_tls_say_what_to_check(
    send: Callable[..., Response],
) -> None:
    with server(b"HTTP/1.1 400 no\r\n\r\n") as url, pytest.raises(errors.ConnectionFailed) as tls:
        send(Request("POST", url.replace("http:", "https:"), json={}))
    assert tls.value.sent is False
    assert "Check the URL and the proxy" in str(tls.value)
    with pytest.raises(errors.ConnectionFailed) as name:
        send(Request("POST", "http://nowhere.invalid/", json={}))
    assert name.value.sent is False
    assert "Check the host" in str(name.value)
