"""Request coalescing (single flight): identical requests at the same time are sent once."""

from __future__ import annotations

import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

from rsspot.errors import DeadlineExceeded, RSSpotError
from rsspot.flow.flow import Effect
from rsspot.flow.forks import reset_in_child
from rsspot.flow.shared_flow import running_loop
from rsspot.senders.messages import Response
from rsspot.values import evolve

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Task
    from collections.abc import Callable, Hashable
    from concurrent.futures import Future

    from rsspot.flow.flow import Flow
    from rsspot.senders.messages import Options, Request

__all__ = ["SingleFlight", "coalesce", "without_total"]

WATCH = 0.2
"""Seconds between two checks that the leader of a request can still finish it."""
MAX_WAIT = 60.0
"""Seconds that a caller without a total time waits for the same request of another."""
PERSONAL = frozenset({"set-cookie", "set-cookie2"})
"""Fields for the sender of the request only, not for those who wait for its response."""


class Leader:
    """The thread, or the task of an event loop, that sends a request that others wait for."""

    __slots__ = ("loop", "task", "thread")

    def __init__(self, loop: AbstractEventLoop | None) -> None:
        self.thread: threading.Thread = threading.current_thread()
        self.loop: AbstractEventLoop | None = loop
        self.task: Task[Any] | None = None
        if loop is not None and loop is running_loop():
            import asyncio

            self.task = asyncio.current_task()

    @property
    def is_alive(self) -> bool:
        """Return whether it can continue: its thread lives, its loop runs, its task is not done.

        In a child process after `fork`, only the forking thread lives; a loop of another thread
        still claims to run there.
        """
        if not self.thread.is_alive():
            return False
        if self.loop is None:
            return True
        return self.loop.is_running() and not (self.task is not None and self.task.done())


class Call:
    """One request under way: its leader, and the futures of those who wait."""

    __slots__ = ("__weakref__", "_group", "key", "leader", "waiting")

    def __init__(self, group: SingleFlight, key: Hashable, leader: Leader) -> None:
        self._group = group
        self.key: Hashable = key
        self.leader: Leader = leader
        self.waiting: list[Future[Response | None]] = []

    def resolve(self, response: Response) -> None:
        """Give each waiting caller a copy of the response."""
        for future in self._end():
            copy = response.again()
            copy.headers = copy.headers.without(PERSONAL)
            future.set_result(copy)

    def fail(self, error: RSSpotError) -> None:
        """Give each waiting caller a copy of the error."""
        for future in self._end():
            future.set_exception(error.again())

    def abandon(self) -> None:
        """Let the waiting callers send their own requests: the leader was cancelled."""
        for future in self._end():
            future.set_result(None)

    def _end(self) -> list[Future[Response | None]]:
        waiting = self._group.remove(self)
        return [future for future in waiting if future.set_running_or_notify_cancel()]


class Follower:
    """One caller that waits for a request."""

    __slots__ = ("_call", "future")

    def __init__(self, call: Call) -> None:
        from concurrent.futures import Future

        self.future: Future[Response | None] = Future()
        self._call = weakref.ref(call)
        call.waiting.append(self.future)

    @property
    def may_wait(self) -> bool:
        """Return whether there is a response, or a leader that can still bring it."""
        call = self._call()
        return self.future.done() or (call is not None and call.leader.is_alive)

    def leave(self) -> Response | None:
        """Stop waiting; use what has come since the last check."""
        future = self.future
        return None if future.cancel() or future.cancelled() else future.result()


class SingleFlight:
    """The requests under way of one cache, sync and async."""

    def __init__(self) -> None:
        self.after_fork()
        reset_in_child(self)

    def after_fork(self) -> None:
        """Forget all: their callers are not in the child."""
        self._guard = threading.Lock()
        # Only the leader refers to its call: one whose leader is gone disappears.
        self._calls: weakref.WeakValueDictionary[Hashable, Call] = weakref.WeakValueDictionary()

    def join(self, key: Hashable, loop: AbstractEventLoop | None) -> Call | Follower:
        """Return a new call to lead, or a place in the queue of the one under way."""
        with self._guard:
            call = self._calls.get(key)
            if call is not None and call.leader.is_alive:
                return Follower(call)
            call = self._calls[key] = Call(self, key, Leader(loop))
            return call

    def remove(self, call: Call) -> list[Future[Response | None]]:
        """End a call, and return the futures of its waiting callers."""
        with self._guard:
            if self._calls.get(call.key) is call:
                del self._calls[call.key]
            return call.waiting


