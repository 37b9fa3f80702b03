"""ASGI middleware that records every request, and makes some of them fail as planned."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

import httpx
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse

from rsspot.sandbox.api.status import reject, status

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from rsspot.sandbox.faults.plan import Fault, FaultPlan

__all__ = ["FaultMiddleware", "ReceivedRequest"]

MAX_BODY = 3 * 2**20
"""Maximum bytes of a body, as for an API server of Kubernetes. The rest is read and dropped."""
MAX_REQUESTS = 20_000
"""Maximum number of recorded requests. Beyond it the older half is dropped."""
MAX_BYTES = 64 * 2**20
"""Maximum size of all recorded requests. Beyond it the older half is dropped."""
REPLACED = frozenset({"status", "html", "expired_token"})
"""The kinds whose response takes the place of the API's own."""


class ReceivedRequest(NamedTuple):
    """A request that the sandbox received, and the status of its response (0: none was sent)."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    status: int
    fault: str | None = None
    """The kind of the planned fault that struck it."""

    def json(self) -> Any:
        """Return the decoded JSON of the body."""
        return json.loads(self.body)

    @property
    def size(self) -> int:
        """The approximate number of bytes in memory."""
        fields = (*self.query.items(), *self.headers.items())
        return len(self.body) + len(self.path) + sum(len(name) + len(text) for name, text in fields)


class BufferedResponse(NamedTuple):
    """A complete response that has not been sent."""

    head: Message
    body: bytes


class FaultMiddleware:
    """Wrap an ASGI application. Unlike most middleware, it can also close the connection."""

    def __init__(self, app: ASGIApp, faults: FaultPlan) -> None:
        self.app = app
        self.faults = faults
        self.received: list[ReceivedRequest] = []
        self._received_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI 3 defines it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, is_complete = await _read(scope, receive)
        if not is_complete:
            self._record(request._replace(status=413))
            too_large = reject(413, f"Request entity too large: limit is {MAX_BODY}")
            await too_large(scope, receive, send)
            return
        fault = self.faults.next_fault(request.method, request.path)
        response = await self._respond(scope, request, fault)
        sent = response.head["status"] if response else 0
        self._record(request._replace(status=sent, fault=fault.kind if fault else None))
        if response is None:
            _disconnect(send)
        elif fault is not None and fault.kind == "truncate":
            await send(response.head)
            half = response.body[: len(response.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await asyncio.sleep(0)
            _disconnect(send)
        else:
            await send(response.head)
            if fault is not None and fault.kind == "drip":
                await _send_slowly(send, response.body, fault.seconds)
            else:
                await send({"type": "http.response.body", "body": response.body})

    async def _respond(
        self, scope: Scope, request: ReceivedRequest, fault: Fault | None
    ) -> BufferedResponse | None:
        """Return the response after the fault; None closes the connection without one."""
        if fault is None:
            return await _collect(self.app, scope, request.body)
        if fault.kind == "latency":
            await asyncio.sleep(fault.seconds)
        if fault.kind == "drop_before":
            return None
        if fault.kind in REPLACED:
            return await _collect(_replacement(fault), scope, b"")
        response = await _collect(self.app, scope, request.body)
        if fault.kind == "drop_after":
            return None
        if fault.kind == "status_after":
            return await _collect(_replacement(fault), scope, b"")
        return response

    def _record(self, request: ReceivedRequest) -> None:
        if not self.received:  # also after the user cleared the list
            self._received_bytes = 0
        self.received.append(request)
        self._received_bytes += request.size
        while len(self.received) > 1 and (
            len(self.received) > MAX_REQUESTS or self._received_bytes > MAX_BYTES
        ):
            older = self.received[: len(self.received) // 2]
            del self.received[: len(older)]
            self._received_bytes -= sum(item.size for item in older)


def _replacement(fault: Fault) -> ASGIApp:
    if fault.kind == "html":
        return HTMLResponse("<html><body>A page of a proxy</body></html>")
    if fault.kind == "expired_token":
        return PlainTextResponse("Jwt is expired", 401)
    headers = {"Retry-After": fault.retry_after} if fault.retry_after is not None else None
    text = "Planned fault: the request was not carried out"
    if fault.kind == "status_after":
        text = "Planned fault: the request was carried out"
    return JSONResponse(status(fault.status, text), fault.status, headers)


async def _read(scope: Scope, receive: Receive) -> tuple[ReceivedRequest, bool]:
    """Return the request, and whether its body is complete."""
    body, length = bytearray(), 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        body += part[: MAX_BODY - len(body)]
        length += len(part)
        if not message.get("more_body"):
            break
    # The path as it was sent: `%2F` in a name is not a slash.
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    received = ReceivedRequest(scope["method"], path, query, headers, bytes(body), 0)
    return received, length <= MAX_BODY


async def _collect(app: ASGIApp, scope: Scope, body: bytes) -> BufferedResponse:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    head, *rest = sent
    return BufferedResponse(head, b"".join(part.get("body", b"") for part in rest))


async def _send_slowly(send: Send, body: bytes, seconds: float) -> None:
    for index in range(len(body)):
        piece = body[index : index + 1]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(seconds)
    await send({"type": "http.response.body", "body": b""})


def _disconnect(send: Send) -> None:
    # ASGI has no event for closing a connection; the server's protocol object has the transport.
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        # In process: the error that httpx raises for the same over a socket.
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    transport.close()
