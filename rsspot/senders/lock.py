"""One lock for both colours: threads wait for it, and so do tasks of any event loop."""

from __future__ import annotations

import sys
import threading
from collections import deque
from contextlib import nullcontext
from typing import TYPE_CHECKING, NamedTuple

from rsspot.forks import reset_in_child

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from concurrent.futures import Future
    from contextlib import AbstractContextManager
    from types import TracebackType

__all__ = ["Lock", "running_loop"]


class _Waiter(NamedTuple):
    turn: Future[None]
    loop: AbstractEventLoop | None


class Lock:
    """A first-come, first-served mutex that is handed from holder to waiter.

    A `threading.Lock` would stop an event loop while it waits, an `asyncio.Lock` belongs to one
    loop. Here a waiter is a future: a thread waits for its result, a task awaits it.

    A sync call inside a running loop does not wait for a task of that same loop: neither would
    ever go on. It passes without the lock, so what the lock guards must be safe (if wasteful) to
    do twice. In a child process after `fork` the lock is free, whoever held it in the parent.
    """

    def __init__(self) -> None:
        self.after_fork()
        reset_in_child(self)

    def after_fork(self) -> None:
        """Be free: whoever held the lock is not in the child."""
        self._guard = threading.Lock()
        self._held = False
        self._holder: AbstractEventLoop | None = None
        self._waiters: deque[_Waiter] = deque()

    def acquire(self, seconds: float | None = None) -> AbstractContextManager[None]:
        """Wait in this thread until the lock is held; leaving the answer lets it go.

        Raises `TimeoutError` when that takes longer than `seconds`.
        """
        loop = running_loop()
        with self._guard:
            if loop is not None and self._waits_for(loop):
                return nullcontext()
            turn = self._take_or_queue(None)
        if turn is not None:
            try:
                turn.result(seconds)
            except BaseException:
                self._give_up(turn)
                raise
        return self

    async def aacquire(self, seconds: float | None = None) -> AbstractContextManager[None]:
        """Wait in this task until the lock is held; leaving the answer lets it go.

        Raises `TimeoutError` when that takes longer than `seconds`.
        """
        with self._guard:
            turn = self._take_or_queue(running_loop())
        if turn is not None:
            import asyncio

            try:
                async with asyncio.timeout(seconds):
                    await asyncio.wrap_future(turn)
            except BaseException:
                self._give_up(turn)
                raise
        return self

    def release(self) -> None:
        """Let the lock go; the waiter that came first holds it next."""
        with self._guard:
            while self._waiters:
                turn, loop = self._waiters.popleft()
                if turn.set_running_or_notify_cancel():
                    self._holder = loop
                    turn.set_result(None)
                    return
            self._held = False
            self._holder = None

    def _waits_for(self, loop: AbstractEventLoop) -> bool:
        return self._holder is loop or any(waiter.loop is loop for waiter in self._waiters)

    def _take_or_queue(self, loop: AbstractEventLoop | None) -> Future[None] | None:
        if not self._held:
            self._held = True
            self._holder = loop
            return None
        from concurrent.futures import Future

        waiter = _Waiter(Future(), loop)
        self._waiters.append(waiter)
        return waiter.turn

    def _give_up(self, turn: Future[None]) -> None:
        # The turn may have come between the interruption and now: then it must be passed on.
        if not turn.cancel() and not turn.cancelled():
            self.release()

    def __enter__(self) -> None:
        """Nothing to do: the lock is held since `acquire`."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


def running_loop() -> AbstractEventLoop | None:
    """The event loop of this thread, if there is one."""
    # A process that never imported asyncio has no loop, and need not pay for the import.
    asyncio = sys.modules.get("asyncio")
    return asyncio._get_running_loop() if asyncio else None  # noqa: SLF001 - documented, public in effect
