"""Cookies: none is kept, since one sender may serve many tenants.

A cookie that one tenant's response sets would go out with the next tenant's request.
"""

from __future__ import annotations

from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

from rsspot.senders.transport.httpx_exchange import MARKER

if TYPE_CHECKING:
    import httpx

__all__ = ["EmptyCookieJar", "ignore_our_cookies"]


class EmptyCookieJar(CookieJar):
    """A jar that takes no cookie from a response."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Do nothing."""


def ignore_our_cookies(client: httpx.Client | httpx.AsyncClient) -> None:
    """Have a client of the caller's own keep no cookie that comes with a response to a sender.

    A jar that holds cookies is left alone: its owner wants a session. So are the cookies that
    come with what the owner sends by the client itself.
    """
    jar = client.cookies.jar
    if len(jar):
        return
    extract = jar.extract_cookies

    def extract_from_others(response: Any, request: Any) -> None:
        if MARKER not in request.request.extensions:
            extract(response, request)

    setattr(jar, "extract_cookies", extract_from_others)  # noqa: B010 - of this jar alone
