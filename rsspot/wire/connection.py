"""One colour of one client: what groups of operations call through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve

from rsspot.errors import ClientClosed, GoneError, InvalidInput
from rsspot.flow.flow import emit
from rsspot.senders.extending import forward
from rsspot.senders.headers import Headers
from rsspot.senders.messages import Options
from rsspot.wire.endpoint import build
from rsspot.wire.events import report
from rsspot.wire.paging import Tokens, continue_token, views_of
from rsspot.wire.responses import json_object

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable

    from rsspot_api.operations import Operation

    from rsspot.config.settings import Settings
    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow, Stream
    from rsspot.models.view import View
    from rsspot.senders.auth.sender import AuthenticatingSender
    from rsspot.senders.auth.token import Secret, Token
    from rsspot.senders.messages import Request, Response
    from rsspot.senders.sender import Sender
    from rsspot.wire.events import CallEvent
    from rsspot.wire.identity import Identity

__all__ = ["Connection"]

V = TypeVar("V", bound="View[Any]")
Arguments = dict[str, Any]

READS = frozenset({"GET", "HEAD"})

NOTHING: Arguments = {}
REMEMBERED = 256
"""Requests that are kept, since making one takes longer than answering it from memory."""


class Connection:
    """Where calls go and as whom: settings, identity, and a chain of senders of one colour."""

    def __init__(
        self,
        settings: Settings,
        identity: Identity,
        sender: Sender,
        signer: AuthenticatingSender,
        *,
        clock: Clock,
        user_agent: str,
        on_event: Callable[[CallEvent], object] | None = None,
        is_closed: Callable[[], bool] = bool,
    ) -> None:
        self.settings = settings
        self.identity = identity
        self.sender = sender
        self._signer = signer
        self.clock = clock
        self.is_async = sender.is_async
        self._is_closed = is_closed
        self.headers = Headers({"Accept": "application/json", "User-Agent": user_agent})
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
        """The request that calls `operation`. Raises `InvalidInput` before any I/O."""
        key: tuple[Any, ...] | None = None
        if body is None and options is None:
            key = (operation.id, *(arguments or NOTHING).items())
            try:
                known = self._requests.get(key)
            except TypeError:  # an argument that cannot be a key is refused below
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
        """Send `request` through the chain, report how it ended, and answer whatever came."""
        self._check_open()
        if self.settings.read_only and request.method not in READS and request.options.signed:
            raise InvalidInput(
                f"{request.method} {request.target} is a write, and this client is read-only",
                argument="read_only",
                hint="Use a profile without `read_only: true`",
                method=request.method,
                url=request.target,
            )
        started = self.clock.monotonic()
        try:
            response = yield from forward(self.sender, request)
        except BaseException as error:
            report(self._on_event, name, request, self.clock.monotonic() - started, error)
            raise
        report(self._on_event, name, request, self.clock.monotonic() - started, response)
        return response

    @property
    def per_call(self) -> bool:
        """Whether each call may have an access token of its own, and so another user."""
        return self._signer.tokens.per_call

    def refresh_token(self) -> Flow[Secret | None]:
        """The refresh token that is in use now, which the login may have rotated; or None."""
        self._check_open()
        return (yield from self._signer.tokens.refresh_token())

    def bearer(self, *, force: bool = False) -> Flow[Token]:
        """The token that calls are signed with; `force` gets a new one."""
        self._check_open()
        return (yield from self._signer.access_token(force=force, timeouts=self.settings.timeouts))

    def _check_open(self) -> None:
        if self._is_closed():
            raise ClientClosed("This client is closed", hint="Make a new one, or close it later")

    def json(
        self,
        operation: Operation,
        arguments: Arguments | None = None,
        *,
        body: Any = None,
        options: Options | None = None,
    ) -> Flow[dict[str, Any]]:
        """Call `operation` and answer its JSON object, or raise what the answer means."""
        request = self.request(operation, arguments, body=body, options=options)
        response = yield from self.send(request, operation.id)
        return json_object(request, response)

    def done(
        self, operation: Operation, arguments: Arguments, *, options: Options | None = None
    ) -> Flow[Response]:
        """Call `operation` for its effect: a success with an object, or with no body."""
        request = self.request(operation, arguments, options=options)
        response = yield from self.send(request, operation.id)
        if response.body or not response.ok:
            json_object(request, response)  # a page of a proxy says nothing about the effect
        return response

    def namespaced(self, arguments: Arguments | None = None) -> Flow[Arguments]:
        """The arguments with the namespace of this client's organization."""
        namespace = yield from self.identity.namespace(self)
        return {"namespace": namespace, **(arguments or {})}

    def page(
        self,
        kind: type[V],
        operation: Operation,
        arguments: Arguments,
        *,
        options: Options | None = None,
    ) -> Flow[tuple[tuple[V, ...], str | None]]:
        """One page of a Kubernetes list, and the token of the next one."""
        request = self.request(operation, arguments, options=options)
        response = yield from self.send(request, operation.id)
        memo = response.memo
        if memo is not None and kind in memo:
            known: tuple[tuple[V, ...], str | None] = memo[kind]
            return known
        data = json_object(request, response)
        result = tuple(views_of(kind, request, data)), continue_token(data)
        if memo is not None:
            memo[kind] = result
        return result

    def list(
        self,
        kind: type[V],
        operation: Operation,
        arguments: Arguments,
        *,
        options: Options | None = None,
    ) -> Flow[builtins.list[V]]:
        """All pages of a Kubernetes list; begun again, once, when its token expires."""
        try:
            return (yield from self._all_pages(kind, operation, arguments, options))
        except GoneError:
            return (yield from self._all_pages(kind, operation, arguments, options))

    def _all_pages(
        self, kind: type[V], operation: Operation, arguments: Arguments, options: Options | None
    ) -> Flow[builtins.list[V]]:
        found: builtins.list[V] = []
        tokens = Tokens(operation)
        while True:
            following = tokens.added_to(arguments)
            views, token = yield from self.page(kind, operation, following, options=options)
            found += views
            if not tokens.follow(token):
                return found

    def each(
        self,
        kind: type[V],
        operation: Operation,
        arguments: Arguments,
        keep: Callable[[V], bool] | None = None,
    ) -> Stream[V]:
        """Emit the objects of a Kubernetes list (that `keep` keeps), page by page when asked for.

        Raises `GoneError` when a token expires between two pages: what was emitted cannot be
        taken back, so to begin again is the caller's to decide.
        """
        tokens = Tokens(operation)
        while True:
            following = tokens.added_to(arguments)
            try:
                views, token = yield from self.page(kind, operation, following)
            except GoneError as error:
                error.hint = error.hint or "Begin again, or use `list`, which does so by itself"
                raise
            for view in views:
                if keep is None or keep(view):
                    yield from emit(view)
            if not tokens.follow(token):
                return
