"""Flows: one definition that is run in sync or in async code.

A flow is a generator. It yields *effects* (send this request, sleep, wait for that lock), receives
their results, and returns its own. It does no I/O itself, so one definition serves both modes, and
a test can run it step by step::

    flow = policy.flow(request)
    effect = next(flow)              # which effect does it want?
    flow.send(Response(...))         # what does it do with that result?

An effect defines how it is carried out in each mode; the drivers (`run`, `arun`) know nothing else.
The helper functions beside the effects give the result its type:
``response = yield from send(...)``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from rsspot.flow.clock import Clock

__all__ = [
    "Abandoned",
    "CallUser",
    "Effect",
    "Emit",
    "Flow",
    "Gather",
    "Sleep",
    "Stream",
    "aiterate",
    "arun",
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
    """Something that a flow asks its driver to do. `T` is the type of the result."""

    __slots__ = ()

    @abstractmethod
    def run(self) -> T:
        """Do it in this thread."""

    @abstractmethod
    async def arun(self) -> T:
        """Do it without blocking the event loop."""


Flow: TypeAlias = Generator[Effect[Any], Any, T]


class Sleep(Effect[None]):
    """Sleep for `seconds` on `clock`."""

    __slots__ = ("clock", "seconds")

    def __init__(self, clock: Clock, seconds: float) -> None:
        self.clock: Clock = clock
        self.seconds: float = seconds

    def run(self) -> None:
        self.clock.sleep(self.seconds)

    async def arun(self) -> None:
        await self.clock.asleep(self.seconds)


class CallUser(Effect[Any]):
    """Call a user's function, which may be sync or async.

    In async code, a sync function is called in a thread.

    call: the function, without arguments.
    refuse: returns the error for an async function in sync code; by default its awaitable is
    returned.
    """

    __slots__ = ("call", "refuse")

    def __init__(
        self, call: Callable[[], Any], refuse: Callable[[], Exception] | None = None
    ) -> None:
        self.call: Callable[[], Any] = call
        self.refuse: Callable[[], Exception] | None = refuse

    def run(self) -> Any:
        value = self.call()
        if self.refuse is None or not hasattr(value, "__await__"):
            return value
        close = getattr(value, "close", None)
        if close is not None:
            close()
        raise self.refuse()

    async def arun(self) -> Any:
        import inspect

        if inspect.iscoroutinefunction(self.call):
            return await self.call()
        from rsspot.flow.executors import in_thread

        value = await in_thread("user", self.call)
        return await value if inspect.isawaitable(value) else value


class Gather(Effect[list[T]]):
    """Run several flows: concurrently in async code, one after another in sync code.

    When one fails, the others are cancelled and its error is raised.
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
        raise first  # as in sync code; raised here, it keeps its own cause and context


class Emit(Generic[T]):
    """Pass `item` to the iterator over this flow. Only an iterator can carry this out."""

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
    """Sleep for `seconds` on `clock`."""
    yield Sleep(clock, seconds)


def call_user(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Flow[T]:
    """Call a user's function, which may block, without blocking an event loop."""
    result: T = yield CallUser(lambda: function(*args, **kwargs))
    return result


def gather(flows: list[Flow[T]]) -> Flow[list[T]]:
    """Run flows and return their results in the same order."""
    results: list[T] = yield Gather(flows)
    return results


def emit(item: T) -> Stream[T]:
    """Pass `item` to the iterator over this flow."""
    yield Emit(item)


class Abandoned(Exception):
    """A flow was not run to its end, because its result was not wanted any more."""


def run(flow: Flow[T], is_wanted: Callable[[], bool] | None = None) -> T:
    """Run a flow in this thread. It neither makes nor needs an event loop.

    is_wanted: returns whether to go on, before each effect; None to go on to the end.

    Raises `Abandoned` if it stops before the end.
    """
    try:
        effect = next(flow)
        while is_wanted is None or is_wanted():
            try:
                result = effect.run()
            except BaseException as error:  # noqa: BLE001 - the flow decides what an error means
                effect = flow.throw(error)
            else:
                effect = flow.send(result)
    except StopIteration as stop:
        returned: T = stop.value
        return returned
    raise Abandoned


async def arun(flow: Flow[T], is_wanted: Callable[[], bool] | None = None) -> T:
    """Run a flow in the running event loop, as `run` does. A cancellation is raised inside it."""
    try:
        effect = next(flow)
        while is_wanted is None or is_wanted():
            try:
                result = await effect.arun()
            except BaseException as error:  # noqa: BLE001 - the flow decides what an error means
                effect = flow.throw(error)
            else:
                effect = flow.send(result)
    except StopIteration as stop:
        returned: T = stop.value
        return returned
    raise Abandoned


def iterate(flow: Stream[T]) -> Iterator[T]:
    """Iterate over what a stream emits, and carry out its other effects in this thread."""
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
    """Iterate over what a stream emits, and carry out its other effects in the running loop."""
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
