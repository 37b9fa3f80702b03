"""The ASGI application: host check, control endpoints, fault middleware and API."""

from __future__ import annotations

import json
import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from rsspot.sandbox import page
from rsspot.sandbox.api.routes import application
from rsspot.sandbox.api.status import HANDLERS, reject
from rsspot.sandbox.faults.middleware import FaultMiddleware
from rsspot.sandbox.faults.plan import Fault
from rsspot.shapes import as_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from rsspot.sandbox.faults.middleware import ReceivedRequest
    from rsspot.sandbox.faults.plan import FaultPlan
    from rsspot.sandbox.world import SandboxState

__all__ = [
    "MAX_CONTENT",
    "PREFIX",
    "App",
    "Hosts",
    "control",
    "is_loopback",
    "is_unspecified",
]

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


def _is_page(scope: Scope) -> bool:
    """Return whether a browser asks for the page. The API itself has nothing at its root."""
    accepts = ",".join(_header(scope, b"accept"))
    return scope["path"] == "/" and scope["method"] in {"GET", "HEAD"} and "text/html" in accepts


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


PREFIX = "/_sandbox"
"""The path of the control endpoints. They are never faulty, and are not recorded."""
MAX_CONTENT = 16 * 1024 * 1024
"""Maximum bytes of the body of a control request, which may be a whole snapshot."""
JSON = "application/json"
"""The only media type of control requests. A form of a web page cannot have it (CORS)."""


def control(
    state: SandboxState,
    faults: FaultPlan,
    received: list[ReceivedRequest],
    crashes: list[Exception],
) -> Starlette:
    """Return the control endpoints: status, advance, requests, faults and snapshot."""

    def status(_body: Any) -> Any:
        return {
            "now": state.clock.now(),
            "seed": state.seed,
            "speed": state.clock.speed,
            "requests": len(received),
            "faults_struck": faults.struck,
            "crashes": [repr(error) for error in crashes],
            "organizations": [
                {**known, "refresh_token": token}
                for known, token in zip(state.organizations, state.refresh_tokens, strict=True)
            ],
        }

    def advance(body: Any) -> Any:
        state.advance(float(body.get("seconds", 0)) + 60 * float(body.get("minutes", 0)))
        return {"now": state.clock.now()}

    def clock(body: Any) -> Any:
        state.clock.run_at(float(body["speed"]) or None)
        return {"now": state.clock.now(), "speed": state.clock.speed or 0}

    def requests(_body: Any) -> Any:
        fields = ("method", "path", "query", "status")
        return [{name: getattr(item, name) for name in fields} for item in received]

    def add_faults(body: Any) -> Any:
        # One fault, or a list of them.
        faults.extend(Fault(**options) for options in as_list(body) or [body])
        return faults.to_list()

    def restore(body: Any) -> Any:
        state.restore(body)
        return {"now": state.clock.now()}

    table: dict[str, dict[str, Callable[[Any], Any]]] = {
        "status": {"GET": status},
        "advance": {"POST": advance},
        "clock": {"POST": clock},
        "requests": {"GET": requests, "DELETE": lambda _: received.clear()},
        "faults": {
            "GET": lambda _: faults.to_list(),
            "POST": add_faults,
            "DELETE": lambda _: faults.clear(),
        },
        "snapshot": {"GET": lambda _: state.snapshot(), "POST": restore},
    }
    routes = [
        Route(f"{PREFIX}/{path}", _endpoint(methods), methods=list(methods))
        for path, methods in table.items()
    ]
    routes += page.routes(state, faults, received, PREFIX)
    app = Starlette(routes=routes, exception_handlers=HANDLERS)
    app.router.redirect_slashes = False
    return app


def _endpoint(methods: dict[str, Callable[[Any], Any]]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        # HEAD is a GET whose body the server leaves out.
        handler = methods.get(request.method) or methods["GET"]
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method == "POST" and media != JSON:
            return PlainTextResponse(
                f"The body of a control request must be JSON. Send Content-Type: {JSON}.\n", 415
            )
        try:
            content = await _content(request)
            if content is None:
                return PlainTextResponse(f"The body is larger than {MAX_CONTENT} bytes.\n", 413)
            body: object = json.loads(content) if content else {}
            if not isinstance(body, dict | list):
                return PlainTextResponse("The body must be a JSON object.\n", 400)
            return JSONResponse(handler(body))
        except RecursionError:
            return PlainTextResponse("The body is nested too deeply.\n", 400)
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as error:
            return PlainTextResponse(f"{error}\n", 400)

    return endpoint


async def _content(request: Request) -> bytes | None:
    """Return the body, which is read to its end; None if it is too large to be kept."""
    content, length = bytearray(), 0
    async for part in request.stream():
        content += part[: MAX_CONTENT - len(content)]
        length += len(part)
    return bytes(content) if length <= MAX_CONTENT else None


class App:
    """Serve one sandbox. It also runs in process, with `httpx.ASGITransport`."""

    def __init__(self, state: SandboxState, faults: FaultPlan, hosts: Hosts | None = None) -> None:
        self.hosts: Hosts = Hosts() if hosts is None else hosts
        self.crashes: list[Exception] = []
        """Exceptions that the sandbox itself raised: empty unless it has a bug."""
        self.api: FaultMiddleware = FaultMiddleware(application(state, self.crashes), faults)
        """The API behind the fault middleware."""
        self._control = control(state, faults, self.api.received, self.crashes)

    @property
    def received(self) -> list[ReceivedRequest]:
        """The requests to the API, in order."""
        return self.api.received

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection, as ASGI 3 defines it."""
        app: ASGIApp = self.api
        if scope["type"] == "http":
            rejection = self.hosts.rejection(scope)
            if rejection is not None:
                app = rejection
            elif scope["path"].startswith(f"{PREFIX}/") or _is_page(scope):
                app = self._control
        await app(scope, receive, send)
