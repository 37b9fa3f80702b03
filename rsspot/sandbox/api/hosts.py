"""Who may talk to a local Spot: programs that know its name, and no web page of another site.

A page of any site can have a browser send requests to loopback, also under a name of that site's
own that is made to resolve to loopback (DNS rebinding). The name that the page used is in Host
(RFC 9110, section 7.2), and the page's own site in Origin (RFC 6454, section 7).
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from rsspot.sandbox.api.status import status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response
    from starlette.types import Scope

__all__ = ["Hosts", "is_loopback", "is_unspecified"]

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?")
_AUTHORITY = re.compile(r"(?:\[([^\[\]]+)\]|([^\[\]:@/?#\s]+))(?::[0-9]{1,5})?")


class Hosts:
    """The names that a local Spot is known by: those of loopback, and `names`.

    Raises `ValueError` for what is not the name or address of one host.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        if isinstance(names, str):
            raise ValueError(f"allowed hosts are a list of names, not the text {names!r:.80}")  # noqa: TRY004 - one error for every bad value
        self.names = frozenset(map(_checked, names))

    def refusal(self, scope: Scope) -> Response | None:
        """The response to a request that is not for us, or not from here; None lets it pass."""
        hosts, origins = _header(scope, b"host"), _header(scope, b"origin")
        if len(hosts) != 1:
            return _refused(400, f"the request has {len(hosts)} Host fields, not one")
        name = _host_of(hosts[0])
        if name is None or not self._knows(name):
            return _refused(
                421,
                f"the local Spot does not serve the host {hosts[0]!r:.100}; where that is meant, "
                "start it with --allow-host and the name, or SpotSandbox(allow_hosts=[…])",
            )
        # A page of its own names the same host and port as the request does.
        if any(origin.partition("://")[2].lower() != hosts[0].lower() for origin in origins):
            return _refused(403, f"the local Spot serves no page of {origins[0]!r:.100}")
        return None

    def _knows(self, name: str) -> bool:
        return name in self.names or is_loopback(name)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens at `host`."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def is_unspecified(host: str) -> bool:
    """Whether `host` stands for all addresses of this machine, and so names none."""
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
            f"{name!r:.80} is not the name of one host: write it without scheme, port or wildcard"
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


def _refused(code: int, text: str) -> Response:
    return JSONResponse(status(code, text), code)
