"""The proxies of the environment: which of them a URL goes through, and which hosts need none.

`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case, are read as httpx reads
them, and so is what httpx cannot read: ranges of addresses (`fe80::/10`), addresses written in
several ways, default ports, and wildcards anywhere. An entry of `NO_PROXY` that is nothing of these
matches no host, as in curl. Whether a proxy can be used is only asked when a URL goes through it.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from attrs import frozen

from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    import httpx

__all__ = ["Bypass", "environment", "proxy_of"]

PORTS = {"http": 80, "https": 443}
SCHEMES = ("http", "https", "all")
_ADDRESS = re.compile(r"\[?([^\[\]%/]*)(?:%[^\]/]*)?\]?(/.*)?")
"""An address or range, in brackets or not; the zone of a link-local one says nothing here."""
_HOST = re.compile(rb"[A-Za-z0-9._:~-]+")
MAX_PORT = 65_535
_PORT = re.compile(r"(.*):([0-9]{1,5})")


@frozen
class _Entry:
    """One entry of `NO_PROXY`: an address or a range of them, or else a host."""

    scheme: str
    port: int | None
    network: IPv4Network | IPv6Network | None
    host: str

    def matches(self, scheme: str, names: frozenset[str], port: int | None) -> bool:
        """Whether this entry is about a URL with this scheme, host (in all its forms) and port."""
        if self.scheme not in {"all", scheme} or self.port not in {None, port}:
            return False
        address = next(filter(None, map(_address, names)), None)
        if self.network is not None:
            return address is not None and address in self.network
        if "*" in self.host:
            return any(fnmatchcase(name, self.host) for name in names)
        if self.host in names:
            return True
        domain = "." + self.host.removeprefix(".")
        return (
            address is None
            and self.scheme == "all"  # with a scheme, httpx takes the host as it stands
            and self.host != "localhost"
            and any(name.endswith(domain) for name in names)
        )


class Bypass:
    """The hosts that `NO_PROXY` names.

    MemoryCache are separated by commas or spaces. `example.com` is that host and all below it,
    `.example.com` only those below it, `*` stands for anything. A scheme before an entry and a
    port after it limit it.
    """

    def __init__(self, text: str = "") -> None:
        entries = [entry for entry in re.split(r"[,\s]+", text) if entry]
        self.everything: bool = "*" in entries
        self._entries = [made for made in map(_entry, entries) if made is not None]
        self._known = lru_cache(256)(self._covers)

    def __bool__(self) -> bool:
        return bool(self._entries)

    def covers(self, url: httpx.URL) -> bool:
        """Whether a URL is reached without a proxy."""
        return self._known(url.scheme, url.raw_host, url.port or PORTS.get(url.scheme))

    def covers_host(self, scheme: str, host: str, port: int) -> bool:
        """Whether a port of a host, in ASCII, is reached without a proxy."""
        return self._known(scheme, host.encode(), port)

    def _covers(self, scheme: str, raw_host: bytes, port: int | None) -> bool:
        encoded = raw_host.decode("ascii").lower().rstrip(".").partition("%")[0]
        names = {encoded}
        if "xn--" in encoded:
            import httpx

            with suppress(ValueError):  # a name that only looks like one in another alphabet
                names.add(httpx.URL(scheme="http", host=encoded).host)
        return any(entry.matches(scheme, frozenset(names), port) for entry in self._entries)


def environment() -> tuple[dict[str, str], Bypass]:
    """The proxies of the environment by scheme (`http`, `https`, `all`), and who goes without."""
    from urllib.request import getproxies

    found = getproxies()
    bypass = Bypass(found.get("no", ""))
    proxies = {scheme: found[scheme] for scheme in SCHEMES if found.get(scheme, "").strip()}
    return ({} if bypass.everything else proxies), bypass


def proxy_of(value: Any, source: str) -> httpx.Proxy:
    """The proxy that `value` means; a host and port alone mean an HTTP proxy.

    `source` is the argument, or the scheme whose variable it comes from. Raises `ConfigError`,
    which names the source and never shows the value: it may hold a password.
    """
    import httpx

    if isinstance(value, httpx.Proxy):
        return value
    source = _variable(source) if source in SCHEMES else source
    text = str(value).strip()
    try:
        proxy = httpx.Proxy(text if "://" in text else f"http://{text}")
    except (httpx.InvalidURL, ValueError):
        raise _unusable(source) from None
    url = proxy.url
    if (
        not _HOST.fullmatch(url.raw_host)
        or not 0 < (url.port or 1) <= MAX_PORT
        or b"@" in url.raw_path
        or "@" in url.fragment
    ):
        raise _unusable(source)
    if proxy.url.scheme.startswith("socks") and find_spec("socksio") is None:
        raise ConfigError(
            f"{source} names a SOCKS proxy, which needs the package socksio",
            key=source,
            hint="pip install 'httpx[socks]', or name an HTTP proxy",
        )
    return proxy


def _unusable(source: str) -> ConfigError:
    return ConfigError(
        f"{source} does not hold the URL of a proxy",
        key=source,
        hint="Write it like http://host:port, with https or socks5 for such proxies, and "
        "percent-encode special characters in its user name and password",
    )


def _variable(scheme: str) -> str:
    """The environment variable that names the proxy of a scheme: the lower case one wins."""
    known = [name for name in os.environ if name.lower() == f"{scheme}_proxy" and os.environ[name]]
    return max(known, default=f"the proxy of the system for {scheme}", key=str.islower)


def _entry(text: str) -> _Entry | None:
    scheme, _, rest = text.lower().rpartition("://")
    host, port = rest, None
    network = _network(rest)
    if network is None and (match := _PORT.fullmatch(rest.partition("/")[0])):
        host, port = match[1], int(match[2])
        network = _network(host)
    host = host.partition("/")[0].rstrip(".")
    if network is None and (not host or ":" in host):
        return None
    return _Entry(scheme or "all", port, network, host)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    parts = _ADDRESS.fullmatch(text)
    try:
        return None if parts is None else ip_network(parts[1] + (parts[2] or ""), strict=False)
    except ValueError:
        return None


@lru_cache(256)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
