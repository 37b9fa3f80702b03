"""A client that belongs to one event loop, and is closed when that loop shuts down."""

from __future__ import annotations

import asyncio
import threading
import weakref
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

__all__ = ["LoopClient", "LoopClients"]

C = TypeVar("C")


class LoopClient(Generic[C]):
    """The client of one event loop, closed when the loop shuts its async generators down."""

    def __init__(self, client: C, close: Callable[[], Awaitable[None]]) -> None:
        self.client = client
        self.watched: bool = False
        self._close = close

    async def watch(self) -> None:
        """Close the client when the running loop shuts down."""
        self.watched = True
        self._watcher = self._until_shutdown()
        await anext(self._watcher)

    async def _until_shutdown(self) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            await self._close()


class LoopClients(Generic[C]):
    """The client of each event loop, which is made on its first use there.

    is_closed: returns whether a client is closed.
    """

    def __init__(self, is_closed: Callable[[C], bool]) -> None:
        self._is_closed = is_closed
        self._guard = threading.Lock()
        self._by_loop: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, LoopClient[C]] = (
            weakref.WeakKeyDictionary()
        )

    def __len__(self) -> int:
        return len(self._by_loop)

    def current(self, make: Callable[[], LoopClient[C]]) -> LoopClient[C]:
        """Return the client of the running loop; if it has none, what `make` returns."""
        loop = asyncio.get_running_loop()
        held = self._by_loop.get(loop)
        if held is None:
            held = make()
            with self._guard:
                # The object of a closed loop may exist for a while; its client is useless.
                for other, ended in list(self._by_loop.items()):
                    if self._is_closed(ended.client):
                        del self._by_loop[other]
                self._by_loop[loop] = held
        return held

    def pop(self) -> LoopClient[C] | None:
        """Return the client of the running loop, if there is one, and forget it."""
        return self._by_loop.pop(asyncio.get_running_loop(), None)

    def all(self) -> list[LoopClient[C]]:
        """Return the clients of all loops."""
        return list(self._by_loop.values())
