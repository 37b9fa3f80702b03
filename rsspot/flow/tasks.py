"""An async exchange in a task of its own, so that cancelling its caller loses no connection.

httpcore gives a connection back only when its own steps come to their end: a second cancellation
while it cleans up, or one while a body is closed, and the connection counts as used for ever. Here
the task that holds the connection is cancelled once at most, and never while it closes the body.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

__all__ = ["Stage", "detached", "start"]

T = TypeVar("T")

GRACE = 1.0
"""Seconds that a cancelled caller waits for the connection to be given back."""


GRACE_AT_EXIT = 5.0
"""Seconds that a lasting task may go on after its loop was asked to end."""


class ProtectedTask(asyncio.Task[Any]):
    """A task that goes on, for a moment, when the main task of its loop has ended.

    `asyncio.run` then cancels what is left, while the loop stands still, and waits for its end.
    `must_finish` says whether there is something to lose.
    """

    must_finish: Callable[[], bool] = staticmethod(bool)

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel it; when the loop is ending and it must_finish, only after some seconds."""
        loop = self.get_loop()
        if loop.is_running() or not self.must_finish():
            return super().cancel(msg)
        loop.call_later(GRACE_AT_EXIT, super().cancel)
        return False


def start(
    work: Coroutine[Any, Any, T], *, must_finish: Callable[[], bool] | None = None
) -> asyncio.Task[T]:
    """Start a task. It outlives its loop for a moment where `must_finish` returns true.

    Without `must_finish`, it does so when the task that starts it does.
    """
    loop, current = asyncio.get_running_loop(), asyncio.current_task()
    if must_finish is None and isinstance(current, ProtectedTask):
        must_finish = current.must_finish
    if must_finish is not None:
        lasting = ProtectedTask(work, loop=loop)
        lasting.must_finish = must_finish
        task: asyncio.Task[T] = lasting
    else:
        task = loop.create_task(work)
    _running.add(task)
    task.add_done_callback(_running.discard)
    return task


class Stage:
    """How far an exchange is: `closing` says that it must not be cancelled any more."""

    closing = False


async def detached(work: Callable[[Stage], Coroutine[Any, Any, T]]) -> T:
    """Return what `work` returns; a cancellation reaches it once, and only before it closes.

    The caller is cancelled as soon as the work has ended, or after a moment, or when it is
    cancelled again; the work then ends by itself.
    """
    stage = Stage()
    task = start(work(stage))
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def end(task: asyncio.Task[T]) -> None:
        if not task.cancelled():
            task.exception()  # whoever was cancelled does not ask for it
        if not ended.done():
            ended.set_result(None)

    task.add_done_callback(end)
    try:
        await ended
    except asyncio.CancelledError:
        if not stage.closing:
            task.cancel()
        await asyncio.wait([task], timeout=GRACE)
        raise
    return task.result()


_running: set[asyncio.Task[Any]] = set()
"""An event loop keeps only weak references to its tasks."""
