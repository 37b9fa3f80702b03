"""The routes of the API, and who may use them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.authentication import AuthCredentials, AuthenticationBackend, AuthenticationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from rsspot.sandbox.api.accounts import Accounts, Member
from rsspot.sandbox.api.catalogue import Catalogue
from rsspot.sandbox.api.kinds import KINDS
from rsspot.sandbox.api.resources import Resources
from rsspot.sandbox.api.status import HANDLERS, reject
from rsspot.sandbox.world import ApiError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import HTTPConnection, Request
    from starlette.responses import Response

    from rsspot.sandbox.world import OAuth, SandboxState

    Handler = Callable[[Request, bytes], Response]

__all__ = ["application"]

AUTH, API, METRICS = (
    "/apis/auth.ngpc.rxt.io/v1",
    "/apis/ngpc.rxt.io/v1",
    "/apis/metrics.ngpc.rxt.io/v1",
)
KUBECONFIG = f"{AUTH}/generate-kubeconfig"


def application(state: SandboxState, crashes: list[Exception]) -> Starlette:
    """Return the API over `state`, which appends its own bugs to `crashes`."""
    accounts, catalogue, resources = Accounts(state), Catalogue(state), Resources(state)
    table: list[tuple[str, str, Handler]] = [
        ("POST", "/oauth/token", accounts.token),
        ("GET", "/.well-known/openid-configuration", accounts.discovery),
        ("GET", "/.well-known/jwks.json", accounts.jwks),
        ("POST", KUBECONFIG, accounts.kubeconfig),
        ("GET", f"{AUTH}/organizations", accounts.organizations),
        ("GET", f"{METRICS}/events/organizations", accounts.events),
        ("GET", f"{API}/regions", catalogue.regions),
        ("GET", f"{API}/regions/{{name}}", catalogue.region),
        ("GET", f"{API}/serverclasses", catalogue.server_classes),
        ("GET", f"{API}/serverclasses/{{name}}", catalogue.server_class),
        ("GET", "/percentiles.json", catalogue.percentiles),
        ("GET", "/comparable_prices.json", catalogue.comparable),
        ("GET", "/history/{server_class}", catalogue.history),
    ]
    for kind in KINDS.values():
        path = f"{API}/namespaces/{{namespace}}/{kind.plural}"
        table += [
            (kind.collection_methods, path, partial(resources.collection, kind)),
            (kind.object_methods, f"{path}/{{name}}", partial(resources.one, kind)),
        ]
    app = Starlette(
        routes=[
            Route(path, _endpoint(state, crashes, handler), methods=methods.split())
            for methods, path, handler in table
        ],
        middleware=[
            Middleware(
                AuthenticationMiddleware,
                backend=BearerAuthentication(state.oauth),
                on_error=lambda _, error: PlainTextResponse(str(error), 401),
            )
        ],
        exception_handlers=HANDLERS,
    )
    app.router.redirect_slashes = False
    return app


def _endpoint(
    state: SandboxState, crashes: list[Exception], handler: Handler
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        body = await request.body()
        # One request at a time: a response is rendered before the next request changes anything.
        with state.lock:
            state.advance()
            try:
                return handler(request, body)
            except (ApiError, HTTPException):
                raise
            except Exception as error:  # noqa: BLE001 - stored, so that tests can find bugs of the sandbox
                crashes.append(error)
                return reject(500, f"the sandbox failed: {error!r}")

    return endpoint


class BearerAuthentication(AuthenticationBackend):
    """Authenticate a request by its access token (RFC 6750), where the API requires one."""

    def __init__(self, oauth: OAuth) -> None:
        self.oauth = oauth

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, Member] | None:
        """Return the member that the token was issued to; None where no token is required."""
        path = conn.url.path
        if not path.startswith("/apis/") or path == KUBECONFIG:
            return None
        scheme, _, token = conn.headers.get("authorization", "").partition(" ")
        try:
            org_id = self.oauth.verify(token if scheme.lower() == "bearer" else "")
        except PermissionError as error:
            raise AuthenticationError(str(error)) from None
        return AuthCredentials(["member"]), Member(org_id)