class _Join(Effect["Call | Response"]):
    """Lead a request, or wait for the response of the same request under way.

    A caller waits until `deadline` (by `time.monotonic`) at the latest. One without a deadline
    waits for `MAX_WAIT` seconds, and then sends the request itself. If it finds that the leader
    cannot continue, the next caller leads.
    """

    __slots__ = ("deadline", "ends", "group", "key", "request")

    def __init__(
        self, group: SingleFlight, key: Hashable, request: Request, deadline: float | None
    ) -> None:
        self.group = group
        self.key = key
        self.request = request
        self.deadline = deadline
        self.ends = time.monotonic() + MAX_WAIT

    def run(self) -> Call | Response:
        if running_loop() is not None:
            # A waiting thread would keep its own loop from finishing what is under way.
            return Call(self.group, None, Leader(None))
        while True:
            joined = self.group.join(self.key, None)
            if isinstance(joined, Call):
                return joined
            from concurrent.futures import wait

            while not joined.future.done() and joined.may_wait and not self._is_over:
                wait([joined.future], self._pause())
            response = joined.leave()
            if response is not None:
                return response
            if self._is_over:
                return Call(self.group, None, Leader(None))

    async def arun(self) -> Call | Response:
        import asyncio

        while True:
            joined = self.group.join(self.key, running_loop())
            if isinstance(joined, Call):
                return joined
            waiter = asyncio.wrap_future(joined.future)
            try:
                while not waiter.done() and joined.may_wait and not self._is_over:
                    await asyncio.wait([waiter], timeout=self._pause())
                response = waiter.result() if waiter.done() else None
            finally:
                waiter.cancel()
            if response is not None:
                return response
            if self._is_over:
                return Call(self.group, None, Leader(running_loop()))

    @property
    def _is_over(self) -> bool:
        return self.deadline is None and time.monotonic() >= self.ends

    def _pause(self) -> float:
        if self.deadline is None:
            return WATCH
        left = self.deadline - time.monotonic()
        if left <= 0:
            request = self.request
            raise DeadlineExceeded(
                f"{request.method} {request.target} got no response within its total time: "
                "it waited for the same request of another caller, which has not ended",
                sent=False,
                hint="Give the call more time, or send it with the cache bypassed",
                method=request.method,
                url=request.target,
            )
        return min(WATCH, left)


def without_total(options: Options) -> Options:
    """Return the options that identical requests have in common: each has a total time of its own.

    A caller waits for a leader with less time, and then sends the request itself.
    """
    timeouts = options.timeouts
    if timeouts is None or timeouts.total is None:
        return options
    return evolve(options, timeouts=evolve(timeouts, total=None))


def coalesce(
    group: SingleFlight,
    key: Hashable,
    request: Request,
    send: Callable[[Request], Flow[Response]],
) -> Flow[Response]:
    """Return the response to `request`, sent once for all concurrent callers with the same `key`.

    `send` gets the request with the rest of its total time. All callers get an error, too. When the
    leader is cancelled, cannot continue or has no more time, another caller takes over. Raises
    `DeadlineExceeded` when the total time of this call ends first; a call without one stops waiting
    after `MAX_WAIT` seconds, and is sent by itself.
    """
    started = time.monotonic()
    timeouts = request.options.timeouts
    total = None if timeouts is None else timeouts.total
    joined: Any = yield _Join(group, key, request, None if total is None else started + total)
    if isinstance(joined, Response):
        return joined
    call: Call = joined
    try:
        response = yield from send(request.after(time.monotonic() - started))
    except DeadlineExceeded:
        call.abandon()  # the time of this caller: others may have more
        raise
    except RSSpotError as error:
        call.fail(error)
        raise
    except BaseException:
        call.abandon()
        raise
    call.resolve(response)
    return response
