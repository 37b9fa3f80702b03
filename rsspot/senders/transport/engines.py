"""Which engine a client sends with: httpx, or with the extra `fast` one that is spoken to directly.

Sync calls go through `http.client`, async ones through aiohttp. Both keep what the senders over
httpx promise; what an engine lacks goes through httpx.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from rsspot.senders.transport.exchange import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.senders.sender import Sender

__all__ = ["Engine", "engine_for", "has_fast", "make_sender"]

EXTRA = ("aiohttp", "msgspec")
"""The packages of the extra `fast`."""


@cache
def has_fast() -> bool:
    """Whether the extra `fast` is installed."""
    return all(find_spec(name) is not None for name in EXTRA)


class Engine(NamedTuple):
    """What calls are sent with, and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} ({self.reason})"


def engine_for(arguments: Mapping[str, Any], *, is_async: bool) -> Engine:
    """The engine for a client whose arguments for httpx these are."""
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
    """A sender with the engine for `arguments`.

    `direct` are hosts that are reached past the proxies of the environment.
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
