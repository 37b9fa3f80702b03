"""What belongs to one call of a user's, over all requests that it makes."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsspot.senders.auth.token import Token

__all__ = ["begin_call", "obtained"]

obtained: ContextVar[Token | None] = ContextVar("obtained", default=None)
"""The access token that was issued for this very call: another one would say the same."""


def begin_call() -> None:
    """Forget what belongs to the call before, in this thread or task."""
    obtained.set(None)
