"""Run a flow once for all callers that want its result at the same time, in threads and tasks."""

from __future__ import annotations

import sys
import threading
import time
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

from rsspot.errors import DeadlineExceeded, RSSpotError
from rsspot.flow.flow import Effect, arun, run
from rsspot.flow.forks import reset_in_child

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable
    from concurrent.futures import Future

    from rsspot.flow.flow import Flow

__all__ = ["Mode", "SharedFlow", "running_loop"]

T = TypeVar("T")

Mode: TypeAlias = Literal["inline", "detached", "alone"]
"""How a flow is run: by its first caller, in its own task, or alone beside a run under way."""

WATCH = 0.25
"""Seconds between two checks of whether the awaited run can still end."""
GRACE = 5.0
"""Maximum seconds that `finish` waits."""


class _Run(Generic[T]):
    """One run under way, and the callers that wait for its outcome."""

    def __init__(self, flow: Flow[T], seconds: float, loop: AbstractEventLoop | None) -> None:
        self.flow = flow
        self.seconds = seconds
        self.loop = loop
        self.thread: threading.Thread = threading.current_thread()
        self.ends: float = time.monotonic() + seconds
        self.waiting: list[Future[_Outcome | None]] = []

    @property
    def is_alive(self) -> bool:
        """Return whether the run can still end.

        A thread that calls this during its own run was interrupted in that run. A loop that is not
        running never finishes its tasks.
        """
        if time.monotonic() > self.ends:
            return False
        if self.loop is not None:
            return self.loop.is_running()
        return self.thread.is_alive() and self.thread is not threading.current_thread()

    def close(self) -> None:
        """Abandon the flow where it is, which releases what it holds."""
        with suppress(ValueError, RuntimeError, RSSpotError):  # it is being run after all
            self.flow.close()


class _Outcome:
    __slots__ = ("error", "value")

    def __init__(self, value: Any, error: BaseException | None = None) -> None:
        self.value: Any = value
        self.error: BaseException | None = error

    def get(self) -> Any:
        error = self.error
        if error is not None:
            raise error.again() if isinstance(error, RSSpotError) else error
        return self.value


class SharedFlow(Generic[T]):
    """Run a flow in its first caller; callers that arrive meanwhile get the same result or error.

    In async code the run has its own task, so a cancelled caller does not end it. In sync code
    the thread of the first caller runs it; if that is interrupted, another caller starts again. The
    same happens when the loop or thread of the run has ended, or its time is over.

    A sync call inside an event loop does not wait for a task of that loop, since neither would
    ever continue. It runs the flow alone.

    `must_finish` returns whether something would be lost if the event loop ended during a run,
    which then gets a few more seconds.
    """

    def __init__(self, must_finish: Callable[[], bool] = lambda: True) -> None:
        self.must_finish = must_finish
        self.after_fork()
        reset_in_child(self)

    def after_fork(self) -> None:
        """Forget runs under way: their threads and tasks do not exist in the child."""
        self._guard = threading.Lock()
        # A run without any reference has been abandoned, however it ended.
        self._current: weakref.ref[_Run[T]] | None = None

    def flow(
        self, make: Callable[[Mode], Flow[T]], *, wait: float | None, seconds: float
    ) -> Flow[T]:
        """Run the flow that `make` returns, or return the outcome of the run under way.

        wait: maximum seconds for this caller; None has no limit. seconds: maximum for the run.
        Raises `TimeoutError` when the time of this caller is over.
        """
        result: T = yield _Join(self, make, wait, seconds)
        return result

    def enter(
        self, make: Callable[[Mode], Flow[T]], seconds: float, loop: AbstractEventLoop | None
    ) -> _Run[T] | Future[_Outcome | None] | None:
        """Return a new run to start, or the future of the one under way; None for a run alone.

        loop: that of an async caller.
        """
        with self._guard:
            known = self._current() if self._current is not None else None
            if known is not None and known.is_alive:
                if loop is None and known.loop is not None and known.loop is running_loop():
                    return None
                return self._queued(known)
            begun = _Run(make("inline" if loop is None else "detached"), seconds, loop)
            self._current = weakref.ref(begun)
        if known is not None:
            known.close()
            self.resolve(known, None)
        return begun

    def queue(self, known: _Run[T]) -> Future[_Outcome | None]:
        """Return the future of a run."""
        with self._guard:
            return self._queued(known)

    def _queued(self, known: _Run[T]) -> Future[_Outcome | None]:
        from concurrent.futures import Future

        future: Future[_Outcome | None] = Future()
        known.waiting.append(future)
        return future

    def resolve(self, known: _Run[T], outcome: _Outcome | None) -> None:
        """End a run. Without an outcome, one of its callers starts again."""
        with self._guard:
            if self._current is not None and self._current() is known:
                self._current = None
            waiting, known.waiting = known.waiting, []
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_result(outcome)

    def may_finish(self, future: Future[_Outcome | None]) -> bool:
        """Return whether the run of this future can still end."""
        known = self._current() if self._current is not None else None
        return future.done() or (
            known is not None and known.is_alive and any(each is future for each in known.waiting)
        )

    async def finish(self) -> None:
        """Wait a moment for the run of this loop, if something would be lost with it."""
        import asyncio

        if not self.must_finish():
            return
        known = self._current() if self._current is not None else None
        if known is not None and known.loop is running_loop() and known.is_alive:
            future = asyncio.wrap_future(self.queue(known))
            del known
            await asyncio.wait({future}, timeout=GRACE)


