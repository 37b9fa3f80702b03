"""The proxies of the environment: which proxy a URL uses, and which hosts need none.

`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case, are read as httpx reads
them. Entries that httpx cannot read work too: ranges of addresses (`fe80::/10`), addresses written
in several ways, default ports, and wildcards anywhere. An entry of `NO_PROXY` that is none of these
matches no host, as in curl. A proxy is checked only when a URL goes through it.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import lru_cache
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, NamedTuple

from rsspot.errors import ConfigError

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

    import httpx

__all__ = ["Bypass", "environment", "proxy_of"]

PORTS = {"http": 80, "https": 443}
SCHEMES = ("http", "https", "all")
_ADDRESS = re.compile(r"\[?([^\[\]%/]*)(?:%[^\]/]*)?\]?(/.*)?")
"""An address or range, with or without brackets; the zone of a link-local one is ignored."""
_HOST = re.compile(
    rb"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*|([A-Za-z0-9_~-]{1,63}\.)*[A-Za-z0-9_~-]{1,63}\.?"
)
MAX_PORT = 65_535
_PORT = re.compile(r"(.*):([0-9]{1,5})")


class _Entry(NamedTuple):
    """One entry of `NO_PROXY`: an address, a range of addresses, or a host."""

    scheme: str
    port: int | None
    network: IPv4Network | IPv6Network | None
    host: str

    def matches(self, scheme: str, names: frozenset[str], port: int | None) -> bool:
        """Return whether a URL with this scheme, host (in all its forms) and port matches."""
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
            and self.scheme == "all"  # with a scheme, httpx compares the host literally
            and self.host != "localhost"
            and any(name.endswith(domain) for name in names)
        )


class Bypass:
    """The hosts that `NO_PROXY` names.

    Entries are separated by commas or spaces. `example.com` is that host and all its subdomains,
    `.example.com` only its subdomains, `*` matches anything. A scheme before an entry or a port
    after it limits the entry to that scheme or port.
    """

    def __init__(self, text: str = "") -> None:
        entries = [entry for entry in re.split(r"[,\s]+", text) if entry]
        self.everything: bool = "*" in entries
        self._entries = [made for made in map(_entry, entries) if made is not None]
        self._known = lru_cache(256)(self._covers)

    def __bool__(self) -> bool:
        return bool(self._entries)

    def covers(self, url: httpx.URL) -> bool:
        """Return whether a URL is requested without a proxy."""
        return self._known(url.scheme, url.raw_host, url.port or PORTS.get(url.scheme))

    def covers_host(self, scheme: str, host: str, port: int) -> bool:
        """Return whether a port of a host, in ASCII, is reached without a proxy."""
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
    """Return the proxies of the environment by scheme (`http`, `https`, `all`), and the bypass."""
    from urllib.request import getproxies

    found = getproxies()
    bypass = Bypass(found.get("no", ""))
    proxies = {scheme: found[scheme] for scheme in SCHEMES if found.get(scheme, "").strip()}
    return ({} if bypass.everything else proxies), bypass


def proxy_of(value: Any, source: str) -> httpx.Proxy:
    """Return the proxy in `value`; a host and port without a scheme mean an HTTP proxy.

    `source` is the argument, or the scheme whose variable it comes from. Raises `ConfigError`,
    which names the source and never shows the value, which may contain a password.
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
        or not 0 < (1 if url.port is None else url.port) <= MAX_PORT
        or b"@" in url.raw_path
        or "@" in url.fragment
    ):
        raise _unusable(source)
    if proxy.url.scheme.startswith("socks") and find_spec("socksio") is None:
        raise ConfigError(
            f"{source} names a SOCKS proxy, which needs the package socksio",
            key=source,
            hint="Run: pip install 'httpx[socks]', or use an HTTP proxy",
        )
    return proxy


def _unusable(source: str) -> ConfigError:
    return ConfigError(
        f"{source} is not the URL of a proxy",
        key=source,
        hint="Write it like http://host:port, with https or socks5 for such proxies, and "
        "percent-encode special characters in its user name and password",
    )


def _variable(scheme: str) -> str:
    """Return the environment variable of the proxy of a scheme: lower case takes precedence."""
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
