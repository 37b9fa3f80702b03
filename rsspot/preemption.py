"""Receive notices before servers are taken away: an ASGI app without dependencies.

Set its URL as the webhook of a cloudspace or VM cloudspace::

    async def drain(notice: PreemptionNotice) -> None: ...

    app = PreemptionApp(drain, token=os.environ["WEBHOOK_TOKEN"])   # https://host/any/path/<token>

The vendor documents no signature (docs/api-facts.md#preemption), so the last part of the path is a
secret; without it the response is 404. Check with the API before you act on a notice.
"""

from __future__ import annotations

import asyncio
import hmac
import inspect
import json
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from rsspot.errors import InvalidInput
from rsspot.models.events import PreemptionNotice

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["PreemptionApp", "PreemptionNotice", "new_token"]

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Handler: TypeAlias = Callable[[PreemptionNotice], object]

MAX_BODY: Final = 65_536
"""Bytes of a body. A notice has about 150."""
BODY_TIMEOUT: Final = 10.0
"""Seconds in which a body has to arrive."""
MIN_TOKEN: Final = 16
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~-]+")
_JSON: Final = re.compile(r"(?:application|text)/(?:[\w.+-]+\+)?json|text/plain", re.IGNORECASE)
log: logging.Logger = logging.getLogger("rsspot.preemption")


class _RefusedError(Exception):
    """A request that is not carried out."""

    def __init__(self, status: int, text: str, headers: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(text)
        self.status, self.text, self.headers = status, text, tuple(headers)


def new_token() -> str:
    """Make a random token that cannot be guessed.

    Returns:
        43 letters, digits, ``-`` and ``_``.
    """
    return secrets.token_urlsafe(32)


class PreemptionApp:
    """An ASGI app that hands each notice to a function. Serve it, or mount it in your service.

    It responds 204 once the function has returned, 404 without the token, 405 and 415 to what is no
    POST of JSON, 413 to a body that is too large, 408 to one that is too slow, 400 to one that is
    no notice, and 500 when the function raises; what it raised is logged under
    ``rsspot.preemption``.
    """

    def __init__(
        self,
        on_notice: Handler,
        *,
        token: str,
        max_body: int = MAX_BODY,
        body_timeout: float = BODY_TIMEOUT,
    ) -> None:
        """Make an app.

        Args:
            on_notice: A function that is called with each `PreemptionNotice`. An async one is
                awaited; any other is called in a thread.
            token: The secret: 16 or more letters, digits and ``-._~``; `new_token` makes one. A
                request has it as the last part of its path, or as ``Authorization: Bearer``.
            max_body: The maximum size of a body in bytes. Default: 65536.
            body_timeout: The seconds in which a body has to arrive. Default: 10.

        Raises:
            InvalidInput: If the token is too short, or cannot be part of a URL.
        """
        if len(token) < MIN_TOKEN or not _TOKEN.fullmatch(token):
            raise InvalidInput(
                f"token must be {MIN_TOKEN} or more letters, digits and -._~",
                argument="token",
                hint="Make one at random, and keep it where the receiver is started",
            )
        self._on_notice = on_notice
        self._token = token.encode()
        self.max_body = max_body
        self.body_timeout = body_timeout

    @property
    def path(self) -> str:
        """The secret path, to append to the URL that the app is served at."""
        return f"/{self._token.decode()}"

    def __repr__(self) -> str:
        return f"<PreemptionApp for {getattr(self._on_notice, '__name__', 'a function')}>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI has it.

        Args:
            scope: What the server knows of the connection.
            receive: An async function that returns the next message from the client.
            send: An async function that sends a message to the client.
        """
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            self._check(scope)
            notice = _parse(await self._body(scope, receive))
            await self._handle(notice)
        except _RefusedError as refused:
            await _respond(send, refused.status, refused.text, refused.headers)
        else:
            await _respond(send, 204, "")

    def _check(self, scope: Scope) -> None:
        """Refuse a request without the token first, so that nobody else learns anything."""
        headers = _headers(scope)
        last = str(scope.get("path", "")).rstrip("/").rpartition("/")[2].encode()
        scheme, _, credentials = headers.get(b"authorization", b"").partition(b" ")
        given = credentials.strip() if scheme.lower() == b"bearer" else b""
        # Both are compared, and each in constant time.
        matches = hmac.compare_digest(last, self._token), hmac.compare_digest(given, self._token)
        if not any(matches):
            raise _RefusedError(404, "Not found")
        if scope["method"] != "POST":
            raise _RefusedError(405, "A notice is a POST", [("allow", "POST")])
        media = headers.get(b"content-type", b"").decode("latin-1").partition(";")[0].strip()
        if media and not _JSON.fullmatch(media):
            raise _RefusedError(415, "A notice is JSON")

    async def _body(self, scope: Scope, receive: Receive) -> bytes:
        length = _headers(scope).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.max_body:
            raise _RefusedError(413, f"A notice has at most {self.max_body} bytes")
        body = bytearray()
        try:
            async with asyncio.timeout(self.body_timeout):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _RefusedError(400, "The connection was closed")
                    body += message.get("body", b"")
                    if len(body) > self.max_body:
                        raise _RefusedError(413, f"A notice has at most {self.max_body} bytes")
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise _RefusedError(408, "The body took too long") from None

    async def _handle(self, notice: PreemptionNotice) -> None:
        try:
            if inspect.iscoroutinefunction(self._on_notice):
                await self._on_notice(notice)
                return
            result = await asyncio.to_thread(self._on_notice, notice)
            if inspect.isawaitable(result):  # such as that of a functools.partial
                await result
        except Exception:  # what a caller's function raises costs one notice, and is logged
            log.exception("The notice of server %s could not be handled", notice.server)
            raise _RefusedError(500, "The notice could not be handled") from None


def _parse(body: bytes) -> PreemptionNotice:
    try:
        return PreemptionNotice.parse(body)
    except InvalidInput as error:
        raise _RefusedError(400, error.message) from None


def _headers(scope: Scope) -> dict[bytes, bytes]:
    return {name.lower(): value for name, value in scope.get("headers", ())}


async def _respond(
    send: Send, status: int, text: str, headers: Iterable[tuple[str, str]] = ()
) -> None:
    body = json.dumps({"error": text}).encode() if text else b""
    known = [(name.encode(), value.encode()) for name, value in headers]
    if body:
        known += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": known})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
