"""The ASGI application: which request goes where, and who may make it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend, AuthenticationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from rsspot.sandbox.api.control import Control
from rsspot.sandbox.api.hosts import Hosts
from rsspot.sandbox.api.kinds import KINDS
from rsspot.sandbox.api.login import Login, Member
from rsspot.sandbox.api.organizations import Organizations
from rsspot.sandbox.api.prices import Prices
from rsspot.sandbox.api.resources import Resources
from rsspot.sandbox.api.status import Refused, status
from rsspot.sandbox.faults.middleware import CONTROL, Gate
from rsspot.sandbox.world.offers import Offers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response
    from starlette.types import Receive, Scope, Send

    from rsspot.sandbox.api.oauth import OAuth
    from rsspot.sandbox.faults.plan import FaultPlan
    from rsspot.sandbox.world.state import SandboxState

    Answerer = Callable[[Request, bytes], Response]

__all__ = ["App"]

AUTH, API, METRICS = (
    "/apis/auth.ngpc.rxt.io/v1",
    "/apis/ngpc.rxt.io/v1",
    "/apis/metrics.ngpc.rxt.io/v1",
)
KUBECONFIG = f"{AUTH}/generate-kubeconfig"


class App(Gate):
    """Serves one sandbox; usable in process, with `httpx.ASGITransport`."""

    def __init__(self, state: SandboxState, faults: FaultPlan, hosts: Hosts | None = None) -> None:
        self.state = state
        self.hosts = Hosts() if hosts is None else hosts
        self.crashes: list[Exception] = []
        """What went wrong in the sandbox itself; always empty, unless it has a bug."""
        super().__init__(self._application(), faults)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection or lifespan, by ASGI 3."""
        refusal = self.hosts.refusal(scope) if scope["type"] == "http" else None
        await (super().__call__ if refusal is None else refusal)(scope, receive, send)

    def _application(self) -> Starlette:
        app = Starlette(
            routes=self._routes(),
            middleware=[
                Middleware(AuthenticationMiddleware, backend=Bearer(self.state.oauth),
                           on_error=lambda _, error: PlainTextResponse(str(error), 401)),
            ],
            exception_handlers={HTTPException: _unrouted, Refused: _refused},
        )  # fmt: skip
        app.router.redirect_slashes = False
        return app

    def _routes(self) -> list[Route]:
        state = self.state
        offers, prices, login = Offers(state), Prices(state), Login(state)
        organizations, resources = Organizations(state), Resources(state)
        table: list[tuple[str, str, Answerer]] = [
            ("POST", "/oauth/token", login.token),
            ("GET", "/.well-known/openid-configuration", login.discovery),
            ("GET", "/.well-known/jwks.json", login.jwks),
            ("POST", KUBECONFIG, login.kubeconfig),
            ("GET", f"{AUTH}/organizations", organizations.list),
            ("GET", f"{METRICS}/events/organizations", organizations.events),
            ("GET", f"{API}/regions", offers.regions),
            ("GET", f"{API}/regions/{{name}}", offers.region),
            ("GET", f"{API}/serverclasses", offers.server_classes),
            ("GET", f"{API}/serverclasses/{{name}}", offers.server_class),
            ("GET", "/percentiles.json", prices.percentiles),
            ("GET", "/comparable_prices.json", prices.comparable),
            ("GET", "/history/{server_class}", prices.history),
        ]
        for kind in KINDS.values():
            many = f"{API}/namespaces/{{namespace}}/{kind.plural}"
            table += [
                (kind.verbs_of_collection, many, partial(resources.collection, kind)),
                (kind.verbs_of_object, f"{many}/{{name}}", partial(resources.one, kind)),
            ]
        routes = [Route(path, self._serve(do), methods=verbs.split()) for verbs, path, do in table]
        return [*routes, *Control(self).routes(CONTROL)]

    def _serve(self, answer: Answerer) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            body = await request.body()
            # One request at a time: answers are rendered before the next one changes anything.
            with self.state.lock:
                self.state.life.settle()
                try:
                    return answer(request, body)
                except (Refused, HTTPException):
                    raise
                except Exception as error:  # noqa: BLE001 - kept for whoever looks after the sandbox
                    self.crashes.append(error)
                    return JSONResponse(status(500, f"the sandbox failed: {error!r}"), 500)

        return endpoint


class Bearer(AuthenticationBackend):
    """Signs a request in by its bearer, wherever the API asks for one."""

    def __init__(self, oauth: OAuth) -> None:
        self.oauth = oauth

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, Member] | None:
        """Who asks; None where nobody has to say."""
        path = conn.url.path
        if not path.startswith("/apis/") or path == KUBECONFIG:
            return None
        try:
            org_id = self.oauth.check(conn.headers.get("authorization"))
        except PermissionError as error:
            raise AuthenticationError(str(error)) from None
        return AuthCredentials(["member"]), Member(org_id)


async def _refused(_request: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)  # noqa: S101 - what it is registered for
    return JSONResponse(refused.body, refused.code)


async def _unrouted(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    text = "the server could not find the requested resource"
    if error.status_code == 405:  # noqa: PLR2004 - method not allowed
        text = "the server does not allow this method on the requested resource"
    return JSONResponse(status(error.status_code, text), error.status_code, error.headers)
