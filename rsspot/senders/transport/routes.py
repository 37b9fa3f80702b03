"""How an engine other than httpx sends a request: directly, or through an HTTP proxy."""

from __future__ import annotations

import os
import re
import sys
from base64 import b64encode
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote_to_bytes

from rsspot._version import __version__
from rsspot.senders.transport.encodings import ACCEPTED
from rsspot.senders.transport.failure import OnlyHttpx
from rsspot.senders.transport.message import is_address, message_of, target_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from rsspot.senders.transport.exchange import Exchange
    from rsspot.senders.transport.message import Target, WireRequest
    from rsspot.senders.transport.proxies import Bypass

__all__ = ["ProxyServer", "Route", "Routes", "server_of"]

_PROXY = re.compile(
    r"(?:http://)?(?:([^\s:@/?#\[\]\\]*)(?::([^\s:@/?#\[\]\\]*))?@)?"
    r"((?:[A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63})(?::([1-9][0-9]{0,4}))?/?"
)
"""A proxy without TLS; every other value is left to httpx."""
MAX_PORT = 65_535


class ProxyServer(NamedTuple):
    """An HTTP proxy."""

    host: str
    port: int
    authorization: str | None
    """The value of the Proxy-Authorization field."""


@lru_cache(64)
def server_of(value: str) -> ProxyServer | None:
    """Return the HTTP proxy in `value`; None for another kind of proxy, or none."""
    match = _PROXY.fullmatch(value.strip()) if value.isascii() else None
    if match is None or int(match[4] or 80) > MAX_PORT:
        return None
    user, password, host, port = match.groups()
    if host[-1].isdigit() and not is_address(host):
        return None
    authorization = None
    if user or password:
        credential = b":".join(unquote_to_bytes(each or "") for each in (user, password))
        authorization = f"Basic {b64encode(credential).decode()}"
    return ProxyServer(host.lower(), int(port or 80), authorization)


class Route(NamedTuple):
    """A request and its route to the server."""

    message: WireRequest
    proxy: ProxyServer | None

    @property
    def key(self) -> Hashable:
        """A key that is equal for requests that can use the same connection."""
        target = self.message.target
        if self.proxy is not None and target.scheme == "http":
            return self.proxy
        return target.scheme, target.host, target.port, self.proxy

    @property
    def is_forwarded(self) -> bool:
        """Whether a proxy reads the request, rather than passing it through a tunnel."""
        return self.proxy is not None and self.message.target.scheme == "http"

    @property
    def request_target(self) -> str:
        """The target in the request line (RFC 9112, section 3.2)."""
        return self.message.url if self.is_forwarded else self.message.path

    @property
    def headers(self) -> dict[str, str]:
        """The header fields, with Proxy-Authorization if the proxy requires it."""
        proxy = self.proxy
        if proxy is None or proxy.authorization is None or not self.is_forwarded:
            return self.message.headers
        return {**self.message.headers, "proxy-authorization": proxy.authorization}


class Routes:
    """Choose the proxy of each request from the arguments and the environment.

    proxy: the one for all requests; by default those of the environment.
    trust_env: whether the environment may name proxies.
    direct: hosts that are reached without the proxies of the environment.
    headers: default header fields.
    """

    def __init__(
        self,
        *,
        proxy: str | None,
        trust_env: bool,
        direct: frozenset[str],
        headers: Mapping[str, str],
    ) -> None:
        self._direct = direct
        self._given = proxy
        self._defaults = {
            "host": "",
            "accept": "*/*",
            "accept-encoding": ACCEPTED,
            "user-agent": f"rsspot/{__version__}",
            **headers,
        }
        self._proxies: dict[str, str] = {}
        self._bypass: Bypass | None = None
        if trust_env and proxy is None and _may_name_proxies():
            from rsspot.senders.transport.proxies import environment

            self._proxies, self._bypass = environment()

    def of(self, exchange: Exchange) -> Route:
        """Return the route of a request. Raises `InvalidInput`, or `OnlyHttpx`."""
        exchange.check()
        try:
            message = message_of(exchange.request, self._defaults)
        except (TypeError, ValueError, RecursionError) as error:
            raise exchange.refused(error) from None
        return Route(message, self._proxy_for(message.target))

    def check(self, url: str) -> None:
        """Raise `OnlyHttpx` if only httpx can send requests to paths below `url`."""
        target = target_of(f"{url}/")
        if target is None:
            raise OnlyHttpx("its URL has to be normalized")
        self._proxy_for(target)

    def _proxy_for(self, target: Target) -> ProxyServer | None:
        """Return the proxy for `target`, or None. Raises `OnlyHttpx`."""
        value = self._given
        if value is None:
            if not self._proxies or target.host in self._direct:
                return None
            value = self._proxies.get(target.scheme) or self._proxies.get("all")
            covers = self._bypass.covers_host if self._bypass else _bypasses_nothing
            if value is None or covers(target.scheme, target.host, target.port):
                return None
        server = server_of(value)
        if server is None:
            raise OnlyHttpx("its proxy is not a plain HTTP proxy")
        return server


def _bypasses_nothing(_scheme: str, _host: str, _port: int) -> bool:
    return False


def _may_name_proxies() -> bool:
    """Return whether the environment or the system settings may name a proxy.

    Avoids `urllib.request`, which imports most of the standard library's HTTP code.
    """
    settings = sys.platform in {"darwin", "win32"}
    return settings or any(name.lower().endswith("_proxy") for name in os.environ)
