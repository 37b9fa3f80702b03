"""Run a flow once for all callers that want its result at the same time, in threads and tasks."""

from __future__ import annotations

import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar

from rsspot.flow.flow import Effect, arun, run
from rsspot.flow.forks import reset_in_child
from rsspot.flow.shared_run import GRACE, SharedRun, run_shared, start_task, start_thread

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable
    from concurrent.futures import Future

    from rsspot.flow.flow import Flow
    from rsspot.flow.shared_run import Outcome

__all__ = ["Mode", "SharedFlow", "running_loop"]

T = TypeVar("T")

Mode: TypeAlias = Literal["inline", "detached", "alone"]
"""How a flow is run: by its first caller, in its own task or thread, or alone beside a run."""

WATCH = 0.25
"""Seconds between two checks of whether the awaited run can still end."""


class SharedFlow(Generic[T]):
    """Run a flow in its first caller; callers that arrive meanwhile get the same result or error.

    In async code the run has its own task, so a cancelled caller does not end it. With `in_thread`,
    it has its own thread in sync code, for the same reason: Ctrl-C ends the wait, and the run goes
    on while `must_finish` returns true. Else the thread of the first caller runs it; if that is
    interrupted, another caller starts again. The same happens when the loop or thread of the run
    has ended, or its time is over.

    A sync call inside an event loop does not wait for a task of that loop, since neither would
    ever continue. It runs the flow alone.

    `must_finish` returns whether something would be lost if the event loop or the process ended
    during a run, which then gets a few more seconds.
    """

    def __init__(
        self, must_finish: Callable[[], bool] = lambda: True, *, in_thread: bool = False
    ) -> None:
        self.must_finish = must_finish
        self.in_thread = in_thread
        self.after_fork()
        reset_in_child(self)

    def after_fork(self) -> None:
        """Forget runs under way: their threads and tasks do not exist in the child."""
        self._guard = threading.Lock()
        # A run without any reference has been abandoned, however it ended.
        self._current: weakref.ref[SharedRun[T]] | None = None

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
    ) -> SharedRun[T] | Future[Outcome | None] | None:
        """Return a new run to start, or the future of one under way; None for a run alone.

        loop: that of an async caller.
        """
        with self._guard:
            known = self._current() if self._current is not None else None
            if known is not None and known.is_alive:
                if loop is None and known.loop is not None and known.loop is running_loop():
                    return None
                return self._queued(known)
            detached = loop is not None or self.in_thread
            flow = make("detached" if detached else "inline")
            begun = SharedRun(flow, seconds, loop, self.resolve, self.must_finish)
            self._current = weakref.ref(begun)
            entered: SharedRun[T] | Future[Outcome | None] = begun
            if loop is None and self.in_thread:
                # Before anyone else sees it, who would take a thread that is not alive for dead.
                future = self._queued(begun)
                if start_thread(begun):
                    entered = future
        if known is not None:
            known.close()
            self.resolve(known, None)
        return entered

    def queue(self, known: SharedRun[T]) -> Future[Outcome | None]:
        """Return the future of a run."""
        with self._guard:
            return self._queued(known)

    def _queued(self, known: SharedRun[T]) -> Future[Outcome | None]:
        from concurrent.futures import Future

        future: Future[Outcome | None] = Future()
        known.waiting.append(future)
        known.is_given_up = False
        return future

    def resolve(self, known: SharedRun[T], outcome: Outcome | None) -> None:
        """End a run. Without an outcome, one of its callers starts again."""
        with self._guard:
            if self._current is not None and self._current() is known:
                self._current = None
            waiting, known.waiting = known.waiting, []
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_result(outcome)

    def leave(self, future: Future[Outcome | None]) -> None:
        """Stop waiting for a run."""
        with self._guard:
            known = self._current() if self._current is not None else None
            if known is not None:
                known.waiting = [each for each in known.waiting if each is not future]

    def may_finish(self, future: Future[Outcome | None]) -> bool:
        """Return whether the run of this future can still end."""
        known = self._current() if self._current is not None else None
        return future.done() or (
            known is not None and known.is_alive and any(each is future for each in known.waiting)
        )

    def finish(self) -> Flow[None]:
        """Wait a moment for the run of this loop or of a thread, if something would be lost."""
        known = self._current() if self._current is not None else None
        if known is None or not known.is_alive:
            return
        if (known.loop is None or known.loop is running_loop()) and not known.may_stop():
            future, may_block = self.queue(known), known.loop is None
            del known
            yield _Wait(future, may_block=may_block)


class _Wait(Effect[None]):
    """Wait a moment for an outcome; in sync code not for that of a task of this thread's loop."""

    __slots__ = ("future", "may_block")

    def __init__(self, future: Future[Outcome | None], *, may_block: bool) -> None:
        self.future = future
        self.may_block = may_block

    def run(self) -> None:
        from concurrent.futures import wait

        if self.may_block:
            wait({self.future}, GRACE)

    async def arun(self) -> None:
        import asyncio

        await asyncio.wait({asyncio.wrap_future(self.future)}, timeout=GRACE)


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
            if isinstance(entered, SharedRun):
                return run_shared(entered)
            try:
                outcome = self._awaited(entered, left)
            except BaseException:
                shared.leave(entered)
                raise
            if outcome is not None:
                value: T = outcome.get()
                return value

    def _awaited(self, future: Future[Outcome | None], left: Callable[[], float]) -> Outcome | None:
        from concurrent.futures import wait

        while not wait({future}, min(WATCH, left())).done and self.shared.may_finish(future):
            if left() <= 0:
                raise TimeoutError
        return future.result() if future.done() else None

    async def arun(self) -> T:
        import asyncio

        shared, left = self.shared, _countdown(self.wait)
        while True:
            entered = shared.enter(self.make, self.seconds, asyncio.get_running_loop())
            if entered is None:
                return await arun(self.make("alone"))
            if isinstance(entered, SharedRun):
                future = shared.queue(entered)
                start_task(entered)
            else:
                future = entered
            del entered  # or the caller would keep an abandoned run alive
            try:
                outcome = await self._aawaited(future, left)
            except BaseException:
                shared.leave(future)
                raise
            if outcome is not None:
                value: T = outcome.get()
                return value

    async def _aawaited(
        self, future: Future[Outcome | None], left: Callable[[], float]
    ) -> Outcome | None:
        import asyncio

        awaited = asyncio.wrap_future(future)
        while True:
            done, _ = await asyncio.wait({awaited}, timeout=min(WATCH, left()))
            if done or not self.shared.may_finish(future):
                return awaited.result() if done else None
            if left() <= 0:
                raise TimeoutError


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
