"""Flows: one definition that a sync or an async caller drives.

A flow is a generator. It yields *effects* (send this request, sleep, wait for that lock) and is
sent their answers; it returns its result. It does no I/O of its own, so one definition is_usable
both colours, and a test can hold the conversation by hand::

    flow = policy.flow(request)
    effect = next(flow)              # what does it ask for?
    flow.send(Response(...))         # what does it do with that answer?

Each effect knows how it is carried out in both colours; the drivers know nothing else. The
helpers beside the effects exist for the type of the answer: ``response = yield from send(...)``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from rsspot.flow.clock import Clock
    from rsspot.flow.executors import Kind

__all__ = [
    "Block",
    "Effect",
    "Emit",
    "Flow",
    "Gather",
    "Sleep",
    "Stream",
    "aiterate",
    "arun",
    "block",
    "call_user",
    "emit",
    "gather",
    "iterate",
    "run",
    "sleep",
]

T = TypeVar("T")
P = ParamSpec("P")


class Effect(ABC, Generic[T]):
    """Something that a flow asks its driver for. `T` is the type of the answer."""

    __slots__ = ()

    @abstractmethod
    def run(self) -> T:
        """Do it in this thread."""

    @abstractmethod
    async def arun(self) -> T:
        """Do it without blocking the event loop."""


Flow: TypeAlias = Generator[Effect[Any], Any, T]


class Sleep(Effect[None]):
    """Wait for `seconds` by `clock`."""

    __slots__ = ("clock", "seconds")

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock: Clock = clock
        self.seconds: float = seconds

    def run(self) -> None:
        self.clock.sleep(self.seconds)

    async def arun(self) -> None:
        await self.clock.asleep(self.seconds)


class Block(Effect[T]):
    """Call something that may wait (a file, a database): inline, or in a thread of its `kind`."""

    __slots__ = ("call", "kind")

    def __init__(self, call: Callable[[], T], kind: Kind = "store") -> None:
        self.call: Callable[[], T] = call
        self.kind: Kind = kind

    def run(self) -> T:
        return self.call()

    async def arun(self) -> T:
        from rsspot.flow.executors import in_thread

        return await in_thread(self.kind, self.call)


class Gather(Effect[list[T]]):
    """Run several flows to their ends: side by side in async, one after another in sync.

    When one fails the others are given up, and its error is raised.
    """

    __slots__ = ("flows",)

    def __init__(self, flows: list[Flow[T]]) -> None:
        self.flows: list[Flow[T]] = flows

    def run(self) -> list[T]:
        return [run(flow) for flow in self.flows]

    async def arun(self) -> list[T]:
        import asyncio

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(arun(flow)) for flow in self.flows]
        except BaseExceptionGroup as failures:
            first = failures.exceptions[0]
        else:
            return [task.result() for task in tasks]
        raise first  # as in sync; out here it keeps its own cause and context


class Emit(Generic[T]):
    """Hand `item` to whoever iterates over this flow: no effect, only an iterator takes it."""

    __slots__ = ("item",)

    def __init__(self, item: T) -> None:
        self.item: T = item

    def run(self) -> None:
        raise TypeError("This flow is a stream: iterate over it instead of running it.")

    async def arun(self) -> None:
        self.run()


Stream: TypeAlias = Generator[Effect[Any] | Emit[T], Any, None]
"""A flow that emits items of type `T` one by one."""


def sleep(clock: Clock, seconds: float) -> Flow[None]:
    """Wait for `seconds` by `clock`."""
    yield Sleep(clock, seconds)


def block(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
    """Call `function` of the state store, which may wait, without stopping an event loop."""
    result: T = yield Block(lambda: function(*args, **kwargs))
    return result


def call_user(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
    """Call a plain `function` of the user's, which may wait, without stopping an event loop."""
    result: T = yield Block(lambda: function(*args, **kwargs), "user")
    return result


def gather(flows: list[Flow[T]]) -> Flow[list[T]]:
    """Run `flows` to their ends and answer their results, in the same order."""
    results: list[T] = yield Gather(flows)
    return results


def emit(item: T) -> Stream[T]:
    """Hand `item` to whoever iterates over this flow."""
    yield Emit(item)


def run(flow: Flow[T]) -> T:
    """Drive `flow` to its end in this thread. No event loop is made or needed."""
    try:
        effect = next(flow)
        while True:
            try:
                result = effect.run()
            except BaseException as error:  # noqa: BLE001 - the flow decides what an error means
                effect = flow.throw(error)
            else:
                effect = flow.send(result)
    except StopIteration as stop:
        returned: T = stop.value
        return returned


async def arun(flow: Flow[T]) -> T:
    """Drive `flow` to its end in the running loop; a cancellation is thrown into the flow."""
    try:
        effect = next(flow)
        while True:
            try:
                result = await effect.arun()
            except BaseException as error:  # noqa: BLE001 - the flow decides what an error means
                effect = flow.throw(error)
            else:
                effect = flow.send(result)
    except StopIteration as stop:
        returned: T = stop.value
        return returned


def iterate(flow: Stream[T]) -> Iterator[T]:
    """Drive a stream: yield what it emits, carry out its other effects in this thread."""
    try:
        effect = next(flow)
        while True:
            try:
                result: Any = None
                if isinstance(effect, Emit):
                    yield effect.item
                else:
                    result = effect.run()
            except BaseException as error:  # noqa: BLE001 - the flow decides what an error means
                effect = flow.throw(error)
            else:
                effect = flow.send(result)
    except StopIteration:
        return
    finally:
        flow.close()


async def aiterate(flow: Stream[T]) -> AsyncIterator[T]:
    """Drive a stream: yield what it emits, carry out its other effects in the running loop."""
    try:
        effect = next(flow)
        while True:
            try:
                result: Any = None
                if isinstance(effect, Emit):
                    yield effect.item
                else:
                    result = await effect.arun()
            except BaseException as error:  # noqa: BLE001 - the flow decides what an error means
                effect = flow.throw(error)
            else:
                effect = flow.send(result)
    except StopIteration:
        return
    finally:
        flow.close()
