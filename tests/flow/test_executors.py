"""Threads of the package's own: for the state store, for user code, for names."""

from __future__ import annotations

import asyncio
import os
import threading
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.flow import executors
from rsspot.flow.blocking import block
from rsspot.flow.executors import executor, in_thread
from rsspot.flow.flow import arun, call_user, run

if TYPE_CHECKING:
    from rsspot.flow.executors import Kind

NUMBER: ContextVar[int] = ContextVar("number")
KINDS: tuple[Kind, ...] = ("store", "user", "names")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_call_has_threads_of_its_own(kind: Kind) -> None:
    async def main() -> str:
        return await in_thread(kind, lambda: threading.current_thread().name)

    assert asyncio.run(main()).startswith(f"rsspot-{kind}")


def test_store_work_goes_on_while_user_code_fills_its_threads_and_waits_for_the_loop() -> None:
    count = 100

    async def main() -> list[Any]:
        loop = asyncio.get_running_loop()

        async def stored(number: int) -> int:
            return await arun(block(int, str(number)))

        def step(number: int) -> int:
            return asyncio.run_coroutine_threadsafe(stored(number), loop).result(10)

        return await asyncio.gather(*(arun(call_user(step, number)) for number in range(count)))

    assert asyncio.run(main()) == list(range(count))


@pytest.mark.parametrize("error", [StopIteration("x"), StopAsyncIteration(), GeneratorExit()])
def test_no_exception_of_user_code_hangs_whoever_waits_for_it(error: BaseException) -> None:
    def raises() -> None:
        raise error

    async def main() -> None:
        await asyncio.wait_for(arun(call_user(raises)), 10)

    with pytest.raises((RuntimeError, StopAsyncIteration, GeneratorExit)):
        asyncio.run(main())
    with pytest.raises((RuntimeError, StopAsyncIteration, GeneratorExit)):
        run(call_user(raises))


def test_the_context_of_the_caller_goes_with_a_call_and_nothing_comes_back() -> None:
    def change() -> int:
        before = NUMBER.get()
        NUMBER.set(2)
        return before

    async def main() -> tuple[int, int]:
        NUMBER.set(1)
        return await in_thread("user", change), NUMBER.get()

    assert asyncio.run(main()) == (1, 1)


def test_a_call_happens_once_and_here_if_the_system_has_no_more_threads(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    called: list[int] = []

    def work(number: int) -> int:
        called.append(number)
        return number

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async def main(count: int) -> list[int]:
        return await asyncio.gather(*(in_thread("user", work, each) for each in range(count)))

    monkeypatch.setitem(executors.THREADS, "user", 64)
    executors._executors.after_fork()
    with monkeypatch.context() as full:
        full.setattr(threading.Thread, "start", refuse)
        assert asyncio.run(main(1)) == [0]
    called.clear()
    assert asyncio.run(main(1)) == [0]  # one thread, which finds what was queued before, too
    with monkeypatch.context() as full:
        full.setattr(threading.Thread, "start", refuse)
        assert asyncio.run(main(20)) == [*range(20)]
    executor("user").submit(int).result(10)  # what was queued has been taken from the queue
    assert sorted(called) == sorted([0, *range(20)])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_process_has_threads_of_its_own() -> None:
    assert executor("store").submit(int, "1").result(10) == 1
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if executor("store").submit(int, "2").result(10) == 2 else 1)
        finally:
            os._exit(2)
    assert os.waitpid(child, 0)[1] == 0
