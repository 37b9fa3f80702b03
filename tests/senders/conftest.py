"""Senders, sync and async, over a handler or a server, and a clock that tests move."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import httpx
import pytest

from rsspot.flow.flow import arun, run
from rsspot.senders import AsyncSender, Clock, Request, Response, SyncSender
from rsspot.senders.transport.engines import make_sender

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator, Iterator
    from contextlib import AbstractContextManager

    from rsspot.flow.flow import Flow
    from rsspot.senders import Sender

T = TypeVar("T")


class MovedClock(Clock):
    """Time that goes on only by waiting, which is noted."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    async def asleep(self, seconds: float) -> None:
        self.sleep(seconds)


class Wire:
    """A transport of one mode over a handler, and the requests that it received."""

    def __init__(self, *, is_async: bool, runner: asyncio.Runner) -> None:
        self.is_async = is_async
        self.requests: list[httpx.Request] = []
        self.answers: list[Any] = []
        self._runner = runner

    @property
    def end(self) -> Sender:
        """A sender that returns the items of `answers`, one after the other."""
        kind = AsyncSender if self.is_async else SyncSender
        return kind(transport=httpx.MockTransport(self._answer))

    @property
    def following(self) -> Sender:
        """The same, which follows redirects."""
        kind = AsyncSender if self.is_async else SyncSender
        return kind(transport=httpx.MockTransport(self._answer), follow_redirects=True)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        made: Any = answer(request) if callable(answer) else answer
        if isinstance(made, int):
            return httpx.Response(made, json={"status": made})
        # A response can be read once only.
        return httpx.Response(made.status_code, headers=made.headers, content=made.content)

    def send(self, sender: Sender, request: Request) -> Response:
        """Send, and wait for the answer."""
        answer = sender.send(request)
        if isinstance(answer, Response):
            assert not self.is_async
            return answer
        assert self.is_async
        return self._runner.run(answer)

    def drive(self, flow: Flow[T]) -> T:
        """Run a flow to its end."""
        return self._runner.run(arun(flow)) if self.is_async else run(flow)

    def carry_out(self, effect: Any) -> Any:
        """Carry out one effect of a flow that a test holds in its hands."""
        return self._runner.run(effect.arun()) if self.is_async else effect.run()

    def get(self, sender: Sender, path: str = "/a/b", **options: Any) -> Response:
        """Send a GET."""
        return self.send(sender, Request("GET", f"https://api.example{path}", **options))


@pytest.fixture(params=["sync", "async"])
def wire(request: pytest.FixtureRequest) -> Iterator[Wire]:
    with asyncio.Runner() as runner:
        yield Wire(is_async=request.param == "async", runner=runner)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def answer() -> Callable[..., httpx.Response]:
    def make(status: int = 200, body: Any = None, **headers: str) -> httpx.Response:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Response(status, json={} if body is None else body, headers=fields)

    return make


@contextmanager
def _serving(respond: Callable[[bytes], bytes]) -> Generator[str]:
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                received = b""
                while b"\r\n\r\n" not in received and (data := connection.recv(65536)):
                    received += data
                connection.sendall(respond(received))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


@pytest.fixture
def serving() -> Callable[[Callable[[bytes], bytes]], AbstractContextManager[str]]:
    """A server on loopback that responds with these bytes to what it received, and closes."""
    return _serving


class Engine:
    """Senders of one engine, whose calls are run to completion."""

    def __init__(self, name: str, runner: asyncio.Runner) -> None:
        self.name = name
        self._runner = runner
        self._made: list[Sender] = []

    def sender(self, *, max_body: int = 10_000_000, **arguments: Any) -> Sender:
        """A sender, made with arguments for httpx, or with a client that is made with them."""
        made: Sender
        if self.name == "sync":
            made = SyncSender(max_body=max_body, **arguments)
        elif self.name == "sync client":
            made = SyncSender(httpx.Client(**arguments), max_body=max_body)
        elif self.name == "async client":
            made = AsyncSender(httpx.AsyncClient(**arguments), max_body=max_body)
        elif self.name == "async":
            made = AsyncSender(max_body=max_body, **arguments)
        else:  # as a client chooses: through httpx where only that can do what is asked
            is_async = self.name == "aiohttp"
            made = make_sender(arguments, max_body=max_body, is_async=is_async)
        self._made.append(made)
        return made

    @property
    def is_own_client(self) -> bool:
        """Whether it sends with a client of the caller's own."""
        return self.name.endswith("client")

    def send(self, sender: Sender, request: Request) -> Response:
        """Send, and wait for the response."""
        sent = sender.send(request)
        return sent if isinstance(sent, Response) else self._runner.run(sent)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run what is to be awaited, in the loop of the async senders."""
        return self._runner.run(work)

    def pause(self, seconds: float) -> None:
        """Let a moment pass, in which an event loop goes on."""
        self._runner.run(asyncio.sleep(seconds))

    def close(self) -> None:
        """Close the senders that were made."""
        for sender in self._made:
            closing = sender.close()
            if closing is not None:
                self._runner.run(closing)


@pytest.fixture(params=["sync", "async", "http.client", "aiohttp", "sync client", "async client"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Each way of sending in turn."""
    with asyncio.Runner() as runner:
        made = Engine(request.param, runner)
        yield made
        made.close()
