"""Sign-in: add the access token to each request that may carry it, and renew it if refused."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from rsspot.arguments import check_arguments
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.senders.auth.provided import ProvidedToken
from rsspot.senders.auth.sources import StaticToken, TokenSource
from rsspot.senders.auth.token import Token
from rsspot.senders.extending import ExtendingSender, forward
from rsspot.senders.sender import obtained

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.senders.auth.provided import ProviderResult
    from rsspot.senders.headers import Headers
    from rsspot.senders.messages import Request, Response
    from rsspot.senders.options import Timeouts
    from rsspot.senders.sender import Sender

__all__ = ["AuthenticatingSender"]

UNAUTHORIZED, FORBIDDEN = 401, 403
REFUSED = frozenset({UNAUTHORIZED, FORBIDDEN})


@check_arguments(methods=False)
class AuthenticatingSender(ExtendingSender):
    """Adds ``Authorization: Bearer …`` to requests.

    A 401 renews the token once, and the request is sent once more. So does a 403, unless the token
    was obtained for this very call. A second 403 is final, and for the next 60 seconds no 403
    renews a token of the same credential, in any thread, task or process that shares it.

    Args:
        tokens: A source, an access token, or a function, sync or async, that returns one (see
            `ProvidedToken`).
        sender: Sender that sends the requests (default: a new `SyncSender`).
        origin: Scheme, host and port of a URL; no other origin ever gets the token (default: the
            audience of the source, if it has one).
        clock: Source of time and sleep, for tests (default: that of the system).

    Raises:
        ConfigError: If the token or origin cannot be used.
    """

    _shown: ClassVar[tuple[str, ...]] = ("sender",)

    def __init__(
        self,
        tokens: TokenSource | str | Callable[[], ProviderResult],
        sender: Sender | None = None,
        *,
        origin: str | None = None,
        clock: Clock = SYSTEM_CLOCK,
    ) -> None:
        super().__init__(sender)
        if isinstance(tokens, str):
            tokens = StaticToken(tokens)
        elif not isinstance(tokens, TokenSource):
            tokens = ProvidedToken(tokens, clock=clock)
        self.tokens = tokens
        origin = origin or tokens.audience
        self._origin = _origin(origin) if origin else None
        self._clock = clock
        self._last: tuple[Token, Request, Request] | None = None
        """The token that signed the last request, that request, and the signed one."""

    def access_token(self, *, force: bool = False, timeouts: Timeouts | None = None) -> Flow[Token]:
        """Return the token that requests are signed with.

        Args:
            force: Whether to get a new one in any case.
            timeouts: Maximum times of the call (default: those of the sender).

        Raises:
            AuthError: If signing in fails.
            ConnectionFailed: If the login host cannot be reached.
            DeadlineExceeded: If it takes too long.
        """
        return (yield from self.tokens.obtain(self.sender, force=force, timeouts=timeouts))

    def flow(self, request: Request) -> Flow[Response]:
        origin = self._origin
        if not request.options.signed or (origin is not None and origin != _origin(request.url)):
            return (yield from forward(self.sender, request))
        clock, begun, now = self._clock, self._clock.monotonic(), request
        token = self.tokens.known()
        if token is None:
            token = yield from self.tokens.obtain(self.sender, timeouts=request.options.timeouts)
            now = request.after(clock.monotonic() - begun)
        attempts = self.tokens.attempts
        response = yield from forward(self.sender, self._signed(now, token))
        if response.status_code not in REFUSED:
            return response
        if (yield from self._may_help(response, token)):
            status = response.status_code
            now = request.after(clock.monotonic() - begun)
            renewed = yield from self.tokens.obtain(
                self.sender, refused=token, since=attempts, timeouts=now.options.timeouts
            )
            if renewed.value != token.value:
                token, now = renewed, request.after(clock.monotonic() - begun)
                response = yield from forward(self.sender, self._signed(now, token))
            if status == response.status_code == FORBIDDEN:
                yield from self.tokens.pause(clock.now())
        if response.status_code == FORBIDDEN:
            response.claims = token.claims
        return response

    def _signed(self, request: Request, token: Token) -> Request:
        last = self._last
        if last is not None and last[0] is token:
            if last[1] is request:
                return last[2]
            if last[1].headers is request.headers:
                # A client gives all its requests the same fields, so the signed ones are the same.
                # Not `with_headers`, which would merge them again.
                return self._keep(token, request, last[2].headers)
        signed = {"Authorization": f"Bearer {token.value}"}
        return self._keep(token, request, request.headers.replace(signed))

    def _keep(self, token: Token, request: Request, fields: Headers) -> Request:
        signed = request._replaced("headers", fields)  # noqa: SLF001 - see above
        if not request.has_content:  # a body may be large, or a secret
            self._last = token, request, signed
        return signed

    def _may_help(self, response: Response, token: Token) -> Flow[bool]:
        """Return whether a renewed token may have permissions that this one did not."""
        if not self.tokens.renewable:
            return False
        if response.status_code == FORBIDDEN:
            issued = obtained.get()
            if isinstance(issued, Token) and issued.value == token.value:
                return False
            return not (yield from self.tokens.is_paused(self._clock.now()))
        return response.status_code == UNAUTHORIZED


@lru_cache(256)
def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    default = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname, parts.port or default
