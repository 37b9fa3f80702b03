"""The calls of a client, sync or async: requests, responses, pages."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

from rsspot.errors import ClientClosed, GoneError, InvalidInput
from rsspot.flow.flow import emit
from rsspot.models.results import Results
from rsspot.senders.extending import forward
from rsspot.senders.headers import Headers
from rsspot.senders.messages import MOMENT, Options
from rsspot.values import evolve
from rsspot.wire.call_time import current_call, in_time, time_left
from rsspot.wire.endpoint import build
from rsspot.wire.pages import next_page
from rsspot.wire.responses import continue_token, json_object, views_of

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Sequence

    from rsspot_api.operations import Operation

    from rsspot.config.settings import Settings
    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow, Stream
    from rsspot.models.view import View
    from rsspot.redaction.secret import Secret
    from rsspot.senders.auth.sender import AuthenticatingSender
    from rsspot.senders.auth.token import Token
    from rsspot.senders.messages import Request, Response
    from rsspot.senders.sender import Sender
    from rsspot.wire.dry_run import DryRun
    from rsspot.wire.events import CallEvent
    from rsspot.wire.lifetime import Lifetime

__all__ = ["Connection"]

V = TypeVar("V", bound="View[Any]")
Arguments = dict[str, Any]

READS = frozenset({"GET", "HEAD"})

NOTHING: Arguments = {}
DEBUG = 10
"""`logging.DEBUG`."""
REMEMBERED = 256
"""Requests that are kept: building one takes 13 µs, finding it 1 µs (medians on one machine)."""


class Connection:
    """Settings and a chain of senders, either sync or async."""

    def __init__(
        self,
        settings: Settings,
        sender: Sender,
        signer: AuthenticatingSender,
        *,
        clock: Clock,
        user_agent: str,
        on_event: Callable[[CallEvent], object] | None = None,
        lifetime: Lifetime,
        dry_run: DryRun | None = None,
    ) -> None:
        self.settings = settings
        self.sender = sender
        self._signer = signer
        self.clock = clock
        self.dry_run = dry_run
        self.is_async: bool = sender.is_async
        self._lifetime = lifetime
        self.headers: Headers = Headers({"Accept": "application/json", "User-Agent": user_agent})
        self._on_event = on_event
        self._requests: dict[tuple[Any, ...], Request] = {}
        self._signed = Options(timeouts=settings.timeouts)
        self._unsigned = Options(timeouts=settings.timeouts, signed=False)
        self._bases = {
            "api": settings.base_url,
            "oauth": settings.oauth_url,
            "public": settings.public_data_url,
        }

    def __repr__(self) -> str:
        return repr(self.sender)

    def request(
        self,
        operation: Operation,
        arguments: Arguments | None = None,
        *,
        body: Any = None,
        options: Options | None = None,
    ) -> Request:
        """Return the request that calls `operation`. Raises `InvalidInput` before any I/O."""
        key: tuple[Any, ...] | None = None
        if body is None and options is None:
            key = operation.id, tuple((arguments or NOTHING).items())
            try:
                known = self._requests.get(key)
            except TypeError:  # an invalid argument, which is refused below
                key = known = None
            if known is not None:
                return known
        if options is None:
            options = self._signed if operation.secured else self._unsigned
        elif options.timeouts is None:
            options = evolve(options, timeouts=self.settings.timeouts)
        request = build(
            operation,
            self._bases[operation.server],
            arguments or NOTHING,
            headers=self.headers,
            body=body,
            options=options,
        )
        if key is not None:
            if len(self._requests) >= REMEMBERED:
                self._requests.clear()
            self._requests[key] = request
        return request

    def send(self, request: Request, name: str = "request") -> Flow[Response]:
        """Send `request` through the chain, report how it ended, and return the response.

        Raises `ClientClosed`, and `InvalidInput` for a write of a read-only client. A client for
        dry runs reports a write in place of carrying it out.
        """
        self._check_open()
        if request.method not in READS and request.options.signed:
            if self.settings.read_only:
                raise InvalidInput(
                    f"{request.method} {request.target} is a write, and this client is read-only",
                    argument="read_only",
                    hint="Use a profile without `read_only: true`",
                    method=request.method,
                    url=request.target,
                )
            if self.dry_run is not None:
                return self.dry_run.send(self.sender, request, self.headers)
        call = current_call.get()
        began = None if call is None else call.began
        passed = 0.0 if began is None else self.clock.monotonic() - began
        if passed < MOMENT:
            sending = forward(self.sender, request)
        else:
            sending = in_time(self.sender, request, passed)
        if self._on_event is None and not _is_read():
            return sending
        from rsspot.wire.events import reported

        return reported(sending, request, name, self._on_event, self.clock)

    @property
    def per_call(self) -> bool:
        """Whether each call may have its own access token, and thus another user."""
        return self._signer.tokens.per_call

    def refresh_token(self) -> Flow[Secret | None]:
        """Return the refresh token in use, which the login may have rotated; or None."""
        self._check_open()
        return self._signer.tokens.refresh_token()

    def access_token(self, *, force: bool = False) -> Flow[Token]:
        """Return the access token that calls are signed with; with `force`, a new one."""
        self._check_open()
        timeouts = time_left(self.settings.timeouts, self.clock)
        return self._signer.access_token(force=force, timeouts=timeouts)

    def _check_open(self) -> None:
        lifetime: Lifetime | None = self._lifetime
        while lifetime is not None:
            if lifetime.closed:
                raise ClientClosed(
                    "This client is closed",
                    hint="Create a new client, or close this one later",
                )
            lifetime = lifetime.base

    def json(
        self,
        operation: Operation,
        arguments: Arguments | None = None,
        *,
        body: Any = None,
        options: Options | None = None,
    ) -> Flow[dict[str, Any]]:
        """Call `operation` and return its JSON object, or raise what the response means."""
        request = self.request(operation, arguments, body=body, options=options)
        response = yield from self.send(request, operation.id)
        return json_object(request, response)

    def done(
        self, operation: Operation, arguments: Arguments, *, options: Options | None = None
    ) -> Flow[Response]:
        """Call `operation` for its effect, and return a success: an object, or no body."""
        request = self.request(operation, arguments, options=options)
        response = yield from self.send(request, operation.id)
        if response.body or not response.ok:
            json_object(request, response)  # a page of a proxy proves nothing about the effect
        return response

    def list(
        self,
        kind: type[V],
        operation: Operation,
        arguments: Arguments,
        *,
        options: Options | None = None,
    ) -> Flow[builtins.list[V]]:
        """Return all pages of a Kubernetes list; start over once if its continue token expires."""
        found: Results[V] = Results()
        seen: set[str] = set()
        may_begin_again = True
        following = arguments
        while True:
            request = self.request(operation, following, options=options)
            try:
                response = yield from self.send(request, operation.id)
                views, token = _read_page(kind, request, response)
            except GoneError:
                if not may_begin_again:
                    raise
                may_begin_again, following = False, arguments
                found.clear()
                seen.clear()
                continue
            found += views
            if token is None:
                return found
            following = next_page(operation, arguments, token, seen)

    def each(
        self,
        kind: type[V],
        operation: Operation,
        arguments: Arguments,
        keep: Callable[[V], bool] | None = None,
    ) -> Stream[V]:
        """Emit the objects of a Kubernetes list that `keep` accepts, reading pages on demand.

        Raises `GoneError` if a token expires between two pages. Objects were emitted already, so
        the caller decides whether to start again.
        """
        seen: set[str] = set()
        following = arguments
        while True:
            request = self.request(operation, following)
            try:
                response = yield from self.send(request, operation.id)
                views, token = _read_page(kind, request, response)
            except GoneError as error:
                error.hint = error.hint or "Start over, or use `list`, which does so itself"
                raise
            for view in views:
                if keep is None or keep(view):
                    yield from emit(view)
            if token is None:
                return
            following = next_page(operation, arguments, token, seen)


def _read_page(
    kind: type[V], request: Request, response: Response
) -> tuple[Sequence[V], str | None]:
    """Return the objects of one page, and the token of the next; a stored page is read once."""
    memo = response.memo
    if memo is not None and kind in memo:
        known: tuple[tuple[V, ...], str | None] = memo[kind]
        return known
    data = json_object(request, response)
    views, token = views_of(kind, request, data), continue_token(data)
    if memo is not None:
        memo[kind] = tuple(views), token
    return views, token


_log: Any = None


def _is_read() -> bool:
    """Return whether the logger `rsspot` is enabled for DEBUG."""
    global _log  # noqa: PLW0603 - to ask for the log takes longer than to ask whether it is read
    if _log is None:
        # If the program has not imported logging, no handler exists, and importing it takes time.
        logging = sys.modules.get("logging")
        if logging is None:
            return False
        _log = logging.getLogger("rsspot")
    return bool(_log.isEnabledFor(DEBUG))
