"""A client that belongs to one event loop, and is closed when that loop shuts down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

__all__ = ["LoopClient"]

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
