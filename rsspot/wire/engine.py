"""The transport that a client creates, and its description in the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rsspot.config.kinds import LOOPBACK
from rsspot.senders.reporting import log_debug
from rsspot.senders.transport.engines import engine_for, make_sender
from rsspot.values import evolve

if TYPE_CHECKING:
    from rsspot.config.settings import Settings
    from rsspot.senders.sender import Sender
    from rsspot.wire.dependencies import Dependencies

__all__ = ["own_sender", "with_engine"]

MODES = ((False, "sync"), (True, "async"))


def own_sender(settings: Settings, dependencies: Dependencies, *, is_async: bool) -> Sender:
    """Return a new transport for calls of one mode. Raises `ConfigError`."""
    options = _options(settings, dependencies)
    engine = engine_for(options, is_async=is_async)
    log_debug("%s calls go through %s", "async" if is_async else "sync", engine)
    direct = frozenset[str]() if {"proxy", "proxies"} & options.keys() else _direct(settings)
    return make_sender(options, is_async=is_async, direct=direct)


def with_engine(settings: Settings, dependencies: Dependencies) -> Settings:
    """Return settings that name the transport of sync and async calls, and the reason."""
    options = _options(settings, dependencies)
    names: list[str] = []
    reasons: list[str] = []
    for is_async, mode in MODES:
        given = dependencies.sender
        if given is not None and given.is_async is is_async:
            name, reason = type(given).__name__, "the sender that was passed"
        else:
            name, reason = engine_for(options, is_async=is_async)
        names.append(f"{name} for {mode} calls")
        reasons.append(reason)
    return evolve(
        settings,
        engine=", ".join(names),
        sources={**settings.sources, "engine": "; ".join(dict.fromkeys(reasons))},
    )


def _options(settings: Settings, dependencies: Dependencies) -> dict[str, Any]:
    options: dict[str, Any] = {"verify": settings.verify_ssl, **dependencies.httpx_options}
    if settings.proxy is not None:
        options.setdefault("proxy", settings.proxy)
    return options


def _direct(settings: Settings) -> frozenset[str]:
    """Return the hosts on this machine, since a proxy would connect to its own loopback address."""
    urls = (settings.base_url, settings.oauth_url, settings.public_data_url)
    hosts = (urlsplit(url).hostname or "" for url in urls)
    return frozenset(host for host in hosts if LOOPBACK.fullmatch(host))
