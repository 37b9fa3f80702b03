"""Flows and the lock for both modes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from rsspot.flow.blocking import block
from rsspot.flow.flow import Effect, aiterate, arun, emit, gather, iterate, run, sleep

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.flow import Flow, Stream


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


def test_a_stream_gives_its_items_in_both_modes() -> None:
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

    class Long(Effect[None]):
        def run(self) -> None:
            raise NotImplementedError

        async def arun(self) -> None:
            await asyncio.sleep(60)

    def flow() -> Flow[None]:
        try:
            yield Long()
        except BaseException as error:
            seen.append(type(error))
            raise

    async def main() -> None:
        task = asyncio.create_task(arun(flow()))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert seen == [asyncio.CancelledError]
