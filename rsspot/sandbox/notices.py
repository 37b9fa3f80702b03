"""Notices of pre-emption, as the local Spot sends them to a webhook."""

from __future__ import annotations

import json
import urllib.request
from urllib.parse import urlsplit

from rsspot.sandbox.app import is_loopback

__all__ = ["send_notice"]


def send_notice(url: str, body: dict[str, str]) -> None:
    """Send a notice once. Errors are ignored, since a listener is optional."""
    if not url.startswith(("http://", "https://")):
        return
    request = urllib.request.Request(  # noqa: S310 - http and https only, a line above
        url, json.dumps(body).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    is_local = is_loopback(urlsplit(url).hostname or "")
    # For a proxy, loopback would be its own machine.
    proxies = urllib.request.ProxyHandler({} if is_local else None)
    try:
        urllib.request.build_opener(proxies).open(request, timeout=5).close()
    except OSError:
        return
