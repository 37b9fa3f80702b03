"""Identical GETs at the same time are one request, and nobody's end is another's."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from rsspot import errors
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.flow.flow import arun, sleep
from rsspot.flow.shared_flow import running_loop
from rsspot.senders import AsyncSender, CachingSender, Options, Request, Response, SyncSender
from rsspot.senders.cache.single_flight import Call, SingleFlight, coalesce
from rsspot.senders.options import Timeouts

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
    calls = sender._single_flight._calls
    while sum(len(each.waiting) for each in calls.values()) < waiting:  # noqa: ASYNC110 - they are counted, not told of
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
        assert len(sender._single_flight._calls) == 0
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
        *[Request("GET", URL, json={"a": 1})] * 2,
        *[Request("GET", URL, content="x")] * 2,
        *[Request("GET", URL, headers={"If-None-Match": "*"})] * 2,
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
        leading = await next(under_way).arun()  # as a task of this loop asks
        assert leading.waiting == []
        assert len(sender._single_flight._calls) == 1
        response: Any = sender.send(GET)
        under_way.close()
        return response

    assert asyncio.run(main()).status_code == 200
    assert gate.count == 1


def total(seconds: float) -> Request:
    return Request("GET", URL, options=Options(timeouts=Timeouts(total=seconds)))


def stopped_leader(sender: CachingSender, request: Request = GET) -> asyncio.AbstractEventLoop:
    """A loop that has begun a request and stands still now."""
    loop = asyncio.new_event_loop()
    loop.create_task(awaited(sender.send(request)))  # noqa: RUF006 - it never goes on
    for _ in range(3):
        loop.run_until_complete(asyncio.sleep(0))
    assert len(sender._single_flight._calls) == 1
    return loop


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.parametrize("closed", [False, True])
def test_a_request_of_a_loop_that_stands_still_is_not_waited_for(*, closed: bool) -> None:
    gate = Gate()
    sender = gate.asynchronous()
    loop = stopped_leader(sender)
    pending = asyncio.all_tasks(loop)
    if closed:
        loop.close()
    gate.opened.set()
    assert asyncio.run(awaited(sender.send(GET))).status_code == 200
    if not closed:
        for task in pending:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        loop.close()
    for task in pending:
        task._log_destroy_pending = False  # type: ignore[attr-defined]


class Leading:
    """Someone who leads a call, whose end the test decides."""

    def __init__(self, group: SingleFlight, key: str = "k", *, is_async: bool = False) -> None:
        self.group, self.key, self.is_async = group, key, is_async
        self.began, self.ended = threading.Event(), threading.Event()
        self.call: Any = None
        self.thread = threading.Thread(target=self._lead)
        self.thread.start()
        assert self.began.wait(10)

    def _join(self) -> None:
        self.call = self.group.join(self.key, running_loop())
        assert isinstance(self.call, Call)
        self.began.set()

    def _lead(self) -> None:
        if self.is_async:
            asyncio.run(self._alead())
        else:
            self._join()
            assert self.ended.wait(10)

    async def _alead(self) -> None:
        self._join()
        while not self.ended.is_set():  # noqa: ASYNC110 - another thread sets it
            await asyncio.sleep(0.001)

    def vanish(self) -> None:
        """End without a word about the call, which stays referenced."""
        self.ended.set()
        self.thread.join()


def follow(group: SingleFlight, request: Request = GET) -> Any:
    """What becomes of one who asks for the same: a flow to be driven in either mode."""

    def send(sent: Request) -> Any:
        left = sent.options.timeouts
        yield from sleep(SYSTEM_CLOCK, 0)
        return Response(URL, content={"own": True, "left": left and left.total})

    return coalesce(group, "k", request, send)


@pytest.mark.parametrize("leader_is_async", [False, True])
def test_who_waits_for_a_leader_that_vanishes_sends_the_request(
    wire: Any, *, leader_is_async: bool
) -> None:
    group = SingleFlight()
    leader = Leading(group, is_async=leader_is_async)
    threading.Timer(0.05, leader.vanish).start()
    assert wire.drive(follow(group)).content["own"] is True
    assert leader.call.waiting[0].cancelled()
    assert len(group._calls) == 0


def test_who_waits_for_a_leader_that_is_interrupted_before_it_sends_sends_the_request(
    wire: Any,
) -> None:
    # A signal between joining and the first step leaves nobody who could end the call.
    group = SingleFlight()
    leader = Leading(group)

    def interrupt() -> None:
        leader.call = None

    threading.Timer(0.05, interrupt).start()
    assert wire.drive(follow(group)).content["own"] is True
    leader.vanish()


def test_who_waits_for_a_task_that_ended_without_a_word_sends_the_request() -> None:
    group = SingleFlight()
    calls: list[Any] = []

    async def lead() -> None:
        calls.append(group.join("k", asyncio.get_running_loop()))
        await asyncio.sleep(0.02)

    async def main() -> Response:
        task = asyncio.create_task(lead())
        await asyncio.sleep(0)
        response: Response = await arun(follow(group))
        await task
        return response

    assert asyncio.run(main()).content["own"] is True


def test_who_waits_does_so_within_its_own_total_time_and_says_for_what(wire: Any) -> None:
    group = SingleFlight()
    leader = Leading(group)
    with pytest.raises(errors.DeadlineExceeded) as raised:
        wire.drive(follow(group, total(0.05)))
    leader.vanish()
    assert "GET https://api.example/a/b got no response within its total time" in str(raised.value)
    assert "the same request of another caller" in str(raised.value)
    assert raised.value.sent is False


@pytest.mark.parametrize("leader_is_async", [False, True])
@pytest.mark.parametrize("timeouts", [None, Timeouts(total=None)])
def test_who_has_no_total_time_waits_for_a_while_and_then_sends_the_request(
    wire: Any,
    monkeypatch: pytest.MonkeyPatch,
    timeouts: Timeouts | None,
    *,
    leader_is_async: bool,
) -> None:
    monkeypatch.setattr("rsspot.senders.cache.single_flight.MAX_WAIT", 0.02)
    group = SingleFlight()
    leader = Leading(group, is_async=leader_is_async)
    request = Request("GET", URL, options=Options(timeouts=timeouts))
    assert wire.drive(follow(group, request)).content == {"own": True, "left": None}
    assert group.join("k", None) is not leader.call  # others go on waiting for the leader
    leader.vanish()


def test_who_waited_has_what_is_left_of_its_time_for_a_request_of_its_own(wire: Any) -> None:
    group = SingleFlight()
    leader = Leading(group)
    threading.Timer(0.1, leader.vanish).start()
    assert 0 < wire.drive(follow(group, total(60))).content["left"] <= 59.9


def test_who_has_more_time_than_the_leader_sends_a_request_of_its_own() -> None:
    gate = Gate(errors.DeadlineExceeded("the time of the leader"), 200)
    sender = gate.sync()
    with ThreadPoolExecutor(2) as pool:
        leading = pool.submit(sender.send, total(0.5))
        assert gate.arrived.wait(10)
        other: Any = pool.submit(sender.send, total(60))
        asyncio.run(until(1, sender))
        gate.opened.set()
        assert isinstance(leading.exception(), errors.DeadlineExceeded)
        assert other.result().content == {"n": 2}


def test_one_leads_for_all_whose_leader_has_vanished() -> None:
    gate = Gate()
    sender = gate.sync()
    group = sender._single_flight
    key: Any = None
    join = group.join

    def first(of: Any, loop: Any) -> Any:
        nonlocal key
        key = of
        return join(of, loop)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(group, "join", first)
        gate.opened.set()
        sender.send(GET)
        gate.opened.clear()
    leader = Leading(group, key)
    with ThreadPoolExecutor(10) as pool:
        calls = [pool.submit(sender.send, GET) for _ in range(10)]
        asyncio.run(until(10, sender))
        leader.vanish()
        del leader.call
        asyncio.run(until(9, sender))
        gate.opened.set()
        responses: list[Any] = [call.result() for call in calls]
    assert gate.count == 2
    assert {response.content["n"] for response in responses} == {2}


def test_a_cookie_is_not_for_those_who_wait() -> None:
    gate = Gate()
    gate.headers["Set-Cookie"] = "session=1"

    async def main() -> list[Response]:
        sender = gate.asynchronous()
        tasks = [asyncio.create_task(awaited(sender.send(GET))) for _ in range(5)]
        await until(4, sender)
        gate.opened.set()
        return await asyncio.gather(*tasks)

    assert ["set-cookie" in response.headers for response in asyncio.run(main())].count(True) == 1


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("is_async", [False, True])
def test_a_child_process_waits_for_nobody_in_its_parent(*, is_async: bool) -> None:
    group = SingleFlight()
    leader = Leading(group, is_async=is_async)
    call = leader.call
    child = os.fork()
    if child == 0:
        alone = not call.leader.is_alive and isinstance(group.join("k", None), Call)
        os._exit(0 if alone else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert call.leader.is_alive
    leader.vanish()
