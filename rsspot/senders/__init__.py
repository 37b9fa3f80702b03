"""Composable senders: each adds one policy to the sender that it is given.

They stand on their own, for any HTTP API::

    CachingSender(max_size=500, sender=RetryingSender(retries=3, sender=SyncSender()))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsspot.senders.auth import AuthenticatingSender
    from rsspot.senders.cache import CachingSender
    from rsspot.senders.clock import Clock
    from rsspot.senders.headers import Headers
    from rsspot.senders.http import AsyncSender, SyncSender
    from rsspot.senders.messages import Options, Request, Response
    from rsspot.senders.provided_token import ProvidedToken
    from rsspot.senders.refresh import RefreshToken
    from rsspot.senders.retry import RetryingSender
    from rsspot.senders.sender import Client, ExtendingSender, Sender, SenderConflictWarning
    from rsspot.senders.tokens import StaticToken, TokenSource

__all__ = [
    "AsyncSender",
    "AuthenticatingSender",
    "CachingSender",
    "Client",
    "Clock",
    "ExtendingSender",
    "Headers",
    "Options",
    "ProvidedToken",
    "RefreshToken",
    "Request",
    "Response",
    "RetryingSender",
    "Sender",
    "SenderConflictWarning",
    "StaticToken",
    "SyncSender",
    "TokenSource",
]

_HOMES = {
    "auth": ("AuthenticatingSender",),
    "cache": ("CachingSender",),
    "clock": ("Clock",),
    "headers": ("Headers",),
    "http": ("AsyncSender", "SyncSender"),
    "messages": ("Options", "Request", "Response"),
    "provided_token": ("ProvidedToken",),
    "refresh": ("RefreshToken",),
    "retry": ("RetryingSender",),
    "sender": ("Client", "ExtendingSender", "Sender", "SenderConflictWarning"),
    "tokens": ("StaticToken", "TokenSource"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # a checker would take any name for defined

    def __getattr__(name: str) -> object:
        home = _HOME_OF.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
