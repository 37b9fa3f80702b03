"""The token of one credential in a store that processes share."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Protocol

from rsspot.errors import DeadlineExceeded, StateError
from rsspot.flow.blocking import block
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.flow.flow import sleep
from rsspot.senders.auth.token import fingerprint
from rsspot.values import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Self

    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.redaction.secret import Secret

__all__ = ["SharedToken", "StoredToken", "TokenLock", "TokenStore"]

MIN_PAUSE, MAX_PAUSE = 0.002, 0.05
"""Seconds between two attempts to take a lock that another process holds."""
SLACK = 30.0
"""Seconds beyond the time of a renewal after which its process counts as dead."""


@frozen()
class StoredToken:
    """An access token and its metadata. Times are seconds since the epoch."""

    value: str = field(repr=False)
    expires_at: float | None
    obtained_at: float
    refresh_token: str | None = field(default=None, repr=False)


class TokenLock(Protocol):
    """The right to renew a token, which one process has at a time."""

    def release(self) -> None:
        """Give up the right, so that another process can take it."""
        ...


class TokenStore(Protocol):
    """Keeps tokens between processes. Raises `StateError`."""

    def get(self, partition: str, credential: Secret) -> StoredToken | None:
        """Return the token of a partition, which may be readable with the refresh token only."""
        ...

    def put(self, partition: str, token: StoredToken, credential: Secret) -> None:
        """Store a token, which may be encrypted with a key from the configured refresh token."""
        ...

    def delete(self, partition: str) -> None:
        """Delete the token of a partition."""
        ...

    def try_lock(self, partition: str, ttl: float) -> TokenLock | None:
        """Take the right to renew the token without waiting; None while another process has it.

        It is held until it is released or its process ends; for `ttl` seconds if the store cannot
        detect that.
        """
        ...


class SharedToken:
    """The stored token of one credential. A failing store is reported once, and not used again."""

    def __init__(self, store: TokenStore, partition: str, credential: Secret) -> None:
        self.store: TokenStore | None = store
        self.partition = partition
        self._credential = credential
        self._mark = fingerprint(partition, "forbidden")

    def get(self) -> Flow[StoredToken | None]:
        """Return the stored token, if any."""
        return (yield from self._found(self.partition))

    def put(self, token: StoredToken) -> Flow[None]:
        """Store a token."""
        yield from self._write(self.partition, token)

    def forbidden_at(self) -> Flow[float | None]:
        """Return when a renewal did not help against a 403, in seconds since the epoch."""
        found = yield from self._found(self._mark)
        return None if found is None else found.obtained_at

    def forbid(self, now: float) -> Flow[None]:
        """Record that a renewal did not help against a 403."""
        # Beside the token, which another process may be renewing at this moment.
        yield from self._write(self._mark, StoredToken("forbidden", now, now))

    def lock(self, seconds: float) -> RenewalLock:
        """Return the right to renew the token, for a renewal of at most `seconds`."""
        return RenewalLock(self, seconds + SLACK)

    def disable(self, error: StateError) -> None:
        """Stop using the store."""
        from rsspot.senders.reporting import report

        self.store = None
        report(f"Tokens are no longer stored: {error}")

    def _found(self, partition: str) -> Flow[StoredToken | None]:
        if self.store is None:
            return None
        try:
            return (yield from block(self.store.get, partition, self._credential))
        except StateError as error:
            self.disable(error)
            return None

    def _write(self, partition: str, token: StoredToken) -> Flow[None]:
        if self.store is None:
            return
        try:
            yield from block(self.store.put, partition, token, self._credential)
        except StateError as error:
            self.disable(error)


class RenewalLock:
    """The right to renew a token, held from `wait` until the end of the `with` block."""

    def __init__(self, shared: SharedToken, ttl: float, clock: Clock = SYSTEM_CLOCK) -> None:
        self._shared = shared
        self._ttl = ttl
        # In real time, even with a test clock: this waits for another process.
        self._clock = clock
        self._guard = threading.Lock()
        self._held: TokenLock | None = None
        self._left = False

    def wait(self, seconds: float | None, otherwise: Callable[[], Flow[bool]]) -> Flow[bool]:
        """Try until the right is held, or `otherwise` has found that it is not needed.

        Returns whether it is held, or there is no store. Raises `DeadlineExceeded` after `seconds`.
        """
        clock, pause = self._clock, MIN_PAUSE
        started = clock.monotonic()
        while not (yield from self._attempt()):
            if (yield from otherwise()):
                return False
            elapsed = clock.monotonic() - started
            if seconds is not None and elapsed + pause > seconds:
                raise DeadlineExceeded(
                    "Sign-in waited for another process that is renewing the token, and that did "
                    f"not end within the total time of this call ({seconds:g} s)",
                    hint="Try again, or end that process",
                    elapsed=elapsed,
                    sent=False,
                )
            yield from sleep(clock, pause)
            pause = min(2 * pause, MAX_PAUSE)
        return True

    def release(self) -> None:
        """Let another process renew the token."""
        with self._guard:
            self._left = True
            held, self._held = self._held, None
        if held is not None:
            held.release()

    def _attempt(self) -> Flow[bool]:
        store = self._shared.store
        if store is None:
            return True
        try:
            return (yield from block(self._try_lock, store))
        except StateError as error:
            self._shared.disable(error)
            return True

    def _try_lock(self, store: TokenStore) -> bool:
        held = store.try_lock(self._shared.partition, self._ttl)
        with self._guard:
            if not self._left:
                self._held = held
                return held is not None
        # The caller was interrupted while this thread was trying.
        if held is not None:
            held.release()
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()
