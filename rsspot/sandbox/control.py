"""Control of a running sandbox over HTTP, under `/_sandbox/`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from rsspot.sandbox.api.status import HANDLERS
from rsspot.sandbox.faults.plan import Fault
from rsspot.shapes import as_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from rsspot.sandbox.faults.middleware import ReceivedRequest
    from rsspot.sandbox.faults.plan import FaultPlan
    from rsspot.sandbox.world import SandboxState

__all__ = ["PREFIX", "control"]

PREFIX = "/_sandbox"
"""The path of the control endpoints. They are never faulty, and are not recorded."""
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
            body = await request.body()
            return JSONResponse(handler(json.loads(body) if body else {}))
        except (ValueError, TypeError, AttributeError) as error:
            return PlainTextResponse(f"{error}\n", 400)

    return endpoint
