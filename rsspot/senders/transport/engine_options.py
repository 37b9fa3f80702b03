"""The arguments of httpx that the other engines support too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.senders.options import Timeouts
from rsspot.senders.transport.arguments import client_errors
from rsspot.senders.transport.tls import tls_context
from rsspot.shapes import is_mapping, is_sequence

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping

__all__ = ["EngineOptions", "only_httpx"]

DEFAULT_TIMEOUT = 5.0
"""Maximum seconds of each wait, as with httpx."""
Limits = tuple[int | None, int | None, float | None]
DEFAULT_LIMITS: Limits = (100, 100, 5.0)
"""Maximum connections, maximum idle connections, and seconds that idle ones are kept."""
KNOWN = frozenset(
    {
        "cert", "follow_redirects", "headers", "http1", "http2", "limits", "proxies", "proxy",
        "timeout", "trust_env", "verify",
    }
)  # fmt: skip


def only_httpx(arguments: Mapping[str, Any]) -> str | None:
    """Return the argument that only httpx supports; None if every engine supports all of them."""
    for name, value in arguments.items():
        if value is not None and name not in KNOWN:
            return name
        if name in _SUPPORTED and not _SUPPORTED[name](value):
            return name
    return None


class EngineOptions:
    """How servers are reached, from arguments of httpx.

    owner: the name of the sender, for messages.

    Raises `TypeError` for an argument that only httpx supports.
    """

    def __init__(self, owner: str, arguments: Mapping[str, Any]) -> None:
        refused = only_httpx(arguments)
        if refused is not None:
            raise TypeError(
                f"{owner} does not support the argument {refused}; use a sender over httpx"
            )
        timeouts = _timeouts(arguments.get("timeout", DEFAULT_TIMEOUT))
        limits = _limits(arguments["limits"]) if arguments.get("limits") else None
        fields: Mapping[str, str] = arguments.get("headers") or {}
        headers = {name.lower(): value for name, value in fields.items()}
        if "accept-encoding" in headers:
            from rsspot.senders.transport.encodings import bounded

            headers["accept-encoding"] = bounded(headers["accept-encoding"])
        self.owner = owner
        self.verify: Any = arguments.get("verify", True)
        self.cert: Any = arguments.get("cert")
        self.trust_env: bool = arguments.get("trust_env", True)
        self.proxy: str | None = arguments.get("proxy")
        self.timeouts: Timeouts = timeouts or _equal_timeouts(DEFAULT_TIMEOUT)
        self.limits: Limits = limits or DEFAULT_LIMITS
        self.headers: Mapping[str, str] = headers
        self._context: ssl.SSLContext | None = None

    def tls(self) -> ssl.SSLContext:
        """Return the TLS context, which is created on first use. Raises `ConfigError`."""
        if self._context is None:
            with client_errors():
                self._context = tls_context(self.verify, self.cert, trust_env=self.trust_env)
        return self._context


def _equal_timeouts(seconds: float | None) -> Timeouts:
    return Timeouts(connect=seconds, read=seconds, write=seconds, pool=seconds, total=None)


def _timeouts(value: Any) -> Timeouts | None:
    """Return the timeouts in a value that httpx accepts; None for anything else."""
    try:
        if value is None or isinstance(value, int | float):
            return _equal_timeouts(None if value is None else float(value))
        names = ("connect", "read", "write", "pool")
        phases: dict[str, float | None] = (
            dict(zip(names, value, strict=True))
            if is_sequence(value)
            else {name: getattr(value, name) for name in names}
        )
        return Timeouts(**phases, total=None)
    except (AttributeError, TypeError, ValueError):
        return None


def _limits(value: Any) -> Limits | None:
    try:
        return value.max_connections, value.max_keepalive_connections, value.keepalive_expiry
    except AttributeError:
        return None


def _is_proxy(value: Any) -> bool:
    """Return whether this is a proxy without TLS."""
    from rsspot.senders.transport.routes import server_of

    return isinstance(value, str) and server_of(value) is not None


def _is_texts(fields: Any) -> bool:
    """Return whether these are header fields that can be sent unchanged."""
    if fields is None:
        return True
    from rsspot.senders.transport.message import UNUSUAL

    if not is_mapping(fields):
        return False
    texts = [part for pair in fields.items() for part in pair]
    return all(
        isinstance(part, str) and part.isascii() and part.isprintable() for part in texts
    ) and UNUSUAL.isdisjoint(map(str.lower, fields))


_SUPPORTED: dict[str, Callable[[Any], bool]] = {
    "follow_redirects": lambda value: not value,
    "headers": _is_texts,
    "http1": lambda value: value is True,
    "http2": lambda value: not value,
    "limits": lambda value: value is None or _limits(value) is not None,
    "proxies": lambda value: not value,
    "proxy": lambda value: value is None or _is_proxy(value),
    "timeout": lambda value: _timeouts(value) is not None,
}
"""Whether the engines support a value of an argument that not all of them do."""
