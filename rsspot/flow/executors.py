"""Threads for blocking calls: one pool for each kind of call.

The pools are separate, so that user code which waits for the event loop cannot block the state
store, and none of them uses up the default executor of the application.
"""

from __future__ import annotations

import threading
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeAlias, TypeVar

from rsspot.flow.forks import reset_in_child

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import ThreadPoolExecutor

__all__ = ["Kind", "executor", "in_thread"]

P = ParamSpec("P")
T = TypeVar("T")

Kind: TypeAlias = Literal["store", "user", "names"]
"""What is called: the state store, a user's function, or name resolution."""

THREADS: dict[Kind, int] = {"store": 16, "user": 1024, "names": 16}
"""Maximum threads of each kind. User code may wait for other user code, so its limit is high."""


class _Executors:
    def __init__(self) -> None:
        self.after_fork()
        reset_in_child(self)

    def after_fork(self) -> None:
        """Start again in a child process, which has none of the threads."""
        self._guard = threading.Lock()
        self._made: dict[Kind, ThreadPoolExecutor] = {}

    def get(self, kind: Kind) -> ThreadPoolExecutor:
        with self._guard:
            if kind not in self._made:
                from concurrent.futures import ThreadPoolExecutor

                self._made[kind] = ThreadPoolExecutor(THREADS[kind], f"rsspot-{kind}")
            return self._made[kind]


_executors = _Executors()


def executor(kind: Kind) -> ThreadPoolExecutor:
    """Return the thread pool of a kind. It is made on first use, and again after `fork`."""
    return _executors.get(kind)


async def in_thread(kind: Kind, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a thread of its kind, in a copy of this context. Return what it returns.

    Raises what it raises. When the caller is cancelled, the call continues, and its result is lost.
    If there can be no further thread, the call blocks the thread of the event loop.
    """
    import asyncio
    from concurrent.futures import Future

    context = copy_context()
    called: Future[tuple[Any, BaseException | None]] = Future()

    def work() -> None:
        if not called.set_running_or_notify_cancel():
            return
        outcome: tuple[Any, BaseException | None]
        # A future refuses StopIteration, and its awaiter would wait forever.
        try:
            outcome = context.run(call, *args, **kwargs), None
        except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
            outcome = None, error
        called.set_result(outcome)

    try:
        executor(kind).submit(work)
    except RuntimeError:  # the system has no more threads, or the interpreter is ending
        # The threads that there are may have begun it: it is queued before one is started.
        if called.cancel():
            return call(*args, **kwargs)
    result, error = await asyncio.wrap_future(called)
    if error is not None:
        raise error
    returned: T = result
    return returned
