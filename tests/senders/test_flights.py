"""Identical GETs at the same time are one request, and nobody's end is another's."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import errors
from rsspot.senders import AsyncSender, CachingSender, Options, Request, SyncSender
from rsspot.senders.flights import Flights

if TYPE_CHECKING:
    from rsspot.senders import Response

URL = "https://api.example/a/b"
GET = Request("GET", URL)


class Gate:
    """An API that answers no request before it is told to, and counts them."""

    def __init__(self, *answers: Any, cacheable: bool = False) -> None:
        self.answers = list(answers) or [200]
        self.headers = {"Cache-Control": "max-age=60" if cacheable else "no-store"}
        self.count = 0
        self.arrived = threading.Event()
        self.opened = threading.Event()

    def _answer(self, _request: httpx.Request) -> httpx.Response:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer, json={"n": self.count}, headers=self.headers)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.count += 1
        self.arrived.set()
        assert self.opened.wait(10)
        return self._answer(request)

    async def later(self, request: httpx.Request) -> httpx.Response:
        self.count += 1
        self.arrived.set()
        while not self.opened.is_set():  # noqa: ASYNC110 - threads open it too
            await asyncio.sleep(0.001)
        return self._answer(request)

    def sync(self) -> CachingSender:
        return CachingSender(sender=SyncSender(transport=httpx.MockTransport(self)))

    def asynchronous(self) -> CachingSender:
        return CachingSender(sender=AsyncSender(transport=httpx.MockTransport(self.later)))


async def awaited(answer: Any) -> Response:
    response: Response = await answer
    return response


async def until(waiting: int, sender: CachingSender) -> None:
    """Let the tasks go on until so many wait for a flight."""
    flights = sender._flights._under_way
    while sum(len(each.waiting) for each in flights.values()) < waiting:  # noqa: ASYNC110 - they are counted, not told of
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("cacheable", [True, False])
def test_tasks_that_ask_the_same_share_one_request_and_not_one_object(*, cacheable: bool) -> None:
    gate = Gate(cacheable=cacheable)

    async def main() -> list[Response]:
        sender = gate.asynchronous()
        tasks = [asyncio.create_task(awaited(sender.send(GET))) for _ in range(50)]
        await until(49, sender)
        gate.opened.set()
        return await asyncio.gather(*tasks)

    responses = asyncio.run(main())
    assert gate.count == 1
    assert {response.content["n"] for response in responses} == {1}
    assert len({id(response.content) for response in responses}) == 50


@pytest.mark.parametrize("cacheable", [True, False])
def test_threads_that_ask_the_same_share_one_request(*, cacheable: bool) -> None:
    gate = Gate(cacheable=cacheable)
    sender = gate.sync()
    with ThreadPoolExecutor(20) as pool:
        calls = [pool.submit(sender.send, GET) for _ in range(20)]
        asyncio.run(until(19, sender))
        gate.opened.set()
        responses: list[Any] = [call.result() for call in calls]
    assert gate.count == 1
    assert [response.content["n"] for response in responses] == [1] * 20


def test_tasks_of_two_loops_share_one_request() -> None:
    gate = Gate()
    sender = gate.asynchronous()
    seen: list[int] = []

    async def ask() -> None:
        seen.append((await awaited(sender.send(GET))).content["n"])

    other = threading.Thread(target=lambda: asyncio.run(ask()))

    async def main() -> None:
        task = asyncio.create_task(ask())
        while not gate.arrived.is_set():  # noqa: ASYNC110 - the API is not ours to await
            await asyncio.sleep(0.001)
        other.start()
        await until(1, sender)
        gate.opened.set()
        await task

    asyncio.run(main())
    other.join()
    assert (gate.count, seen) == (1, [1, 1])


@pytest.mark.parametrize("cancelled", [0, 3])
def test_who_is_cancelled_takes_nobody_along(cancelled: int) -> None:
    gate = Gate()

    async def main() -> list[Any]:
        sender = gate.asynchronous()
        tasks = [asyncio.create_task(awaited(sender.send(GET))) for _ in range(10)]
        await until(9, sender)
        tasks[cancelled].cancel()
        await asyncio.sleep(0.01)
        gate.opened.set()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert sender._flights._under_way == {}
        return outcomes

    outcomes = asyncio.run(main())
    assert isinstance(outcomes.pop(cancelled), asyncio.CancelledError)
    assert {outcome.status_code for outcome in outcomes} == {200}
    # The request of a task that is cancelled ends with it; one other asks again, for all.
    assert gate.count == (2 if cancelled == 0 else 1)


@pytest.mark.parametrize("failure", [httpx.ReadError("lost"), 500])
def test_a_failure_is_for_all_who_wait_each_with_a_copy(failure: Any) -> None:
    gate = Gate(failure)

    async def main() -> list[Any]:
        sender = gate.asynchronous()
        tasks = [asyncio.create_task(awaited(sender.send(GET))) for _ in range(10)]
        await until(9, sender)
        gate.opened.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    outcomes = asyncio.run(main())
    assert gate.count == 1
    assert len({id(outcome) for outcome in outcomes}) == 10
    if isinstance(failure, Exception):
        assert {type(outcome) for outcome in outcomes} == {errors.ConnectionFailed}
        assert all(isinstance(outcome.__cause__, httpx.ReadError) for outcome in outcomes)
    else:
        assert {outcome.status_code for outcome in outcomes} == {500}


def test_only_what_asks_the_same_in_the_same_way_is_one() -> None:
    gate = Gate()
    others = [
        Request("GET", f"{URL}c"),
        Request("GET", URL, params={"a": 1}),
        Request("GET", URL, headers={"Accept": "text/plain"}),
        Request("GET", URL, options=Options(cache="bypass")),
        Request("GET", URL, options=Options(secret=True)),
        Request("HEAD", URL),
    ]

    async def main() -> None:
        sender = gate.asynchronous()
        tasks = [asyncio.create_task(awaited(sender.send(each))) for each in (GET, *others)]
        while gate.count < 1 + len(others):  # noqa: ASYNC110 - the API is not ours to await
            await asyncio.sleep(0.001)
        gate.opened.set()
        await asyncio.gather(*tasks)

    asyncio.run(main())
    assert gate.count == 1 + len(others)


def test_a_read_after_a_write_does_not_join_one_from_before_it() -> None:
    gate = Gate()

    async def main() -> None:
        sender = gate.asynchronous()
        before = asyncio.create_task(awaited(sender.send(GET)))
        while gate.count < 1:  # noqa: ASYNC110 - the API is not ours to await
            await asyncio.sleep(0.001)
        write = asyncio.create_task(awaited(sender.send(Request("PUT", URL))))
        await asyncio.sleep(0.005)
        after = asyncio.create_task(awaited(sender.send(GET)))
        while gate.count < 3:  # noqa: ASYNC110 - the API is not ours to await
            await asyncio.sleep(0.001)
        gate.opened.set()
        await asyncio.gather(before, write, after)

    asyncio.run(main())
    assert gate.count == 3


def test_a_sync_call_in_a_running_loop_waits_for_no_flight() -> None:
    gate = Gate()
    gate.opened.set()
    sender = gate.sync()

    async def main() -> Any:
        under_way = sender.flow(GET)
        await next(under_way).arun()  # as a task of this loop asks
        assert len(sender._flights._under_way) == 1
        response: Any = sender.send(GET)
        under_way.close()
        return response

    assert asyncio.run(main()).status_code == 200
    assert gate.count == 1


def test_a_flight_of_a_loop_that_stands_still_is_not_waited_for() -> None:
    flights = Flights()
    loop = asyncio.new_event_loop()
    first, nothing = flights.board("k", loop)
    assert nothing is None
    second, future = flights.board("k", None)
    assert (future, second is first) == (None, False)
    first.abandon()
    assert flights.board("k", None)[1] is not None
    loop.close()


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_process_waits_for_nobody_in_its_parent() -> None:
    flights = Flights()
    flights.board("k", None)
    child = os.fork()
    if child == 0:
        os._exit(0 if flights.board("k", None)[1] is None else 1)
    assert os.waitpid(child, 0)[1] == 0
