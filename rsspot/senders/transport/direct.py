"""The common part of engines other than httpx: options, and when a call needs httpx."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from rsspot.errors import ClientClosed
from rsspot.flow.forks import reset_in_child
from rsspot.senders.options import MAX_BODY
from rsspot.senders.reporting import log_debug
from rsspot.senders.sender import Sender
from rsspot.senders.transport.engine_options import EngineOptions
from rsspot.senders.transport.failure import OnlyHttpx

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.senders.messages import Request
    from rsspot.senders.transport.exchange import Exchange
    from rsspot.senders.transport.routes import Route, Routes

__all__ = ["DirectSender"]

S = TypeVar("S", bound=Sender)


class DirectSender(Sender, Generic[S]):
    """Sends requests with its own engine if that supports them, else with httpx.

    `direct` are hosts that are reached without the proxies of the environment; `arguments` are
    those of an httpx client that say how a server is reached. Raises `TypeError` for any other.
    """

    _otherwise: ClassVar[Callable[..., Any]]
    """Makes the sender over httpx."""
    _max_request: ClassVar[int | None] = None
    """Maximum bytes of the body of a request; None has no limit."""

    def __init__(
        self,
        *,
        max_body: int = MAX_BODY,
        direct: frozenset[str] = frozenset(),
        **arguments: Any,
    ) -> None:
        """Make a sender.

        Args:
            max_body: Maximum number of bytes of a response (default: 67,108,864).
            direct: Hosts that are reached without the proxies of the environment (default: none).
            **arguments: How a server is reached, by the names of httpx (default: none).

        Raises:
            TypeError: If an argument is not one of these.
        """
        self._options = EngineOptions(type(self).__name__, arguments)
        self._arguments = arguments
        self._direct = direct
        self._max_body = max_body
        self._closed = False
        self._routes: Routes | None = None
        self._httpx: S | None = None
        self.after_fork()
        reset_in_child(self)

    def after_fork(self) -> None:
        """Replace the lock by a new one, which nobody holds."""
        self._guard = threading.Lock()

    def _check_open(self) -> None:
        if self._closed:
            raise ClientClosed(
                f"This {type(self).__name__} is closed", hint="Create a new one, or close it later"
            )

    def _route(self, exchange: Exchange) -> Route:
        """Return the route of a request. Raises `InvalidInput`, or `OnlyHttpx`."""
        routes = self._routes
        if routes is None:
            # Imported here, since a response from the cache needs no part of it.
            from rsspot.senders.transport.routes import Routes

            options = self._options
            routes = self._routes = Routes(
                proxy=options.proxy,
                trust_env=options.trust_env,
                direct=self._direct,
                headers=options.headers,
            )
        route = routes.of(exchange)
        if self._max_request is not None and len(route.message.body) > self._max_request:
            raise OnlyHttpx(f"its body is larger than {self._max_request:,} bytes")
        return route

    def _through_httpx(self, request: Request, why: OnlyHttpx) -> S:
        """Return the sender over httpx, which is created on first use."""
        log_debug("%s %s goes through httpx: %s", request.method, request.target, why)
        with self._guard:
            made = self._httpx
            if made is None:
                arguments = dict(self._arguments)
                if self._direct:
                    arguments["mounts"] = {
                        f"all://[{host}]" if ":" in host else f"all://{host}": None
                        for host in self._direct
                    }
                made = self._httpx = self._otherwise(max_body=self._max_body, **arguments)
            return made

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(sorted(self._arguments))})"
