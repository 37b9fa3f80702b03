"""Run an async exchange in its own task, so that cancelling its caller loses no connection.

httpcore returns a connection to the pool only when its own steps finish. After a second
cancellation during cleanup, or one while a body is closed, the connection counts as used forever.
Here the task that holds the connection is cancelled at most once, and never while it closes the
body.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

__all__ = ["Stage", "detached", "start"]

T = TypeVar("T")

GRACE = 1.0
"""Seconds that a cancelled caller waits for the connection to be returned."""


GRACE_AT_EXIT = 5.0
"""Maximum seconds that a lasting task continues after its loop should end."""


class ProtectedTask(asyncio.Task[Any]):
    """A task that may continue for a moment after the main task of its loop has ended.

    `asyncio.run` then cancels the remaining tasks and waits for their end. `must_finish` returns
    whether something would be lost.
    """

    must_finish: Callable[[], bool] = staticmethod(bool)

    def cancel(self, msg: Any | None = None) -> bool:
        """Cancel the task; if the loop is ending and `must_finish` is true, after some seconds."""
        loop = self.get_loop()
        if loop.is_running() or not self.must_finish():
            return super().cancel(msg)
        loop.call_later(GRACE_AT_EXIT, super().cancel)
        return False


def start(
    work: Coroutine[Any, Any, T], *, must_finish: Callable[[], bool] | None = None
) -> asyncio.Task[T]:
    """Start a task that may outlive the main task while `must_finish` returns true.

    Without `must_finish`, it does so if the task that starts it does.
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
    """The stage of an exchange: while `closing`, it must not be cancelled."""

    closing = False


async def detached(work: Callable[[Stage], Coroutine[Any, Any, T]]) -> T:
    """Return the result of `work`; a cancellation reaches it once, and only before it closes.

    The caller is cancelled when the work has ended, after a moment, or when it is cancelled again;
    the work then finishes by itself.
    """
    stage = Stage()
    task = start(work(stage))
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def end(task: asyncio.Task[T]) -> None:
        if not task.cancelled():
            task.exception()  # read it, or asyncio reports it as never retrieved
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
"""Strong references to tasks, since an event loop keeps only weak ones."""
