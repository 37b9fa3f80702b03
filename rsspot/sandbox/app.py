"""The ASGI application: routes of the document, and what stands before them."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, unquote

from rsspot.sandbox.catalogue import CLASSES, REGIONS
from rsspot.sandbox.control import Control
from rsspot.sandbox.kinds import KINDS
from rsspot.sandbox.resources import Resources
from rsspot.sandbox.status import Refused, status

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.sandbox.faults import Fault, FaultPlan
    from rsspot.sandbox.state import SandboxState

__all__ = ["Answer", "App", "Received"]

AUTH, API, METRICS = (
    "/apis/auth.ngpc.rxt.io/v1",
    "/apis/ngpc.rxt.io/v1",
    "/apis/metrics.ngpc.rxt.io/v1",
)
PAGE = 100


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


class Answer(NamedTuple):
    """An answer before it is sent."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, body: Any, status: int = 200, *headers: tuple[str, str]) -> Answer:
        """An answer of JSON."""
        return cls(status, json.dumps(body).encode(), "application/json", headers)

    @classmethod
    def text(cls, status: int, text: str, content_type: str = "text/plain") -> Answer:
        """An answer of text."""
        return cls(status, text.encode(), content_type)


class App:
    """Serves one sandbox; usable in process, with `httpx.ASGITransport`."""

    def __init__(self, state: SandboxState, faults: FaultPlan) -> None:
        self.state = state
        self.faults = faults
        self.received: list[Received] = []
        self.crashes: list[Exception] = []
        """What went wrong in the sandbox itself; always empty, unless it has a bug."""
        self.resources = Resources(state)
        self.control = Control(state, faults, self.received)

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """One connection or lifespan, by ASGI 3."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        raw = scope.get("raw_path") or scope["path"].encode()
        path = raw.decode().partition("?")[0]
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        query = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
        method = scope["method"]
        request = Received(method, path, query, headers, body, 0)
        if path.startswith("/_sandbox/"):
            await _send(send, self.control.answer(request))
            return
        await self._serve(request, send)

    async def _serve(self, request: Received, send: Any) -> None:
        fault = self.faults.strike(request.method, request.path)
        kind = fault.kind if fault else None
        if fault and kind == "latency":
            await asyncio.sleep(fault.seconds)
        if fault and kind in {"drop_before", "status", "html", "expired_token"}:
            answer = _instead(fault)
        else:
            answer = self.answer(request)
            if fault and kind == "drop_after":
                answer = None
            elif fault and kind == "status_after":
                answer = Answer.of(
                    status(fault.status, "It was done, and this failed"), fault.status
                )
        code = answer.status if answer else 0
        self.received.append(request._replace(status=code))
        if answer is None:
            _abort(send)
        elif fault and kind in {"truncate", "drip"}:
            await _badly(send, answer, fault)
        else:
            await _send(send, answer)

    def answer(self, request: Received) -> Answer:
        """What the API answers."""
        with self.state.lock:
            self.state.life.settle()
            try:
                return self._route(request)
            except PermissionError as error:
                return Answer.text(401, str(error))
            except Refused as refused:
                return Answer.of(refused.body, refused.code)
            except Exception as error:  # noqa: BLE001 - kept for whoever looks after the sandbox
                self.crashes.append(error)
                return Answer.of(status(500, f"the sandbox failed: {error!r}"), 500)

    def _route(self, request: Received) -> Answer:
        method, path = request.method, request.path
        if path.startswith(API + "/"):
            org_id = self.state.oauth.check(request.headers.get("authorization"))
            return self._api(request, org_id, path.removeprefix(API + "/").split("/"))
        open_paths: dict[tuple[str, str], Callable[[Received], Answer]] = {
            ("POST", "/oauth/token"): self._token,
            ("GET", "/.well-known/openid-configuration"): self._discovery,
            ("GET", "/.well-known/jwks.json"): lambda _: Answer.of(self.state.oauth.jwks()),
            ("POST", f"{AUTH}/generate-kubeconfig"): self.resources.kubeconfig,
            ("GET", "/percentiles.json"): lambda _: self._file(
                request, self.state.market.percentiles(self.state.clock.now())
            ),
            ("GET", "/comparable_prices.json"): lambda _: self._file(
                request, self.state.market.comparable()
            ),
        }
        handler = open_paths.get((method, path))
        if handler is not None:
            return handler(request)
        if method == "GET" and path.startswith("/history/"):
            return self._history(request, unquote(path.removeprefix("/history/")))
        signed_paths = {
            ("GET", f"{AUTH}/organizations"): self._organizations,
            ("GET", f"{METRICS}/events/organizations"): self._events,
        }
        signed = signed_paths.get((method, path))
        org_id = self.state.oauth.check(request.headers.get("authorization"))
        if signed is not None:
            return signed(request, org_id)
        known = {known for _, known in (*open_paths, *signed_paths)}
        raise Refused(405 if path in known else 404, f"{method} {path} is not served")

    def _api(self, request: Received, org_id: str, parts: list[str]) -> Answer:
        parts = [unquote(part) for part in parts]
        if parts[0] == "namespaces" and len(parts) in {3, 4} and parts[2] in KINDS:
            own = org_id.lower().replace("_", "-")
            if parts[1] != own:
                raise Refused(
                    403,
                    f'{parts[2]}.ngpc.rxt.io is forbidden: User "dev@example.com" cannot access '
                    f'resource "{parts[2]}" in API group "ngpc.rxt.io" in the namespace '
                    f'"{parts[1]}"',
                )
            name = parts[3] if len(parts) > 3 else None  # noqa: PLR2004 - namespaces, it, plural, name
            return self.resources.answer(request, KINDS[parts[2]], parts[1], name)
        catalogue = {
            "regions": ("Region", [region.name for region in REGIONS], self.state.region),
            "serverclasses": ("ServerClass", list(CLASSES), self.state.server_class),
        }.get(parts[0])
        if catalogue is None or len(parts) > 2:  # noqa: PLR2004 - plural and name
            raise Refused(404, "the server could not find the requested resource")
        if request.method != "GET":
            raise Refused(405, f"{request.method} is not served")
        kind, names, make = catalogue
        if len(parts) == 1:
            items = [item for name in sorted(names) if (item := make(name)) is not None]
            return Answer.of(self.state.objects.select(kind, items, request.query))
        item = make(parts[1])
        if item is None:
            raise Refused(
                404, f'{parts[0]}.ngpc.rxt.io "{parts[1]}" not found', name=parts[1], kind=parts[0]
            )
        return Answer.of(item)

    def _token(self, request: Received) -> Answer:
        form = dict(parse_qsl(request.body.decode("utf-8", "replace")))
        code, body = self.state.oauth.exchange(form)
        return Answer.of(body, code)

    def _discovery(self, request: Received) -> Answer:
        base = f"http://{request.headers.get('host', 'localhost')}"
        return Answer.of(self.state.oauth.discovery(base))

    def _organizations(self, request: Received, _org_id: str) -> Answer:
        start = _number(request.query, "start", 0, least=0)
        limit = _number(request.query, "limit", PAGE, least=1)
        known = self.state.organizations
        page = known[start : start + limit]
        body: dict[str, Any] = {
            "start": start,
            "limit": limit,
            "length": len(page),
            "total": len(known),
            "organizations": page,
        }
        if start + limit < len(known):
            body["next"] = f"{request.path}?start={start + limit}&limit={limit}"
        return Answer.of(body)

    def _events(self, request: Received, org_id: str) -> Answer:
        limit = _number(request.query, "limits", PAGE, least=1)
        newest = [list(event) for event in self.state.events[::-1][:limit]]
        return Answer.of({"org_id": org_id, "events": newest})

    def _history(self, request: Received, name: str) -> Answer:
        entry = CLASSES.get(name)
        if entry is None:
            body = "<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"
            return Answer.text(403, body, "application/xml")
        return self._file(request, self.state.market.history(entry, self.state.clock.now()))

    def _file(self, request: Received, body: Any) -> Answer:
        import hashlib

        answer = Answer.of(body)
        etag = f'"{hashlib.md5(answer.body, usedforsecurity=False).hexdigest()}"'
        if request.headers.get("if-none-match") == etag:
            return Answer(304, b"", headers=(("ETag", etag),))
        return answer._replace(headers=(("ETag", etag),))


def _number(query: dict[str, str], name: str, default: int, *, least: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not text.isdecimal() or int(text) < least:
        raise Refused(400, f"{name} must be a whole number, {least} or more")
    return int(text)


def _instead(fault: Fault) -> Answer | None:
    if fault.kind == "status":
        headers = (("Retry-After", fault.retry_after),) if fault.retry_after is not None else ()
        return Answer.of(status(fault.status, "This fault was planned"), fault.status, *headers)
    if fault.kind == "html":
        return Answer.text(200, "<html><body>A page of a proxy</body></html>", "text/html")
    if fault.kind == "expired_token":
        return Answer.text(401, "Jwt is expired")
    return None


async def _send(send: Any, answer: Answer) -> None:
    await _head(send, answer)
    await send({"type": "http.response.body", "body": answer.body})


async def _head(send: Any, answer: Answer) -> None:
    headers = [(b"content-type", answer.content_type.encode())] if answer.status != 304 else []  # noqa: PLR2004 - not modified
    if answer.status not in {204, 304}:
        headers.append((b"content-length", str(len(answer.body)).encode()))
    headers += [(name.lower().encode(), value.encode()) for name, value in answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})


async def _badly(send: Any, answer: Answer, fault: Fault) -> None:
    await _head(send, answer)
    if fault.kind == "drip":
        for index in range(len(answer.body)):
            await asyncio.sleep(fault.seconds)
            piece = answer.body[index : index + 1]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        return
    half = answer.body[: len(answer.body) // 2]
    await send({"type": "http.response.body", "body": half, "more_body": True})
    await asyncio.sleep(0)
    _abort(send)


def _abort(send: Any) -> None:
    # The server's own cycle owns the transport; ASGI has no word for hanging up.
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionResetError("The sandbox hung up.")
    transport.close()


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
