"""How long a call to a store waits for another process, where the caller has little time."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from rsspot.flow.flow import Flow

__all__ = ["patience", "waiting_at_most"]

T = TypeVar("T")

_limit: ContextVar[float | None] = ContextVar("limit", default=None)


def patience(seconds: float) -> float:
    """Return how long to wait: `seconds`, or less within `waiting_at_most`."""
    limit = _limit.get()
    return seconds if limit is None else min(seconds, limit)


def waiting_at_most(limit: float | None, flow: Flow[T]) -> Flow[T]:
    """Run a flow whose calls to a store wait for another process for at most `limit` seconds each.

    None sets no limit.
    """
    before = _limit.get()
    _limit.set(limit)
    try:
        return (yield from flow)
    finally:
        _limit.set(before)
