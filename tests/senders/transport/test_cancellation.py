"""A task that is cancelled takes no connection with it, whatever stage it was at."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from rsspot import Timeouts, errors
from rsspot.senders import AsyncSender, Options, Request
from rsspot.senders.transport.aiohttp_sender import AiohttpSender

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

FEW = httpx.Limits(max_connections=4, max_keepalive_connections=4)
TASKS = 8
STEPS = 30


class InParts(asyncio.Protocol):
    """Sends each response in parts, so that there are many moments to be cancelled at."""

    def connection_made(self, transport: Any) -> None:
        self.transport: asyncio.Transport = transport

    def data_received(self, data: bytes) -> None:
        parts = [b"HTTP/1.1 200 OK\r\n", b"content-length: 4\r\n\r\n", b"12", b"34"]
        self._send(parts * data.count(b"\r\n\r\n"))

    def _send(self, parts: list[bytes]) -> None:
        self.transport.write(parts[0])
        if parts[1:]:
            asyncio.get_running_loop().call_soon(self._send, parts[1:])


class OnlyTunnels(asyncio.Protocol):
    """A proxy that opens tunnels in which nobody speaks TLS."""

    opened = 0

    def connection_made(self, transport: Any) -> None:
        self.transport: asyncio.Transport = transport

    def data_received(self, data: bytes) -> None:
        if data.startswith(b"CONNECT"):
            type(self).opened += 1
            self.transport.write(b"HTTP/1.1 200 OK\r\n\r\n")


ENGINES: dict[str, Callable[[], Any]] = {
    "one pool": lambda: AsyncSender(transport=httpx.AsyncHTTPTransport(limits=FEW), timeout=5),
    "pooled": lambda: AsyncSender(limits=FEW, timeout=5),
    "pooled, by default": lambda: AsyncSender(timeout=5),
    "aiohttp": lambda: AiohttpSender(limits=FEW, timeout=5),
    "client of the user": lambda: AsyncSender(httpx.AsyncClient(limits=FEW, timeout=5)),
}


async def passed(steps: int) -> None:
    for _ in range(steps):
        await asyncio.sleep(0)


async def at_once(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()


async def twice(tasks: list[asyncio.Task[Any]]) -> None:
    await at_once(tasks)
    await passed(1)
    await at_once(tasks)


async def one_by_one(tasks: list[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
        await passed(1)


@pytest.mark.parametrize("cancel", [at_once, twice, one_by_one])
@pytest.mark.parametrize("engine", ENGINES)
def test_tasks_that_are_cancelled_at_any_step_leave_the_client_whole(
    engine: str, cancel: Callable[[list[asyncio.Task[Any]]], Awaitable[None]]
) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(InParts, "127.0.0.1", 0)
        request = Request("GET", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        sender = ENGINES[engine]()
        for steps in range(STEPS):
            tasks = [asyncio.create_task(sender.send(request)) for _ in range(TASKS)]
            await passed(steps)
            await cancel(tasks)
            await asyncio.gather(*tasks, return_exceptions=True)
        responses = await asyncio.gather(*(sender.send(request) for _ in range(TASKS)))
        assert {response.body for response in responses} == {b"1234"}
        await sender.close()
        server.close()

    asyncio.run(main())


@pytest.mark.parametrize("engine", ENGINES)
def test_scopes_of_anyio_that_are_cancelled_leave_the_client_whole(engine: str) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(InParts, "127.0.0.1", 0)
        request = Request("GET", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        sender = ENGINES[engine]()
        for steps in range(STEPS):
            async with anyio.create_task_group() as group:
                for _ in range(TASKS):
                    group.start_soon(sender.send, request)
                await passed(steps)
                group.cancel_scope.cancel()
        assert (await sender.send(request)).body == b"1234"
        await sender.close()
        server.close()

    asyncio.run(main())


@pytest.mark.parametrize("own", [False, True])
def test_a_task_that_is_cancelled_during_tls_through_a_proxy_leaves_no_connection(
    *, own: bool
) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        OnlyTunnels.opened = 0
        server = await loop.create_server(OnlyTunnels, "127.0.0.1", 0)
        options: Any = {
            "proxy": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",
            "limits": httpx.Limits(max_connections=1),
            "timeout": 5,
        }
        sender = AsyncSender(httpx.AsyncClient(**options)) if own else AsyncSender(**options)
        for opened in (1, 2, 3):
            task = asyncio.create_task(sender.send(Request("GET", "https://api.example/")))
            while opened > OnlyTunnels.opened:
                assert not task.done()
                await asyncio.sleep(0.001)
            await passed(20)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        await sender.close()
        server.close()

    asyncio.run(main())


@pytest.mark.parametrize("engine", ENGINES)
def test_calls_whose_total_time_ends_leave_the_client_whole(engine: str) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(InParts, "127.0.0.1", 0)
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        sender = ENGINES[engine]()
        for number in range(20):
            hurried = Options(timeouts=Timeouts(total=number / 10_000))
            ended = await asyncio.gather(
                *(sender.send(Request("GET", url, options=hurried)) for _ in range(TASKS)),
                return_exceptions=True,
            )
            failed = [each for each in ended if isinstance(each, BaseException)]
            assert all(isinstance(each, errors.DeadlineExceeded) for each in failed)
        assert (await sender.send(Request("GET", url))).body == b"1234"
        await sender.close()
        server.close()

    asyncio.run(main())


def test_a_cancelled_call_ends_though_its_transport_does_not() -> None:
    class Stubborn(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            while not over.is_set():
                try:
                    await over.wait()
                except asyncio.CancelledError:
                    continue
            return httpx.Response(200)

    over = asyncio.Event()

    async def main() -> None:
        sender = AsyncSender(transport=Stubborn())
        task = asyncio.create_task(sender.send(Request("GET", "https://api.example/")))
        await passed(5)
        task.cancel()
        await passed(5)
        assert not task.done()
        task.cancel()
        await passed(5)
        assert task.cancelled()
        over.set()
        await sender.close()

    asyncio.run(main())
