"""A session of aiohttp that sends each request once, and takes one response for each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp.client_proto import ResponseHandler

from rsspot.senders.transport.failure import (
    BROKEN,
    CONNECT_FAILED,
    CONNECT_TIMEOUT,
    LOST,
    PROXY_FAILED,
    READ_TIMEOUT,
    ExchangeFailed,
    refine,
)

if TYPE_CHECKING:
    from aiohttp import ClientHandlerType, ClientRequest, ClientResponse, ClientSession

    from rsspot.senders.transport.engine_options import Limits
    from rsspot.senders.transport.failure import Failure

__all__ = ["failure_of", "new_session"]

SWITCHING = 101
MAX_LINE = 64 * 1024
"""Maximum bytes of one header field of a response."""
OURS = ("accept", "accept-encoding", "content-type", "user-agent")
"""Header fields that aiohttp would add by itself."""
NEVER_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientConnectorCertificateError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


def new_session(limits: Limits) -> ClientSession:
    """Return a session for the running event loop."""
    maximum, _kept, expiry = limits
    connector = aiohttp.TCPConnector(
        limit=maximum or 0,
        keepalive_timeout=86_400.0 if expiry is None else expiry,
        resolver=aiohttp.ThreadedResolver(),
    )
    kind: Any = _Protocol
    connector._factory = partial(kind, loop=connector._loop)  # noqa: SLF001 - there is no option for it
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        skip_auto_headers=OURS,
        max_line_size=MAX_LINE,
        max_field_size=MAX_LINE,
        middlewares=(_send_once,),
    )


class _Protocol(ResponseHandler):
    """A connection that is not used again if data came while it was idle.

    It would be taken for the response to the next request, which may be of another tenant.
    """

    def is_connected(self) -> bool:
        return not self.should_close and super().is_connected()


async def _send_once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Send a request once, and raise our own errors.

    aiohttp silently sends an idempotent request again if a kept connection is lost. But a caller
    must know that a DELETE or PUT was sent twice, to interpret the second response. aiohttp does
    so for its own error classes only.
    """
    try:
        response = await handler(request)
    except (aiohttp.ClientError, OSError) as error:
        raise ExchangeFailed(failure_of(error)) from None
    if response.status == SWITCHING:  # to a protocol that nobody asked for
        response.close()
        raise ExchangeFailed(BROKEN)
    return response


def failure_of(error: Exception) -> Failure:
    """Return the failure that an error of aiohttp, or of the system, means."""
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return CONNECT_TIMEOUT
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return PROXY_FAILED._replace(text=f"{PROXY_FAILED.text} (status {error.status})")
    if isinstance(error, NEVER_SENT):
        return refine(CONNECT_FAILED, error)
    if isinstance(error, TimeoutError):
        return READ_TIMEOUT
    return refine(LOST, error) if isinstance(error, OSError) else BROKEN
