"""Choose the engine of a client: httpx, or a faster one if the extra `fast` is installed.

Its sync calls go through `http.client`, its async calls through aiohttp. Both behave like the
senders over httpx; requests that an engine does not support go through httpx.
"""

from __future__ import annotations

import os
import re
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from rsspot.errors import ConfigError
from rsspot.senders.options import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.senders.sender import Sender

__all__ = ["Engine", "engine_for", "has_fast", "lack_of_fast", "make_sender"]

EXTRA = ("aiohttp", "msgspec")
"""The packages of the extra `fast`."""
INSTALLED = "the extra fast, and httpx where needed"
PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy"})
SINCE_3_12 = "client_middlewares.py"
"""A module that aiohttp has since the version that is needed. To ask for the version of a package
takes longer than to send a call."""
_PLAIN_URL = re.compile(
    r"https?://((?!.*(--|[.][.]))[a-z0-9][a-z0-9.-]*[a-z]|127[.]0[.]0[.]1)"
    r"(:([1-9][0-9]{0,3}|[1-5][0-9]{4}))?(/[A-Za-z0-9/_-]*)?"
)
"""URLs that every engine can send calls to, recognized without the modules that do so."""
_ODD_PROXY = re.compile(r"\s*(?!http:)\w+://|.*\[", re.IGNORECASE | re.DOTALL)


def has_fast() -> bool:
    """Return whether the extra `fast` is installed, with versions that can be used."""
    return lack_of_fast() is None


@cache
def lack_of_fast() -> str | None:
    """Return what the extra `fast` lacks; None if it can be used."""
    folders = [_folder(name) for name in EXTRA]
    if not any(folders):
        return "the extra fast is not installed"
    if not all(folders):
        missing = EXTRA[folders.index(None)]
        return f"the extra fast is not complete: {missing} is not installed"
    if not os.path.exists(f"{folders[0]}/{SINCE_3_12}"):  # noqa: PTH110 - pathlib takes long to import
        return "the extra fast needs aiohttp 3.12 or later"
    return None


def _folder(name: str) -> str | None:
    """Return the folder of an installed package; None if there is only a folder of its name."""
    spec = find_spec(name)
    return os.path.dirname(spec.origin) if spec is not None and spec.origin else None  # noqa: PTH120 - the same


class Engine(NamedTuple):
    """The engine that sends calls, and the reason for it."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name} ({self.reason})"


def engine_for(
    arguments: Mapping[str, Any],
    *,
    is_async: bool,
    url: str | None = None,
    direct: frozenset[str] = frozenset(),
) -> Engine:
    """Return the engine for a client with these arguments for httpx, and for calls to `url`.

    `direct` are hosts that are reached without the proxies of the environment.
    """
    if not has_fast():
        return Engine("httpx", lack_of_fast() or "the extra fast is not installed")
    from rsspot.senders.transport.engine_options import only_httpx

    refused = only_httpx(arguments)
    if refused is not None:
        return Engine("httpx", f"only httpx can use the option {refused}")
    if url is not None and (why := _needs_httpx(arguments, url, direct)):
        return Engine("httpx", f"only httpx can send calls to base_url: {why}")
    return Engine("aiohttp" if is_async else "http.client", INSTALLED)


def _needs_httpx(arguments: Mapping[str, Any], url: str, direct: frozenset[str]) -> str | None:
    """Return why only httpx can send calls to `url`; None if other engines can."""
    proxy, trusts = arguments.get("proxy"), arguments.get("trust_env", True)
    if _PLAIN_URL.fullmatch(url) and (proxy is not None or not trusts or not _has_odd_proxy()):
        return None
    from rsspot.senders.transport.failure import OnlyHttpx
    from rsspot.senders.transport.routes import Routes

    try:
        Routes(proxy=proxy, trust_env=trusts, direct=direct, headers={}).check(url)
    except OnlyHttpx as why:
        return str(why)
    return None


def _has_odd_proxy() -> bool:
    """Return whether the environment may name a proxy that is not a plain HTTP one."""
    return any(
        name.lower() in PROXIES and _ODD_PROXY.match(value) for name, value in os.environ.items()
    )


def make_sender(
    arguments: Mapping[str, Any],
    *,
    is_async: bool,
    url: str | None = None,
    direct: frozenset[str] = frozenset(),
    max_body: int = MAX_BODY,
) -> Sender:
    """Return a sender with the engine of `engine_for`. Raises `ConfigError` if it is broken."""
    engine = engine_for(arguments, is_async=is_async, url=url, direct=direct)
    if engine.name == "http.client":
        from rsspot.senders.transport.http_client import HttpClientSender

        return HttpClientSender(direct=direct, max_body=max_body, **arguments)
    if engine.name == "aiohttp":
        try:
            from rsspot.senders.transport.aiohttp_sender import AiohttpSender
        except ImportError as error:
            raise ConfigError(
                f"aiohttp is installed, but cannot be imported ({error.name or 'no reason given'})",
                hint="Install it again, or uninstall it: without it, calls go through httpx",
            ) from error

        return AiohttpSender(direct=direct, max_body=max_body, **arguments)
    from rsspot.senders.transport.http import AsyncSender, SyncSender

    if direct:
        mounts = {f"all://[{host}]" if ":" in host else f"all://{host}": None for host in direct}
        arguments = {**arguments, "mounts": mounts | (arguments.get("mounts") or {})}
    kind = AsyncSender if is_async else SyncSender
    return kind(max_body=max_body, **arguments)
