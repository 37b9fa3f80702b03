"""A flow that runs shared for all who want its result: threads, and tasks of any loop."""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import errors
from rsspot.flow.flow import Effect, arun, run
from rsspot.flow.shared_flow import SharedFlow
from tests.interrupts import interrupted

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.flow import Flow

LONG = 60.0
SOON = 10.0
"""Seconds after which a test has failed. None of these waits for as long."""


class Gate(Effect[None]):
    """Wait until the test opens it; `reached` says that somebody does."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()

    def run(self) -> None:
        self.reached.set()
        assert self.opened.wait(SOON)

    async def arun(self) -> None:
        self.reached.set()
        while not self.opened.is_set():  # noqa: ASYNC110 - it is opened by other threads too
            await asyncio.sleep(0.001)


class Work:
    """A flow that counts how often it was begun, ended and left."""

    def __init__(self, result: Any = "done") -> None:
        self.gate = Gate()
        self.result = result
        self.begun = self.ended = self.left = 0

    def __call__(self, _mode: str) -> Flow[Any]:
        self.begun += 1
        try:
            yield self.gate
            self.ended += 1
        finally:
            self.left += 1
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


def asked(
    shared: SharedFlow[Any], work: Callable[[Any], Flow[Any]], wait: float | None = SOON
) -> Any:
    return run(shared.flow(work, wait=wait, seconds=LONG))


async def aasked(
    shared: SharedFlow[Any], work: Callable[[Any], Flow[Any]], wait: float = SOON
) -> Any:
    return await arun(shared.flow(work, wait=wait, seconds=LONG))


async def until(event: threading.Event) -> None:
    while not event.is_set():  # noqa: ASYNC110 - threads set it
        await asyncio.sleep(0.001)


async def queued(shared: SharedFlow[Any], count: int) -> None:
    """Wait until so many wait for the run under way, its own caller included."""
    while True:
        known = shared._current() if shared._current else None
        if known is not None and len(known.waiting) >= count:
            return
        del known
        await asyncio.sleep(0.001)


@pytest.mark.parametrize("first", ["thread", "task"])
def test_threads_and_tasks_of_two_loops_get_the_result_of_one_run(first: str) -> None:
    shared, work = SharedFlow[Any](), Work()

    def in_another_loop() -> Any:
        return asyncio.run(aasked(shared, work))

    async def main() -> list[Any]:
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(8) as pool:
            if first == "thread":
                leading: Any = loop.run_in_executor(pool, asked, shared, work)
            else:
                leading = asyncio.create_task(aasked(shared, work))
            await until(work.gate.reached)
            others = [loop.run_in_executor(pool, in_another_loop) for _ in range(2)]
            others += [loop.run_in_executor(pool, asked, shared, work) for _ in range(2)]
            tasks = [asyncio.create_task(aasked(shared, work)) for _ in range(3)]
            await queued(shared, 7)
            work.gate.opened.set()
            return list(await asyncio.gather(leading, *others, *tasks))

    assert asyncio.run(main()) == ["done"] * 8
    assert (work.begun, work.ended) == (1, 1)


def test_an_error_is_for_all_each_with_a_copy_of_its_own() -> None:
    shared, work = SharedFlow[Any](), Work(errors.AuthError("no", status=401))

    async def main() -> list[Any]:
        tasks = [asyncio.create_task(aasked(shared, work)) for _ in range(5)]
        await queued(shared, 5)
        work.gate.opened.set()
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    outcomes = asyncio.run(main())
    assert [(type(each), each.status) for each in outcomes] == [(errors.AuthError, 401)] * 5
    assert len({id(each) for each in outcomes}) == 5
    assert work.begun == 1


@pytest.mark.parametrize("cancelled", ["the first", "all", "all, and their loop ends"])
def test_a_cancelled_caller_does_not_end_the_run(cancelled: str) -> None:
    shared, work = SharedFlow[Any](), Work()

    async def main() -> list[Any]:
        tasks = [asyncio.create_task(aasked(shared, work)) for _ in range(3)]
        await queued(shared, 3)
        for task in tasks if cancelled.startswith("all") else tasks[:1]:
            task.cancel()
        outcomes = await asyncio.wait_for(asyncio.gather(*tasks[:1], return_exceptions=True), SOON)
        assert isinstance(outcomes[0], asyncio.CancelledError)
        if cancelled.endswith("ends"):
            asyncio.get_running_loop().call_later(0.05, work.gate.opened.set)
            return []
        work.gate.opened.set()
        late = [asyncio.create_task(aasked(shared, work))]
        return list(await asyncio.gather(*tasks[1:], *late, return_exceptions=True))

    outcomes = asyncio.run(main())
    assert (work.begun, work.ended) == (1, 1)
    assert outcomes.count("done") == {"the first": 3, "all": 1}.get(cancelled, 0)


def test_who_has_no_more_time_leaves_and_the_run_goes_on() -> None:
    shared, work = SharedFlow[Any](), Work()

    async def main() -> Any:
        first = asyncio.create_task(aasked(shared, work, wait=0.01))
        await until(work.gate.reached)
        patient = asyncio.create_task(aasked(shared, work))
        with pytest.raises(TimeoutError):
            await first
        with pytest.raises(TimeoutError):
            await asyncio.to_thread(asked, shared, work, 0.01)
        work.gate.opened.set()
        return await patient

    assert asyncio.run(main()) == "done"
    assert (work.begun, work.ended) == (1, 1)


@pytest.mark.parametrize("asking", ["thread", "task"])
def test_what_the_end_of_a_client_does_not_wait_for_begins_nothing_more(asking: str) -> None:
    waits, sends = Gate(), Gate()
    sends.opened.set()
    begun: list[bool] = []
    shared = SharedFlow[Any](lambda: bool(begun), in_thread=True)

    def exchange(_mode: str) -> Flow[Any]:
        yield waits
        begun.append(True)
        yield sends

    async def main() -> None:
        task = asyncio.create_task(aasked(shared, exchange))
        await until(waits.reached)
        task.cancel()
        await asyncio.wait([task])
        await arun(shared.finish())
        waits.opened.set()
        await asyncio.sleep(0.05)

    if asking == "task":
        asyncio.run(main())
    else:
        with pytest.raises(TimeoutError):
            asked(shared, exchange, 0.05)
        assert waits.reached.wait(SOON)
        run(shared.finish())
        waits.opened.set()
        for thread in threading.enumerate():
            if thread.name == "rsspot-shared":
                thread.join(SOON)
    assert begun == [True]
    assert not sends.reached.is_set()


@pytest.mark.parametrize("asking", ["thread", "task"])
def test_a_run_of_a_loop_that_stands_still_is_given_up_and_releases_what_it_holds(
    asking: str,
) -> None:
    shared, stuck, work = SharedFlow[Any](), Work(), Work()
    loop = asyncio.new_event_loop()

    async def begin() -> None:
        task = asyncio.create_task(aasked(shared, stuck))
        await until(stuck.gate.reached)
        task.cancel()

    loop.run_until_complete(begin())
    work.gate.opened.set()
    # In another thread: here it is the asking thread itself that would run the loop.
    with ThreadPoolExecutor(1) as pool:

        def call() -> Any:
            return asked(shared, work) if asking == "thread" else asyncio.run(aasked(shared, work))

        assert pool.submit(call).result(SOON) == "done"
    assert stuck.left == 1
    stuck.gate.opened.set()
    loop.run_until_complete(asyncio.sleep(0.01))
    loop.close()
    assert stuck.ended == 0


def test_who_waits_notices_that_the_loop_it_waits_for_has_stopped() -> None:
    shared, stuck, work = SharedFlow[Any](), Work(), Work()
    loop = asyncio.new_event_loop()

    async def begin() -> None:
        task = asyncio.create_task(aasked(shared, stuck))
        await until(stuck.gate.reached)
        await queued(shared, 2)
        task.cancel()

    def make(mode: Any) -> Flow[Any]:
        work.gate.opened.set()
        return work(mode)

    with ThreadPoolExecutor(1) as pool:
        running = threading.Thread(target=loop.run_until_complete, args=(begin(),))
        running.start()
        assert stuck.gate.reached.wait(SOON)
        assert pool.submit(asked, shared, make).result(SOON) == "done"
        running.join()
    loop.close()


def test_a_run_of_a_thread_that_was_interrupted_is_begun_anew() -> None:
    shared, work = SharedFlow[Any](), Work()
    interrupts = [KeyboardInterrupt(), SystemExit()]

    class Interrupted(Effect[None]):
        def run(self) -> None:
            raise interrupts.pop()

        async def arun(self) -> None:
            self.run()

    def broken(_mode: Any) -> Flow[None]:
        yield Interrupted()

    for kind in (SystemExit, KeyboardInterrupt):
        with pytest.raises(kind):
            asked(shared, broken)
        work.gate.opened.set()
        assert asked(shared, work) == "done"


def test_what_goes_wrong_in_a_flow_is_raised_where_it_is_waited_for() -> None:
    """Also what is no error of ours, and a cancellation of something else."""

    class Raised(Effect[None]):
        def __init__(self, error: BaseException) -> None:
            self.error = error

        def run(self) -> None:
            raise self.error

        async def arun(self) -> None:
            raise self.error

    for error in (ValueError("x"), asyncio.CancelledError()):

        def broken(_mode: Any, error: BaseException = error) -> Flow[None]:
            yield Raised(error)

        with pytest.raises(type(error)):
            asyncio.run(asyncio.wait_for(aasked(SharedFlow[Any](), broken), SOON))
        with pytest.raises(type(error)):
            asked(SharedFlow[Any](), broken)


def test_a_sync_call_does_not_wait_for_a_task_of_its_own_loop() -> None:
    shared, work, modes = SharedFlow[Any](), Work(), list[Any]()

    def noted(mode: Any) -> Flow[str]:
        modes.append(mode)
        yield from ()
        return "alone"

    async def main() -> tuple[Any, Any]:
        task = asyncio.create_task(aasked(shared, work))
        await until(work.gate.reached)
        alone = asked(shared, noted)
        work.gate.opened.set()
        return alone, await task

    assert asyncio.run(main()) == ("alone", "done")
    assert modes == ["alone"]


def test_a_run_that_takes_too_long_is_ended_and_its_callers_hear_of_it() -> None:
    shared, work = SharedFlow[Any](), Work()
    with pytest.raises(TimeoutError):
        asyncio.run(arun(shared.flow(work, wait=SOON, seconds=0.02)))
    assert (work.left, work.ended) == (1, 0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_process_does_not_wait_for_a_run_of_its_parent() -> None:
    shared, work, other = SharedFlow[Any](), Work(), Work()
    other.gate.opened.set()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asked, shared, work)
        assert work.gate.reached.wait(SOON)
        child = os.fork()
        if child == 0:
            os._exit(0 if asked(shared, other) == "done" else 1)
        assert os.waitpid(child, 0)[1] == 0
        work.gate.opened.set()


def test_ctrl_c_at_any_moment_of_a_run_leaves_nothing_held() -> None:
    shared, work = SharedFlow[Any](), Work()
    work.gate.opened.set()
    number = 1
    with ThreadPoolExecutor(1) as pool:
        while interrupted(lambda: asked(shared, work), number):
            # Another thread does not even wait for it, nor does this one.
            assert pool.submit(asked, shared, work, 0.0).result(SOON) == "done", number
            assert asked(shared, work, 0.0) == "done", number
            number += 1
    assert number > 20
