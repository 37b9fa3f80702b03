"""The connections of `rsspot webhook listen`, none of which may stay open without a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

__all__ = ["NoticeConnection"]

MAX_SECONDS = 15.0
"""How long a connection may stay open: the headers of a notice take less than a second."""


class NoticeConnection(H11Protocol):
    """A connection that is closed after some seconds, unless it is sending a response then.

    Without this, whoever opens connections and sends headers slowly uses up all file descriptors.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to count the seconds."""
        super().connection_made(transport)
        self.loop.call_later(MAX_SECONDS, self._close_unless_busy)

    def _close_unless_busy(self) -> None:
        if self.transport.is_closing():
            return
        cycle: Any = self.cycle  # None before the first request
        if cycle is None or cycle.response_complete:
            self.transport.close()
        else:
            self.loop.call_later(MAX_SECONDS, self._close_unless_busy)
