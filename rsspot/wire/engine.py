"""The transport that a client creates, and its description in the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from rsspot.config.kinds import LOOPBACK
from rsspot.senders.reporting import log_debug
from rsspot.senders.transport.engines import Engine, engine_for, make_sender
from rsspot.values import evolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.config.settings import Settings
    from rsspot.senders.sender import Sender
    from rsspot.wire.dependencies import Dependencies

__all__ = ["engine_of", "log_engine", "own_sender", "with_engine"]

MODES = ((False, "sync"), (True, "async"))


def own_sender(settings: Settings, dependencies: Dependencies, *, is_async: bool) -> Sender:
    """Return a new transport for calls of one mode. Raises `ConfigError`."""
    options = _options(settings, dependencies)
    url, direct = settings.base_url, _direct(settings, options)
    engine = engine_for(options, is_async=is_async, url=url, direct=direct)
    log_engine(engine, is_async=is_async)
    return make_sender(options, is_async=is_async, url=url, direct=direct)


def engine_of(given: Sender) -> Engine:
    """Return the description of a sender that was passed."""
    return Engine(type(given).__name__, "the sender that was passed")


def log_engine(engine: Engine, *, is_async: bool) -> None:
    """Say in the log which engine calls of one mode go through."""
    log_debug("%s calls go through %s", "async" if is_async else "sync", engine)


def with_engine(settings: Settings, dependencies: Dependencies) -> Settings:
    """Return settings that name the transport of sync and async calls, and the reason."""
    options = _options(settings, dependencies)
    direct = _direct(settings, options)
    names: list[str] = []
    reasons: list[str] = []
    for is_async, mode in MODES:
        given = dependencies.sender
        if given is not None and given.is_async is is_async:
            name, reason = engine_of(given)
        else:
            name, reason = engine_for(
                options, is_async=is_async, url=settings.base_url, direct=direct
            )
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


def _direct(settings: Settings, options: Mapping[str, Any]) -> frozenset[str]:
    """Return the hosts that the proxies of the environment are not used for: those of this machine.

    A proxy would connect to its own loopback address.
    """
    if {"proxy", "proxies"} & options.keys():
        return frozenset()
    urls = (settings.base_url, settings.oauth_url, settings.public_data_url)
    hosts = (urlsplit(url).hostname or "" for url in urls)
    return frozenset(host for host in hosts if LOOPBACK.fullmatch(host))
