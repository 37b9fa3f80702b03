"""The host check: serve programs that know the sandbox's name, and no web page of another site.

A page of any site can have a browser send requests to loopback, also under a name of that site's
own that is made to resolve to loopback (DNS rebinding). The name that the page used is in Host
(RFC 9110, section 7.2), and the page's own site in Origin (RFC 6454, section 7).
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from rsspot.sandbox.api.status import reject

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response
    from starlette.types import Scope

__all__ = ["Hosts", "is_loopback", "is_unspecified"]

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?")
_AUTHORITY = re.compile(r"(?:\[([^\[\]]+)\]|([^\[\]:@/?#\s]+))(?::[0-9]{1,5})?")


class Hosts:
    """The host names that the sandbox serves: those of loopback, and `names`.

    Raises `ValueError` for a name that is not the name or address of one host.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        if isinstance(names, str):
            raise ValueError(f"allow_hosts must be a list of names, not the string {names!r:.80}.")  # noqa: TRY004 - one error for every bad value
        self.names: frozenset[str] = frozenset(map(_checked, names))

    def rejection(self, scope: Scope) -> Response | None:
        """Return the response to a request for another host or from another site, else None."""
        hosts, origins = _header(scope, b"host"), _header(scope, b"origin")
        if len(hosts) != 1:
            return reject(400, f"the request must have one Host header, not {len(hosts)}")
        name = _host_of(hosts[0])
        if name is None or not self._serves(name):
            return reject(
                421,
                f"the sandbox does not serve the host {hosts[0]!r:.100}. To allow it, start the "
                "sandbox with --allow-host NAME or SpotSandbox(allow_hosts=[NAME])",
            )
        # A page of the sandbox itself names the same host and port as the request does.
        if any(origin.partition("://")[2].lower() != hosts[0].lower() for origin in origins):
            return reject(
                403, f"the sandbox rejects requests of web pages from {origins[0]!r:.100}"
            )
        return None

    def _serves(self, name: str) -> bool:
        return name in self.names or is_loopback(name)


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach a server on `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_unspecified(host: str) -> bool:
    """Return whether `host` is the wildcard address, as `0.0.0.0` and `::` are."""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def _checked(name: object) -> str:
    text = name.strip("[]").lower() if isinstance(name, str) else ""
    try:
        good = not ip_address(text).is_unspecified
        text = str(ip_address(text))
    except ValueError:
        good = _NAME.fullmatch(text) is not None
    if not good:
        raise ValueError(
            f"{name!r:.80} is not the name of one host. Write it without scheme, port or wildcard."
        )
    return text


def _host_of(authority: str) -> str | None:
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        return None
    text = (match[1] or match[2]).lower()
    try:
        return str(ip_address(text))
    except ValueError:
        return None if match[1] else text


def _header(scope: Scope, wanted: bytes) -> list[str]:
    return [value.decode("latin-1") for name, value in scope["headers"] if name.lower() == wanted]
