"""Where the bearer comes from, and one renewal for all who wait for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard

from rsspot.config.options import Timeouts
from rsspot.errors import AuthError, ConfigError, DeadlineExceeded, RSSpotError
from rsspot.senders.clock import SYSTEM_CLOCK
from rsspot.senders.flow import Effect, exclusive
from rsspot.senders.lock import Lock
from rsspot.senders.token import Token, fingerprint, is_sendable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractContextManager

    from rsspot.senders.clock import Clock
    from rsspot.senders.flow import Flow
    from rsspot.senders.sender import Sender

__all__ = ["ProvidedToken", "RenewedToken", "StaticToken", "TokenSource", "sendable", "serves"]

Provided: TypeAlias = "str | Awaitable[str]"


class TokenSource(ABC):
    """Where an `AuthenticatingSender` gets its bearer."""

    renewable = True
    """Whether a refused token can be replaced."""
    audience: str = ""
    """A URL of the API that the bearer is for; no other origin gets it. Empty: not known."""
    attempts: int = 0
    """How many renewals have been tried."""

    @abstractmethod
    def identify(self) -> Flow[str | None]:
        """What tells this credential from others without telling it; None if nothing does."""

    @abstractmethod
    def obtain(
        self,
        sender: Sender,
        *,
        refused: Token | None = None,
        force: bool = False,
        since: int | None = None,
        timeouts: Timeouts | None = None,
    ) -> Flow[Token]:
        """A token that is good, other than `refused`; with `force`, a new one.

        What came of a renewal that was tried after `attempts` was at `since` holds for this
        caller too. It takes no longer than the caller's `timeouts` allow. Raises `AuthError`.
        """


class StaticToken(TokenSource):
    """One bearer, sent as it is. When it is refused, that is final. Raises `ConfigError`."""

    renewable = False

    def __init__(self, value: str) -> None:
        self._token = Token(sendable(value, "access_token"))

    def identify(self) -> Flow[str | None]:
        yield from ()
        return fingerprint(self._token.value)

    def obtain(
        self,
        sender: Sender,  # noqa: ARG002 - nothing is asked for
        *,
        refused: Token | None = None,  # noqa: ARG002 - there is no other
        force: bool = False,  # noqa: ARG002 - there is no other
        since: int | None = None,  # noqa: ARG002 - there is no other
        timeouts: Timeouts | None = None,  # noqa: ARG002 - nothing is waited for
    ) -> Flow[Token]:
        yield from ()
        return self._token


class RenewedToken(TokenSource):
    """A bearer that is renewed when it is needed: once, for all who wait for it.

    A renewal that fails fails all who waited, and all whose requests were under way with the
    token that it was to replace; who begins later tries again.
    """

    def __init__(self, *, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._lock = Lock()
        self._token: Token | None = None
        self._failure: RSSpotError | None = None

    @abstractmethod
    def _renew(
        self, sender: Sender, refused: Token | None, timeouts: Timeouts, *, force: bool
    ) -> Flow[Token]:
        """A new token; the caller holds the lock."""

    def obtain(
        self,
        sender: Sender,
        *,
        refused: Token | None = None,
        force: bool = False,
        since: int | None = None,
        timeouts: Timeouts | None = None,
    ) -> Flow[Token]:
        token = self._token
        if serves(token, refused, self._clock.now(), force=force):
            return token
        attempts = self.attempts if since is None else since
        timeouts = timeouts or Timeouts()
        with (yield from self._turn(timeouts.total)):
            if self.attempts != attempts:
                # Somebody tried meanwhile, and what came of it is for all who waited.
                if self._failure is not None:
                    raise self._failure.again()
                if serves(self._token, refused, self._clock.now(), force=False):
                    return self._token
            self._failure = None
            try:
                self._token = yield from self._renew(sender, refused, timeouts, force=force)
            except RSSpotError as error:
                # That one caller had no more time says nothing to the others.
                if not isinstance(error.__cause__, DeadlineExceeded):
                    self._failure = error
                raise
            finally:
                self.attempts += 1
            return self._token

    def _turn(self, seconds: float | None) -> Flow[AbstractContextManager[None]]:
        try:
            return (yield from exclusive(self._lock, seconds))
        except TimeoutError as error:
            raise AuthError(
                "The sign-in that this call waited for was not done within its total time "
                f"({seconds:g} s)",
                temporary=True,
            ) from error


def sendable(value: str, key: str) -> str:
    """`value` without the space around it. Raises `ConfigError` when it cannot be a token."""
    value = value.strip()
    if not is_sendable(value):
        what = "holds characters that no token has" if value else "is empty"
        raise ConfigError(f"The {key.replace('_', ' ')} {what}", key=key)
    return value


def serves(
    token: Token | None, refused: Token | None, now: float, *, force: bool
) -> TypeGuard[Token]:
    """Whether `token` will do for a caller whose token was `refused`."""
    if token is None or force or not token.is_good(now):
        return False
    return refused is None or token.value != refused.value


class ProvidedToken(RenewedToken):
    """A bearer from a function of yours, plain or async; it is asked again near the end."""

    def __init__(self, provider: Callable[[], Provided], *, clock: Clock = SYSTEM_CLOCK) -> None:
        super().__init__(clock=clock)
        self._provider = provider

    def identify(self) -> Flow[str | None]:
        yield from ()
        return None

    def _renew(
        self,
        sender: Sender,  # noqa: ARG002 - the provider sends in its own way
        refused: Token | None,  # noqa: ARG002 - it is not told
        timeouts: Timeouts,  # noqa: ARG002 - nor is it bounded
        *,
        force: bool,  # noqa: ARG002 - it has to be asked in any case
    ) -> Flow[Token]:
        value: Any = yield _Ask(self._provider)
        if not isinstance(value, str) or not is_sendable(value.strip()):
            raise AuthError("The token provider gave nothing that can be a token")
        return Token.handed_on(value.strip(), self._clock.now())


class _Ask(Effect[str]):
    """Call a user's function, which may be plain or async."""

    def __init__(self, provider: Callable[[], Provided]) -> None:
        self.provider = provider

    def run(self) -> str:
        value = self.provider()
        if isinstance(value, str):
            return value
        close = getattr(value, "close", None)
        if close is not None:
            close()
        raise AuthError(
            "The token provider is async, and the call is sync", hint="Use the async groups"
        )

    async def arun(self) -> str:
        value = self.provider()
        return value if isinstance(value, str) else await value
