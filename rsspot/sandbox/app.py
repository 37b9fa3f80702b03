"""The ASGI application: host check, control endpoints, fault middleware and API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.sandbox.api.routes import application
from rsspot.sandbox.control import PREFIX, control
from rsspot.sandbox.faults.middleware import FaultMiddleware
from rsspot.sandbox.hosts import Hosts

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from rsspot.sandbox.faults.middleware import ReceivedRequest
    from rsspot.sandbox.faults.plan import FaultPlan
    from rsspot.sandbox.world import SandboxState

__all__ = ["App"]


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
            elif scope["path"].startswith(f"{PREFIX}/"):
                app = self._control
        await app(scope, receive, send)
