"""The base of everything that sends a request and returns a response."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from rsspot.senders.messages import Response

if TYPE_CHECKING:
    from rsspot.senders.messages import Request

__all__ = ["Sender", "begin_call", "obtained"]

SendResult: TypeAlias = Response | Coroutine[Any, Any, Response]
"""A response from a sync sender, an awaitable of one from an async sender."""


class Sender(ABC):
    """Sends requests. `is_async` tells whether `send` and `close` must be awaited."""

    _shown: ClassVar[tuple[str, ...]] = ()

    @property
    @abstractmethod
    def is_async(self) -> bool:
        """Whether `send` and `close` return an awaitable."""

    @abstractmethod
    def send(self, request: Request) -> SendResult:
        """Send one request.

        Args:
            request: The request.

        Returns:
            The response, whatever its status, or an awaitable of it if `is_async`.

        Raises:
            RequestError: If there is no response.
        """

    def close(self) -> Coroutine[Any, Any, None] | None:
        """Close what this sender holds open.

        Returns:
            An awaitable if `is_async`, otherwise None.
        """
        return _no_close() if self.is_async else None

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown)
        return f"{type(self).__name__}({shown})"


async def _no_close() -> None:
    pass


obtained: ContextVar[object] = ContextVar("obtained", default=None)
"""The access token that was issued for this very call: a new one would have the same claims."""


def begin_call() -> None:
    """Forget the token of the previous call in this thread or task."""
    obtained.set(None)
