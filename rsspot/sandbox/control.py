"""Control of a running sandbox over HTTP, under `/_sandbox/`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rsspot.sandbox.faults import Fault

if TYPE_CHECKING:
    from rsspot.sandbox.app import Answer, Received
    from rsspot.sandbox.faults import FaultPlan
    from rsspot.sandbox.state import SandboxState

__all__ = ["Control"]


class Control:
    """GET status, requests, faults, snapshot; POST advance, faults, snapshot; DELETE faults."""

    def __init__(self, state: SandboxState, faults: FaultPlan, received: list[Received]) -> None:
        self.state = state
        self.faults = faults
        self.received = received

    def answer(self, request: Received) -> Answer:
        """The answer to a control request."""
        from rsspot.sandbox.app import Answer

        what = request.path.removeprefix("/_sandbox/")
        try:
            body: Any = json.loads(request.body) if request.body else {}
            return Answer.of(self._do(request.method, what, body))
        except LookupError:
            return Answer.text(404, f"There is no {request.method} {request.path}.\n")
        except (ValueError, TypeError) as error:
            return Answer.text(400, f"{error}\n")

    def _do(self, method: str, what: str, body: Any) -> Any:
        state = self.state
        if (method, what) == ("POST", "advance"):
            seconds = float(body.get("seconds", 0)) + 60 * float(body.get("minutes", 0))
            with state.lock:
                state.clock.advance(seconds)
                state.life.settle()
            return {"now": state.clock.now()}
        if (method, what) == ("POST", "faults"):
            self.faults.faults.append(Fault(**body))
            return self.faults.to_list()
        if (method, what) == ("DELETE", "faults"):
            self.faults.clear()
            return []
        if (method, what) == ("POST", "snapshot"):
            state.restore(body)
            return {"now": state.clock.now()}
        reads = {
            "status": lambda: {
                "now": state.clock.now(),
                "seed": state.seed,
                "requests": len(self.received),
            },
            "requests": lambda: [
                {
                    "method": item.method,
                    "path": item.path,
                    "query": item.query,
                    "status": item.status,
                }
                for item in self.received
            ],
            "faults": self.faults.to_list,
            "snapshot": state.snapshot,
        }
        if method != "GET":
            raise LookupError(what)
        return reads[what]()
