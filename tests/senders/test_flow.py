"""Flows and the lock for both colours."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.senders.flow import (
    aiterate,
    arun,
    block,
    emit,
    exclusive,
    gather,
    iterate,
    run,
    sleep,
)
from rsspot.senders.lock import Lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.senders.flow import (
        Flow,
        Stream,
    )


@pytest.fixture(params=["sync", "async"])
def drive(request: pytest.FixtureRequest) -> Callable[[Flow[Any]], Any]:
    return run if request.param == "sync" else lambda flow: asyncio.run(arun(flow))


def test_effects_are_done_and_their_answers_come_back(
    drive: Callable[[Flow[Any]], Any], clock: Any
) -> None:
    def double(number: int) -> Flow[int]:
        yield from sleep(clock, 1)
        return 2 * number

    def flow() -> Flow[list[int]]:
        first = yield from block(int, "3")
        with (yield from exclusive(Lock())):
            return (yield from gather([double(first), double(4)]))

    assert drive(flow()) == [6, 8]
    assert clock.slept == [1, 1]


def test_an_error_comes_up_where_it_was_asked_for(drive: Callable[[Flow[Any]], Any]) -> None:
    def flow() -> Flow[str]:
        try:
            yield from block(int, "x")
        except ValueError as error:
            return f"caught {error}"
        return "missed"

    assert drive(flow()).startswith("caught invalid literal")


def test_an_error_among_several_flows_comes_up_as_itself_with_its_cause(
    drive: Callable[[Flow[Any]], Any],
) -> None:
    def failing() -> Flow[int]:
        try:
            return (yield from block(int, "x"))
        except ValueError as error:
            raise KeyError("y") from error

    with pytest.raises(KeyError, match="y") as caught:
        drive(gather([block(int, "1"), failing(), block(int, "2")]))
    assert isinstance(caught.value.__cause__, ValueError)
    assert not isinstance(caught.value.__context__, BaseExceptionGroup)


def numbers() -> Stream[int]:
    for number in range(3):
        yield from emit(number)


def test_a_stream_gives_its_items_in_both_colours() -> None:
    async def collected() -> list[int]:
        return [number async for number in aiterate(numbers())]

    assert list(iterate(numbers())) == asyncio.run(collected()) == [0, 1, 2]


def test_a_stream_that_is_left_early_is_closed() -> None:
    closed: list[bool] = []

    def stream() -> Stream[int]:
        try:
            yield from emit(1)
            yield from emit(2)
        finally:
            closed.append(True)

    items = iterate(stream())
    assert next(items) == 1
    items.close()  # type: ignore[attr-defined]  # what iterate gives is a generator
    assert closed == [True]


def test_a_cancellation_is_thrown_into_the_flow() -> None:
    seen: list[type[BaseException]] = []

    def flow(lock: Lock) -> Flow[None]:
        try:
            with (yield from exclusive(lock)):
                pass
        except BaseException as error:
            seen.append(type(error))
            raise

    async def main() -> None:
        lock = Lock()
        with lock.acquire():
            task = asyncio.create_task(arun(flow(lock)))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        with await lock.aacquire():
            pass

    asyncio.run(main())
    assert seen == [asyncio.CancelledError]


def test_who_comes_first_holds_the_lock_first_whatever_the_colour() -> None:
    lock = Lock()
    order: list[str] = []

    async def task(name: str) -> None:
        with await lock.aacquire():
            order.append(name)

    def thread() -> None:
        with lock.acquire():
            order.append("thread")

    async def main() -> None:
        other = threading.Thread(target=thread)
        with await lock.aacquire():
            first = asyncio.create_task(task("first"))
            await asyncio.sleep(0)
            other.start()
            while len(lock._waiters) < 2:  # noqa: ASYNC110 - a thread is waited for
                await asyncio.sleep(0)
            last = asyncio.create_task(task("last"))
            await asyncio.sleep(0)
        await first
        await last
        other.join()

    asyncio.run(main())
    assert order == ["first", "thread", "last"]


def test_a_sync_call_does_not_wait_for_a_task_of_its_own_loop() -> None:
    lock = Lock()

    async def main() -> bool:
        with await lock.aacquire(), lock.acquire():
            return True

    assert asyncio.run(main())


def test_a_wait_for_the_lock_that_ends_leaves_no_trace() -> None:
    lock = Lock()

    async def in_a_task() -> None:
        with await lock.aacquire(0.01):
            pass

    with lock.acquire():
        with pytest.raises(TimeoutError):
            lock.acquire(0.01)
        with pytest.raises(TimeoutError):
            asyncio.run(in_a_task())
    asyncio.run(in_a_task())
    with lock.acquire(0):
        pass


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_in_a_child_process_the_lock_is_free() -> None:
    lock = Lock()
    with lock.acquire():
        child = os.fork()
        if child == 0:
            with lock.acquire():
                os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