class _Join(Effect[T]):
    """Run a flow, or wait for the outcome of the same one."""

    __slots__ = ("make", "seconds", "shared", "wait")

    def __init__(
        self,
        shared: SharedFlow[T],
        make: Callable[[Mode], Flow[T]],
        wait: float | None,
        seconds: float,
    ) -> None:
        self.shared = shared
        self.make = make
        self.wait = wait
        self.seconds = seconds

    def run(self) -> T:
        shared, left = self.shared, _countdown(self.wait)
        while True:
            entered = shared.enter(self.make, self.seconds, None)
            if entered is None:
                return run(self.make("alone"))
            if isinstance(entered, _Run):
                return _lead(shared, entered)
            from concurrent.futures import wait

            while not wait({entered}, min(WATCH, left())).done and shared.may_finish(entered):
                if left() <= 0:
                    raise TimeoutError
            outcome = entered.result() if entered.done() else None
            if outcome is not None:
                value: T = outcome.get()
                return value

    async def arun(self) -> T:
        import asyncio

        shared, left = self.shared, _countdown(self.wait)
        while True:
            entered = shared.enter(self.make, self.seconds, asyncio.get_running_loop())
            if entered is None:
                return await arun(self.make("alone"))
            future = _detach(shared, entered) if isinstance(entered, _Run) else entered
            del entered  # or the caller would keep an abandoned run alive
            awaited = asyncio.wrap_future(future)
            while True:
                done, _ = await asyncio.wait({awaited}, timeout=min(WATCH, left()))
                if done or not shared.may_finish(future):
                    break
                if left() <= 0:
                    raise TimeoutError
            outcome = awaited.result() if done else None
            if outcome is not None:
                value: T = outcome.get()
                return value


def _lead(shared: SharedFlow[T], known: _Run[T]) -> T:
    outcome: _Outcome | None = None
    try:
        value = run(known.flow)
        outcome = _Outcome(value)
    except DeadlineExceeded:
        raise  # the time of this caller is over; others have their own
    except Exception as error:
        outcome = _Outcome(None, error)
        raise
    finally:
        known.close()
        shared.resolve(known, outcome)
    return value


def _detach(shared: SharedFlow[T], known: _Run[T]) -> Future[_Outcome | None]:
    from rsspot.flow.tasks import start

    future = shared.queue(known)
    start(_drive(shared, known), must_finish=shared.must_finish)
    return future


async def _drive(shared: SharedFlow[T], known: _Run[T]) -> None:
    import asyncio

    outcome: _Outcome | None = None
    try:
        async with asyncio.timeout(known.seconds):
            outcome = _Outcome(await arun(known.flow))
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        outcome = _Outcome(None, error)  # of something that the flow waited for
    except Exception as error:  # noqa: BLE001 - raised again for each who waits
        outcome = _Outcome(None, error)
    finally:
        known.close()
        shared.resolve(known, outcome)


def _countdown(seconds: float | None) -> Callable[[], float]:
    """Return a function that returns the seconds that are left from now on."""
    if seconds is None:
        return lambda: WATCH
    ends = time.monotonic() + seconds
    return lambda: ends - time.monotonic()


def running_loop() -> AbstractEventLoop | None:
    """Return the event loop of this thread, or None."""
    # A process that never imported asyncio has no loop, and this avoids the import.
    asyncio = sys.modules.get("asyncio")
    return asyncio._get_running_loop() if asyncio else None  # noqa: SLF001 - documented, public in effect
