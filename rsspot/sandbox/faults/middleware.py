"""What stands before the API: every request is noted, and some go wrong as planned."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

import httpx
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse

from rsspot.sandbox.api.status import status

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from rsspot.sandbox.faults.plan import Fault, FaultPlan

__all__ = ["CONTROL", "Gate", "Received"]

CONTROL = "/_sandbox"
"""Where the control endpoints are: nothing goes wrong there, and nothing is noted."""
LARGEST = 3 * 2**20
"""Bytes of a body that are read, as an API server of Kubernetes does; the rest is dropped."""
KEPT = 20_000
"""The maximum number of requests that are kept; the older half is dropped when there are more."""
KEPT_BYTES = 64 * 2**20
"""The maximum of bytes that they have in all; the older half is dropped when there are more."""
INSTEAD = frozenset({"status", "html", "expired_token"})


class Received(NamedTuple):
    """A request that the sandbox got, and the status of its answer (0: none was sent)."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    status: int

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def size(self) -> int:
        """About how many bytes it takes to keep."""
        fields = (*self.query.items(), *self.headers.items())
        return len(self.body) + len(self.path) + sum(len(name) + len(text) for name, text in fields)


class Answer(NamedTuple):
    """An answer that is complete, and not yet sent."""

    head: Message
    body: bytes


class Gate:
    """An ASGI application around another, which can cut connections as no framework would."""

    def __init__(self, app: ASGIApp, faults: FaultPlan) -> None:
        self.app = app
        self.faults = faults
        self.received: list[Received] = []
        self._received_bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection or lifespan, by ASGI 3."""
        if scope["type"] != "http" or scope["path"].startswith(f"{CONTROL}/"):
            await self.app(scope, receive, send)
            return
        request, is_whole = await _read(scope, receive)
        if not is_whole:
            self._note(request._replace(status=413))
            text = f"Request entity too large: limit is {LARGEST}"
            await JSONResponse(status(413, text), 413)(scope, receive, send)
            return
        fault = self.faults.strike(request.method, request.path)
        answer = await self._answer(scope, request, fault)
        self._note(request._replace(status=answer.head["status"] if answer else 0))
        if answer is None:
            _hang_up(send)
        elif fault is not None and fault.kind == "truncate":
            await send(answer.head)
            half = answer.body[: len(answer.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            await asyncio.sleep(0)
            _hang_up(send)
        else:
            await send(answer.head)
            if fault is not None and fault.kind == "drip":
                await _drip(send, answer.body, fault.seconds)
            else:
                await send({"type": "http.response.body", "body": answer.body})

    async def _answer(self, scope: Scope, request: Received, fault: Fault | None) -> Answer | None:
        """The answer, with what the fault makes of it; None is a connection without one."""
        if fault is None:
            return await _collect(self.app, scope, request.body)
        if fault.kind == "latency":
            await asyncio.sleep(fault.seconds)
        if fault.kind == "drop_before":
            return None
        if fault.kind in INSTEAD:
            return await _collect(_instead(fault), scope, b"")
        answer = await _collect(self.app, scope, request.body)
        if fault.kind == "drop_after":
            return None
        if fault.kind == "status_after":
            return await _collect(_instead(fault), scope, b"")
        return answer

    def _note(self, request: Received) -> None:
        if not self.received:  # also when they were cleared
            self._received_bytes = 0
        self.received.append(request)
        self._received_bytes += request.size
        while len(self.received) > 1 and (
            len(self.received) > KEPT or self._received_bytes > KEPT_BYTES
        ):
            older = self.received[: len(self.received) // 2]
            del self.received[: len(older)]
            self._received_bytes -= sum(item.size for item in older)


def _instead(fault: Fault) -> ASGIApp:
    if fault.kind == "html":
        return HTMLResponse("<html><body>A page of a proxy</body></html>")
    if fault.kind == "expired_token":
        return PlainTextResponse("Jwt is expired", 401)
    headers = {"Retry-After": fault.retry_after} if fault.retry_after is not None else None
    text = "This fault was planned"
    if fault.kind == "status_after":
        text = "It was done, and this failed"
    return JSONResponse(status(fault.status, text), fault.status, headers)


async def _read(scope: Scope, receive: Receive) -> tuple[Received, bool]:
    """The request, and whether its body is all there."""
    body, length = bytearray(), 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        body += part[: LARGEST - len(body)]
        length += len(part)
        if not message.get("more_body"):
            break
    # The path as it was sent: `%2F` in a name is not a slash.
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0]
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    received = Received(scope["method"], path, query, headers, bytes(body), 0)
    return received, length <= LARGEST


async def _collect(app: ASGIApp, scope: Scope, body: bytes) -> Answer:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    head, *rest = sent
    return Answer(head, b"".join(part.get("body", b"") for part in rest))


async def _drip(send: Send, body: bytes, seconds: float) -> None:
    for place in range(len(body)):
        piece = body[place : place + 1]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        await asyncio.sleep(seconds)
    await send({"type": "http.response.body", "body": b""})


def _hang_up(send: Send) -> None:
    # The server's own cycle owns the transport; ASGI has no word for hanging up.
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        # In process: what httpx makes of it over a socket.
        raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
    transport.close()
