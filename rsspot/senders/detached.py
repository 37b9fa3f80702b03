"""An async exchange in a task of its own, so that cancelling its caller loses no connection.

httpcore gives a connection back only when its own steps come to their end: a second cancellation
while it cleans up, or one while a body is closed, and the connection counts as used for ever. Here
the task that holds the connection is cancelled once at most, and never while it closes the body.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from typing import Any

__all__ = ["Stage", "detached"]

T = TypeVar("T")

GRACE = 1.0
"""Seconds that a cancelled caller waits for the connection to be given back."""


class Stage:
    """How far an exchange is: `closing` says that it must not be cancelled any more."""

    closing = False


async def detached(work: Callable[[Stage], Coroutine[Any, Any, T]]) -> T:
    """Return what `work` returns; a cancellation reaches it once, and only before it closes.

    The caller is cancelled as soon as the work has ended, or after a moment, or when it is
    cancelled again; the work then ends by itself.
    """
    stage = Stage()
    task = asyncio.create_task(work(stage))
    ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    _running.add(task)

    def end(task: asyncio.Task[T]) -> None:
        _running.discard(task)
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
