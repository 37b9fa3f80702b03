"""The page, its script and style, and the world as JSON, which the script polls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from rsspot.sandbox.page.world import prices, world

if TYPE_CHECKING:
    from starlette.requests import Request

    from rsspot.sandbox.faults.middleware import ReceivedRequest
    from rsspot.sandbox.faults.plan import FaultPlan
    from rsspot.sandbox.world import SandboxState

__all__ = ["HEADERS", "routes"]

FOLDER = Path(__file__).parent
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
FILES = {
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/page.svg": ("page.svg", "image/svg+xml"),
}


def routes(
    state: SandboxState, faults: FaultPlan, received: list[ReceivedRequest], prefix: str
) -> list[Route]:
    """Return the routes of the page: itself at ``/``, the rest below `prefix`."""

    def shown(request: Request) -> Response:
        after = request.query_params.get("after", "")
        if after and not after.isdecimal():
            return Response("after must be a whole number\n", 400, HEADERS, "text/plain")
        return JSONResponse(world(state, faults, received, int(after or 0)), headers=HEADERS)

    def charts(_request: Request) -> Response:
        return JSONResponse(prices(state), headers=HEADERS)

    return [
        *(
            Route("/" if path == "/" else prefix + path, _file(*file))
            for path, file in FILES.items()
        ),
        Route(f"{prefix}/world", shown),
        Route(f"{prefix}/prices", charts),
    ]


def _file(name: str, media: str) -> Any:
    def endpoint(_request: Request) -> Response:
        return Response((FOLDER / name).read_bytes(), 200, HEADERS, media)

    return endpoint
