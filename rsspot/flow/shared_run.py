"""One run of a shared flow: in its first caller, in a task, or in a thread of its own."""

from __future__ import annotations

import atexit
import threading
import time
import weakref
from contextlib import suppress
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from rsspot.errors import DeadlineExceeded, RSSpotError
from rsspot.flow.flow import Abandoned, arun, run

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Callable
    from concurrent.futures import Future

    from rsspot.flow.flow import Flow

__all__ = ["GRACE", "Outcome", "SharedRun", "run_shared", "start_task", "start_thread"]

T = TypeVar("T")

GRACE = 5.0
"""Maximum seconds that the end of a client or of the process waits for a run."""
CHECK = 0.05
"""Seconds between two checks of whether anything would still be lost."""


class SharedRun(Generic[T]):
    """One run under way, and the callers that wait for its outcome.

    `resolve` passes its outcome on. `must_finish` returns whether something would be lost now if
    the run did not finish.
    """

    def __init__(
        self,
        flow: Flow[T],
        seconds: float,
        loop: AbstractEventLoop | None,
        resolve: Callable[[SharedRun[T], Outcome | None], None],
        must_finish: Callable[[], bool],
    ) -> None:
        self.flow = flow
        self.seconds = seconds
        self.loop = loop
        self.resolve = resolve
        self.must_finish = must_finish
        self.thread: threading.Thread = threading.current_thread()
        self.ends: float = time.monotonic() + seconds
        self.waiting: list[Future[Outcome | None]] = []
        self.is_given_up: bool = False
        self._deciding = threading.Lock()

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

    def goes_on(self) -> bool:
        """Return whether to carry out the next effect: in a thread, if that is of any use."""
        with self._deciding:
            if self.is_given_up:
                return False
            return self.loop is not None or bool(self.waiting) or self.must_finish()

    def may_stop(self) -> bool:
        """Return whether nothing is lost without it. It then stops, unless somebody waits for it.

        Decided at one moment: or it might begin what must be finished when nobody waits any more.
        """
        with self._deciding:
            if self.must_finish():
                return False
            self.is_given_up = not self.waiting
            return True

    def close(self) -> None:
        """Abandon the flow where it is, which releases what it holds."""
        with suppress(ValueError, RuntimeError, RSSpotError):  # it is being run after all
            self.flow.close()


class Outcome:
    """What a run returned or raised."""

    __slots__ = ("error", "value")

    def __init__(self, value: Any, error: BaseException | None = None) -> None:
        self.value: Any = value
        self.error: BaseException | None = error

    def get(self) -> Any:
        """Return the value, or raise the error."""
        error = self.error
        if error is not None:
            raise error.again() if isinstance(error, RSSpotError) else error
        return self.value


def run_shared(known: SharedRun[T]) -> T:
    """Run it in this thread, which wants its result."""
    outcome: Outcome | None = None
    try:
        value = run(known.flow)
        outcome = Outcome(value)
    except DeadlineExceeded:
        raise  # the time of this caller is over; others have their own
    except Exception as error:
        outcome = Outcome(None, error)
        raise
    finally:
        known.close()
        known.resolve(known, outcome)
    return value


def start_task(known: SharedRun[Any]) -> None:
    """Run it in a task, which a cancelled caller does not end."""
    from rsspot.flow.tasks import start

    start(_in_task(known), must_finish=known.must_finish)


async def _in_task(known: SharedRun[Any]) -> None:
    import asyncio

    outcome: Outcome | None = None
    try:
        async with asyncio.timeout(known.seconds):
            outcome = Outcome(await arun(known.flow, known.goes_on))
    except Abandoned:
        pass  # nobody waits, and nothing would be lost
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is not None and task.cancelling():
            raise
        outcome = Outcome(None, error)  # of something that the flow waited for
    except Exception as error:  # noqa: BLE001 - raised again for each who waits
        outcome = Outcome(None, error)
    finally:
        known.close()
        known.resolve(known, outcome)


def start_thread(known: SharedRun[Any]) -> bool:
    """Run it in a thread, which an interrupt of its caller does not end.

    When nobody waits for it any more, it stops as soon as nothing would be lost. Returns False if
    there can be no further thread.
    """
    thread = threading.Thread(
        target=copy_context().run, args=(_in_thread, known), name="rsspot-shared", daemon=True
    )
    before, known.thread = known.thread, thread
    _finish_at_exit(known)
    try:
        thread.start()
    except RuntimeError:  # the interpreter is ending, or the system has no more threads
        known.thread = before
        return False
    return True


def _in_thread(known: SharedRun[Any]) -> None:
    outcome: Outcome | None = None
    try:
        outcome = Outcome(run(known.flow, known.goes_on))
    except Abandoned:
        pass  # nobody waits, and nothing would be lost
    except BaseException as error:  # noqa: BLE001 - raised again for each who waits
        outcome = Outcome(None, error)
    finally:
        known.close()
        known.resolve(known, outcome)


_running: weakref.WeakSet[SharedRun[Any]] = weakref.WeakSet()


def _finish_at_exit(known: SharedRun[Any]) -> None:
    if not _running:
        atexit.unregister(_finish)
        atexit.register(_finish)
    _running.add(known)


def _finish() -> None:
    """Wait for the runs in threads of which something would be lost."""
    ends = time.monotonic() + GRACE
    with suppress(KeyboardInterrupt):  # nobody wants to wait
        for known in list(_running):
            while known.is_alive and not known.may_stop() and time.monotonic() < ends:
                known.thread.join(CHECK)
