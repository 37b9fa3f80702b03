"""Sources of access tokens, which renew a token once for all callers that wait for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from rsspot.arguments import check_arguments
from rsspot.errors import DeadlineExceeded, RSSpotError
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.flow.patience import waiting_at_most
from rsspot.flow.shared_flow import SharedFlow
from rsspot.senders.auth.token import Token, checked_token, fingerprint, is_same, is_usable
from rsspot.senders.options import Timeouts
from rsspot.senders.sender import obtained
from rsspot.values import evolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.flow.shared_flow import Mode
    from rsspot.redaction.secret import Secret
    from rsspot.senders.sender import Sender

__all__ = ["RenewedToken", "StaticToken", "TokenSource"]

RENEWAL = 60.0
"""Maximum seconds of a renewal that does not depend on the caller that started it."""
PAUSE = 60.0
"""Seconds without a renewal for a 403, after one that did not help."""


class TokenSource(ABC):
    """Where an `AuthenticatingSender` gets its access token."""

    renewable = True
    """Whether a refused token can be replaced."""
    per_call = False
    """Whether each call may have its own token, and thus another user."""
    audience: str = ""
    """A URL of the API that the token is for; no other origin gets it. Empty: not known."""
    attempts: int = 0
    """How many renewals have been tried."""
    _forbidden_at: float | None = None

    @abstractmethod
    def identify(self) -> Flow[str | None]:
        """Return a text that differs between credentials and reveals none; None: not known."""

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        if "obtain" in cls.__dict__ and "known" not in cls.__dict__:
            # What it inherits would go past its own `obtain`.
            setattr(cls, "known", TokenSource.known)  # noqa: B010 - mypy refuses the plain form

    def known(self) -> Token | None:
        """Return the token that calls use now, or None if it has to be obtained first."""
        return None

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
        """Return a valid token that is not the refused one.

        If another caller has tried a renewal since `attempts` was `since`, its outcome is also the
        outcome for this caller.

        Args:
            sender: Sender to sign in through.
            refused: Token that the API has refused (default: none).
            force: Whether to get a new one in any case.
            since: Number of `attempts` when the caller began (default: None, now).
            timeouts: Maximum times of the caller (default: those of the sender).

        Raises:
            AuthError: If signing in fails.
            ConnectionFailed: If the login host cannot be reached.
            DeadlineExceeded: If it takes too long.
        """

    def refresh_token(self) -> Flow[Secret | None]:
        """Return the refresh token in use, or None."""
        yield from ()
        return None

    def is_paused(self, now: float) -> Flow[bool]:
        """Return whether no 403 may renew a token now, since a renewal has just not helped.

        Args:
            now: Seconds of a clock that only grows.
        """
        yield from ()
        return within_pause(self._forbidden_at, now)

    def pause(self, now: float) -> Flow[None]:
        """Record that a renewal for a 403 did not help: for a minute, no other is tried.

        Args:
            now: Seconds of a clock that only grows.
        """
        yield from ()
        self._forbidden_at = now

    def finish(self) -> Flow[None]:
        """Wait a moment for the renewal under way, if something would be lost with it."""
        yield from ()


def within_pause(forbidden_at: float | None, now: float) -> bool:
    """Return whether `now` is within a minute after `forbidden_at`; a future time is ignored."""
    return forbidden_at is not None and 0 <= now - forbidden_at < PAUSE


@check_arguments(methods=False)
class StaticToken(TokenSource):
    """One access token, sent unchanged. If it is refused, that is final.

    Args:
        value: The access token.

    Raises:
        ConfigError: If the token cannot be sent in a header field.
    """

    renewable = False

    def __init__(self, value: str) -> None:
        self._token = Token(checked_token(value, "access_token"))

    def identify(self) -> Flow[str | None]:
        yield from ()
        return fingerprint(self._token.value)

    def known(self) -> Token | None:
        return self._token

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
    """An access token that is renewed on demand, once for all callers that wait for it.

    A renewal continues when the caller that started it is cancelled. If it fails, it fails for all
    waiting callers, and for those whose requests were under way with the old token; later callers
    try again.
    """

    _is_per_call = False
    """Whether each caller has to obtain its own token."""
    _is_exchanging = False
    """Whether something would be lost if the renewal under way did not finish."""

    def __init__(self, *, clock: Clock = SYSTEM_CLOCK, in_thread: bool = False) -> None:
        self._clock = clock
        self._renewing: SharedFlow[Token] = SharedFlow(
            lambda: self._is_exchanging, in_thread=in_thread
        )
        self.attempts: int = 0
        self._token: Token | None = None
        self._may_be_kept = not self._is_per_call
        """Whether no call has looked yet for a token that another process has kept."""
        self._failure: RSSpotError | None = None

    def known(self) -> Token | None:
        token = self._token
        return token if token is not None and token.is_good(self._clock.now()) else None

    def _look(self, refused: Token | None, total: float | None) -> Flow[Token | None]:
        """Return a kept token at the first call: most processes find one, and need no thread."""
        if not self._may_be_kept:
            return None
        self._may_be_kept = False
        known = self._token
        kept = yield from waiting_at_most(None if total is None else total / 2, self._kept())
        if not is_usable(kept, refused, self._clock.now(), force=False):
            return None
        if self._token is known:  # no other caller has a newer one
            self._token = kept
        return kept

    def _kept(self) -> Flow[Token | None]:
        """Return a token that another process has kept, or None."""
        yield from ()
        return None

    @abstractmethod
    def _renew(
        self, sender: Sender, refused: Token | None, timeouts: Timeouts, *, force: bool, alone: bool
    ) -> Flow[Token]:
        """Return a new token. With `alone`, the call must not wait for another renewal."""

    def obtain(
        self,
        sender: Sender,
        *,
        refused: Token | None = None,
        force: bool = False,
        since: int | None = None,
        timeouts: Timeouts | None = None,
    ) -> Flow[Token]:
        attempts = self.attempts if since is None else since
        token = self._token
        if is_usable(token, refused, self._clock.now(), force=force):
            return token
        yield from self.identify()  # the user's part, which belongs to the caller's thread
        timeouts = timeouts or Timeouts()
        kept = None if force else (yield from self._look(refused, timeouts.total))
        if kept is not None:
            return kept
        seconds = max(RENEWAL, timeouts.total or RENEWAL)
        began = False

        def renewal(mode: Mode) -> Flow[Token]:
            nonlocal began
            # Another caller's renewal may have ended just before this one began.
            tried = None if mode == "alone" else self._tried(refused, attempts)
            if tried is not None:
                return tried
            began = True
            # If one caller has little time left, that is not an error for the others.
            given = evolve(timeouts, total=seconds) if mode == "detached" else timeouts
            return (yield from self._renewed(sender, refused, given, mode, force=force))

        while True:
            if self._is_per_call:
                renewed = yield from renewal("alone")
            else:
                renewed = self._tried(refused, attempts) or (
                    yield from self._joined(renewal, timeouts.total, seconds)
                )
            others = self._is_shared(renewed) and not is_same(renewed, refused)
            if began or others:
                if renewed.is_new:
                    obtained.set(renewed)
                return renewed
            attempts = self.attempts  # that renewal was for another refused token, or another user

    def _is_shared(self, token: Token) -> bool:  # noqa: ARG002 - of one credential they all are
        """Return whether callers may use a token that another one has obtained."""
        return True

    def finish(self) -> Flow[None]:
        return self._renewing.finish()

    def _tried(self, refused: Token | None, attempts: int) -> Token | None:
        """Return the outcome of a renewal that another caller has tried meanwhile, or None."""
        if self.attempts == attempts:
            return None
        if self._failure is not None:
            raise self._failure.again()
        token = self._token
        return token if is_usable(token, refused, self._clock.now(), force=False) else None

    def _renewed(
        self,
        sender: Sender,
        refused: Token | None,
        timeouts: Timeouts,
        mode: Mode,
        *,
        force: bool,
    ) -> Flow[Token]:
        self._failure = None
        try:
            token = yield from self._renew(
                sender, refused, timeouts, force=force, alone=mode == "alone"
            )
        except RSSpotError as error:
            if mode == "detached" or not isinstance(error, DeadlineExceeded):
                self._failure = error
            raise
        else:
            self._token = token if self._is_shared(token) else None
            return token
        finally:
            self.attempts += 1

    def _joined(
        self, renewal: Callable[[Mode], Flow[Token]], wait: float | None, seconds: float
    ) -> Flow[Token]:
        try:
            return (yield from self._renewing.flow(renewal, wait=wait, seconds=seconds))
        except TimeoutError:
            waited = seconds if wait is None else wait
        except RSSpotError as error:
            # Frames of the exchange add nothing to the error, and hold what was sent.
            raise error.with_traceback(None)  # noqa: B904 - the same error
        raise DeadlineExceeded(
            "The sign-in that this call waited for did not end within its total time "
            f"({waited:g} s)",
            hint="Try again later, or allow the call more time",
            sent=False,
        )
