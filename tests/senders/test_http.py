"""The ends of the chain: real sockets on loopback, and what each failure means."""

from __future__ import annotations

import asyncio
import inspect
import os
import socket
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
from rsspot.senders.arguments import CLIENT_ARGUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

GOOD = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nX-Case: Yes\r\n\r\n{}"


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
                    if b"\r\n\r\n" not in data:
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


@pytest.fixture(params=["sync", "async", "fast"])
def send(request: pytest.FixtureRequest) -> Generator[Callable[..., Response]]:
    """Sends one request with a sender of each colour, and over the fast transport."""
    kind = request.param
    if kind == "sync":
        with_sync = SyncSender(max_body=1000)
        yield with_sync.send
        with_sync.close()
        return
    with asyncio.Runner() as runner:
        sender = AsyncSender(max_body=1000, fast=kind == "fast")

        def send_and_wait(request: Request) -> Response:
            return runner.run(sender.send(request))

        yield send_and_wait
        runner.run(sender.close())


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


def test_a_connection_that_was_lost_after_sending_may_have_been_acted_on(
    send: Callable[..., Response],
) -> None:
    hang_up = server(lambda connection: connection.shutdown(socket.SHUT_RDWR))
    with hang_up as url, pytest.raises(errors.ConnectionFailed) as caught:
        send(Request("POST", url, json={}))
    assert (caught.value.sent, caught.value.timed_out) == (True, False)


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
    with large as url, pytest.raises(errors.UnexpectedAnswerError, match="than 1,000 bytes"):
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


def test_a_closed_sender_says_so_through_any_chain() -> None:
    end = SyncSender()
    chain = CachingSender(sender=RetryingSender(sender=end))
    with server(GOOD) as url:
        chain.send(Request("GET", url))
        chain.close()
        with pytest.raises(errors.ClientClosed, match="This SyncSender is closed"):
            chain.send(Request("GET", url))
    assert end.send is not None


def test_one_async_sender_serves_one_loop_after_another() -> None:
    sender = AsyncSender()

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


def test_a_client_takes_its_colour_from_its_sender_or_replaces_it() -> None:
    assert Client(AsyncSender()).is_async
    assert not Client().is_async
    with pytest.warns(SenderConflictWarning, match="was asked to be sync"):
        assert isinstance(Client(AsyncSender(), asynchronous=False).sender, SyncSender)
    with pytest.warns(SenderConflictWarning, match="was asked to be async"):
        assert isinstance(Client(SyncSender(), asynchronous=True).sender, AsyncSender)
