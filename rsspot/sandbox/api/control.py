"""Control of a running sandbox over HTTP, under `/_sandbox/`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

from rsspot.models.shapes import as_list
from rsspot.sandbox.faults.plan import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from rsspot.sandbox.api.app import App

__all__ = ["Control"]

JSON = "application/json"
"""What control requests are in. A form of a web page cannot be: a browser would ask us first."""


class Control:
    """Look at a sandbox and move it from outside its process."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.state = app.state

    def routes(self, prefix: str) -> list[Route]:
        """The endpoints: status, advance, requests, faults, snapshot."""
        table: list[tuple[str, str, Callable[[Any], Any]]] = [
            ("GET", "status", self._status),
            ("POST", "advance", self._advance),
            ("GET", "requests", self._requests),
            ("DELETE", "requests", self._forget_requests),
            ("GET", "faults", lambda _: self.app.faults.to_list()),
            ("POST", "faults", self._add_faults),
            ("DELETE", "faults", lambda _: self.app.faults.clear()),
            ("GET", "snapshot", lambda _: self.state.snapshot()),
            ("POST", "snapshot", self._restore),
        ]
        found: list[Route] = []
        for path in dict.fromkeys(path for _, path, _ in table):
            verbs = {verb: do for verb, known, do in table if known == path}
            found.append(Route(f"{prefix}/{path}", _endpoint(verbs), methods=list(verbs)))
        return found

    def _status(self, _body: Any) -> Any:
        return {
            "now": self.state.clock.now(),
            "seed": self.state.seed,
            "speed": self.state.clock.speed,
            "requests": len(self.app.received),
            "faults_struck": self.app.faults.struck,
            "crashes": [repr(error) for error in self.app.crashes],
            "organizations": [
                {**known, "refresh_token": token}
                for known, token in zip(
                    self.state.organizations, self.state.refresh_tokens, strict=True
                )
            ],
        }

    def _advance(self, body: Any) -> Any:
        seconds = float(body.get("seconds", 0)) + 60 * float(body.get("minutes", 0))
        with self.state.lock:
            self.state.clock.advance(seconds)
            self.state.life.settle()
        return {"now": self.state.clock.now()}

    def _requests(self, _body: Any) -> Any:
        fields = ("method", "path", "query", "status")
        return [{name: getattr(item, name) for name in fields} for item in self.app.received]

    def _forget_requests(self, _body: Any) -> Any:
        self.app.received.clear()

    def _add_faults(self, body: Any) -> Any:
        # One fault, or a list of them.
        self.app.faults.extend(Fault(**options) for options in as_list(body) or [body])
        return self.app.faults.to_list()

    def _restore(self, body: Any) -> Any:
        self.state.restore(body)
        return {"now": self.state.clock.now()}


def _endpoint(verbs: dict[str, Callable[[Any], Any]]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        # HEAD is a GET whose body the server leaves out.
        do = verbs.get(request.method) or verbs["GET"]
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method == "POST" and media != JSON:
            return PlainTextResponse(f"a control request is in {JSON}\n", 415)
        try:
            body = await request.body()
            return JSONResponse(do(json.loads(body) if body else {}))
        except (ValueError, TypeError, AttributeError) as error:
            return PlainTextResponse(f"{error}\n", 400)

    return endpoint
