"""Choose the engine of a client: httpx, or a faster one if the extra `fast` is installed.

Its sync calls go through `http.client`, its async calls through aiohttp. Both behave like the
senders over httpx; requests that an engine does not support go through httpx.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from rsspot.senders.options import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.senders.sender import Sender

__all__ = ["Engine", "engine_for", "has_fast", "make_sender"]

EXTRA = ("aiohttp", "msgspec")
"""The packages of the extra `fast`."""


@cache
def has_fast() -> bool:
    """Return whether the extra `fast` is installed."""
    return all(find_spec(name) is not None for name in EXTRA)


class Engine(NamedTuple):
    """The engine that sends calls, and the reason for it."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} ({self.reason})"


def engine_for(arguments: Mapping[str, Any], *, is_async: bool) -> Engine:
    """Return the engine for a client with these arguments for httpx."""
    if not has_fast():
        return Engine("httpx", "the extra fast is not installed")
    from rsspot.senders.transport.engine_options import only_httpx

    refused = only_httpx(arguments)
    if refused is not None:
        return Engine("httpx", f"only httpx can use the option {refused}")
    return Engine("aiohttp" if is_async else "http.client", "the extra fast is installed")


def make_sender(
    arguments: Mapping[str, Any],
    *,
    is_async: bool,
    direct: frozenset[str] = frozenset(),
    max_body: int = MAX_BODY,
) -> Sender:
    """Return a sender with the engine for `arguments`.

    `direct` are hosts that are reached without the proxies of the environment.
    """
    engine = engine_for(arguments, is_async=is_async)
    if engine.name == "http.client":
        from rsspot.senders.transport.http_client import HttpClientSender

        return HttpClientSender(direct=direct, max_body=max_body, **arguments)
    if engine.name == "aiohttp":
        from rsspot.senders.transport.aiohttp_sender import AiohttpSender

        return AiohttpSender(direct=direct, max_body=max_body, **arguments)
    from rsspot.senders.transport.http import AsyncSender, SyncSender

    if direct:
        mounts = {f"all://[{host}]" if ":" in host else f"all://{host}": None for host in direct}
        arguments = {**arguments, "mounts": mounts | (arguments.get("mounts") or {})}
    kind = AsyncSender if is_async else SyncSender
    return kind(max_body=max_body, **arguments)
