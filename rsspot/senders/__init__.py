"""Senders that can be composed: each adds one policy to the sender that it wraps.

They work on their own, with any HTTP API::

    CachingSender(max_size=500, sender=RetryingSender(retries=3, sender=SyncSender()))

Nothing here knows Rackspace, configuration or state. The packages `auth`, `cache`, `retry` and
`transport` do not import each other.

Packages that it imports: `flow`, `redaction`, `renamed`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsspot.flow.clock import Clock
    from rsspot.senders.auth.provided import ProvidedToken
    from rsspot.senders.auth.refresh import RefreshToken
    from rsspot.senders.auth.sender import AuthenticatingSender
    from rsspot.senders.auth.sources import StaticToken, TokenSource
    from rsspot.senders.cache.sender import CachingSender
    from rsspot.senders.extending import Client, ExtendingSender, SenderConflictWarning
    from rsspot.senders.headers import Headers
    from rsspot.senders.messages import Options, Request, Response
    from rsspot.senders.retry.sender import RetryingSender
    from rsspot.senders.sender import Sender
    from rsspot.senders.transport.aiohttp_sender import AiohttpSender
    from rsspot.senders.transport.http import AsyncSender, SyncSender
    from rsspot.senders.transport.http_client import HttpClientSender

__all__ = [
    "AiohttpSender",
    "AsyncSender",
    "AuthenticatingSender",
    "CachingSender",
    "Client",
    "Clock",
    "ExtendingSender",
    "Headers",
    "HttpClientSender",
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
    "rsspot.senders.auth.sender": ("AuthenticatingSender",),
    "rsspot.senders.cache.sender": ("CachingSender",),
    "rsspot.flow.clock": ("Clock",),
    "rsspot.senders.headers": ("Headers",),
    "rsspot.senders.transport.aiohttp_sender": ("AiohttpSender",),
    "rsspot.senders.transport.http": ("AsyncSender", "SyncSender"),
    "rsspot.senders.transport.http_client": ("HttpClientSender",),
    "rsspot.senders.messages": ("Options", "Request", "Response"),
    "rsspot.senders.auth.provided": ("ProvidedToken",),
    "rsspot.senders.auth.refresh": ("RefreshToken",),
    "rsspot.senders.retry.sender": ("RetryingSender",),
    "rsspot.senders.sender": ("Sender",),
    "rsspot.senders.extending": ("Client", "ExtendingSender", "SenderConflictWarning"),
    "rsspot.senders.auth.sources": ("StaticToken", "TokenSource"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> object:
        home = _HOME_OF.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        try:
            value = globals()[name] = getattr(import_module(home), name)
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("rsspot"):
                raise
            raise ImportError(
                f"{name} needs {error.name}, which is not installed. "
                "Run: pip install 'rsspot[fast]'"
            ) from None
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
