"""The exchange of a refresh token for a bearer, shared by processes where there is a store.

Sources: OAuth 2.0 refresh grant (RFC 6749, section 6), fact sheet 1.2 to 1.4.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, quote_plus, urlsplit

from rsspot.errors import AuthError, RequestError, StateError
from rsspot.models.shapes import as_object
from rsspot.senders.clock import SYSTEM_CLOCK
from rsspot.senders.flow import block, exclusive, sleep
from rsspot.senders.lock import Lock
from rsspot.senders.messages import Options, Request
from rsspot.senders.sender import forward
from rsspot.senders.token import Token, fingerprint, is_sendable
from rsspot.senders.tokens import RenewedToken, sendable, serves

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.config.options import Timeouts
    from rsspot.senders.clock import Clock
    from rsspot.senders.flow import Flow
    from rsspot.senders.messages import Response
    from rsspot.senders.sender import Sender
    from rsspot.state.database import HeldLock
    from rsspot.state.tokens import StoredToken

__all__ = ["RefreshToken", "TokenStore"]

REFUSED, TOO_MANY = frozenset({400, 401, 403}), 429
SHORTEST, LONGEST = 0.002, 0.05
"""Seconds between two attempts at a lock that another process holds."""
LEASE = 90.0
"""Seconds until a holder counts as gone, where the store cannot notice that it ended."""
_NEW_ONE = (
    "Check the refresh token; a new one comes from "
    "https://spot.rackspace.com/ui/api-access/terraform"
)


class TokenStore(Protocol):
    """What keeps tokens between processes; `rsspot.state` has one. Raises `StateError`."""

    def get(self, partition: str) -> StoredToken | None:
        """The token of a partition."""
        ...

    def put(self, partition: str, token: StoredToken) -> None:
        """Keep a token."""
        ...

    def delete(self, partition: str) -> None:
        """Forget the token of a partition."""
        ...

    def try_lock(self, partition: str, ttl: float) -> HeldLock | None:
        """Take the right to renew the token, without waiting; None while another has it."""
        ...


class RefreshToken(RenewedToken):
    """Exchanges a refresh token for a bearer (the `id_token`).

    `refresh_token` may be a function, called when the token is first needed; it may wait.
    `access_token` is a bearer to begin with, until it expires or is refused. `audience` is the
    API that the bearer is for. With a `store`, processes share the bearer and a rotated refresh
    token; a store that fails is reported once and done without.
    """

    def __init__(
        self,
        refresh_token: str | Callable[[], str],
        *,
        url: str,
        client_id: str,
        access_token: str | None = None,
        audience: str = "",
        store: TokenStore | None = None,
        clock: Clock = SYSTEM_CLOCK,
        user_agent: str | None = None,
    ) -> None:
        super().__init__(clock=clock)
        self.audience = audience
        self._given = refresh_token
        self._reading = Lock()
        self._credential = ""
        """What is sent; empty until it has been read."""
        self._partition = ""
        self._first = access_token
        if access_token is not None:
            # How old it is, nobody knows: a 403 may well go away with a new one.
            self._token = Token.handed_on(sendable(access_token, "access_token"), 0.0)
        self._url = url
        self._client_id = client_id
        self._store = store
        self._headers = {"Accept": "application/json"}
        if user_agent:
            self._headers["User-Agent"] = user_agent
        self._rotated: str | None = None

    def identify(self) -> Flow[str | None]:
        yield from self._read()
        # Whose bearer that is, is not known; what it was answered is not for others.
        return fingerprint(self._partition, self._first) if self._first else self._partition

    def _read(self) -> Flow[None]:
        """Get the credential from where it is kept: once, and not on an event loop."""
        if not self._credential:
            with (yield from exclusive(self._reading)):
                yield from self._read_first()

    def _read_first(self) -> Flow[None]:
        if self._credential:
            return
        given = self._given
        value = given if isinstance(given, str) else (yield from block(given))
        value = sendable(value, "refresh_token")
        hosts = (urlsplit(self._url).netloc, urlsplit(self.audience).netloc)
        self._partition = fingerprint(*hosts, self._client_id, value)
        self._credential = value

    def _renew(
        self, sender: Sender, refused: Token | None, timeouts: Timeouts, *, force: bool
    ) -> Flow[Token]:
        yield from self._read()
        asked = self._clock.now()
        known = yield from self._stored()
        if not force and serves(known, refused, asked, force=False):
            return known
        store = self._store
        if store is None:
            return (yield from self._request(sender, timeouts))
        try:
            lock = yield from self._locked(store, timeouts)
        except StateError as error:
            self._do_without_store(error)
            return (yield from self._request(sender, timeouts))
        with lock:
            # Another process may have renewed it while we waited for the lock.
            now_known = yield from self._stored()
            fresh = now_known is not None and (known is None or now_known.value != known.value)
            if (fresh or not force) and serves(now_known, refused, asked, force=False):
                return now_known
            return (yield from self._request(sender, timeouts))

    def _locked(self, store: TokenStore, timeouts: Timeouts) -> Flow[HeldLock]:
        """The right to renew, waited for in real time: it is another process that has it."""
        clock, pause = SYSTEM_CLOCK, SHORTEST
        ends = clock.monotonic() + (math.inf if timeouts.total is None else timeouts.total)
        while True:
            lock = yield from block(store.try_lock, self._partition, LEASE)
            if lock is not None:
                return lock
            if clock.monotonic() + pause > ends:
                raise AuthError(
                    "Another process was renewing the token, and not done within the total time "
                    f"of this call ({timeouts.total:g} s)",
                    hint="Try again, or end that process",
                    temporary=True,
                )
            yield from sleep(clock, pause)
            pause = min(2 * pause, LONGEST)

    def _stored(self) -> Flow[Token | None]:
        if self._store is None:
            return None
        try:
            found = yield from block(self._store.get, self._partition)
        except StateError as error:
            self._do_without_store(error)
            return None
        if found is None:
            return None
        self._rotated = found.refresh_token
        return Token(found.value, found.expires_at, found.obtained_at)

    def _request(self, sender: Sender, timeouts: Timeouts) -> Flow[Token]:
        response: Response | None = None
        if self._rotated is not None and self._rotated != self._credential:
            response = yield from self._ask(sender, timeouts, self._rotated)
            if response.status_code in REFUSED:
                self._rotated = response = None
        if response is None:
            response = yield from self._ask(sender, timeouts, self._credential)
        body = as_object(response.content)
        value = body.get("id_token")
        if not response.ok or not isinstance(value, str) or not is_sendable(value):
            raise self._refusal(response, body)
        rotated = body.get("refresh_token")
        if isinstance(rotated, str) and rotated:
            self._rotated = rotated
        token = Token.issued(value, self._clock.now(), body.get("expires_in"))
        yield from self._keep(token)
        return token

    def _ask(self, sender: Sender, timeouts: Timeouts, refresh_token: str) -> Flow[Response]:
        request = Request(
            "POST",
            self._url,
            headers=self._headers,
            data={
                "grant_type": "refresh_token",
                "client_id": self._client_id,
                "refresh_token": refresh_token,
            },
            # Asking for a token twice does no harm.
            options=Options(
                signed=False, secret=True, cache="bypass", retry_unsafe=True, timeouts=timeouts
            ),
        )
        try:
            return (yield from forward(sender, request))
        except RequestError as error:
            raise AuthError(
                f"Sign-in at {self._where} failed: {error.message}", hint=error.hint, temporary=True
            ) from error

    @property
    def _where(self) -> str:
        return urlsplit(self._url).netloc.rpartition("@")[2]

    def _refusal(self, response: Response, body: dict[str, Any]) -> AuthError:
        """Why there is no token, in the server's words; nothing else of its answer is told."""
        status = response.status_code
        described = body.get("error_description") or body.get("error")
        why, hint = described if isinstance(described, str) else "", _NEW_ONE
        temporary = status == TOO_MANY or status // 100 == 5  # noqa: PLR2004 - a class of statuses
        if response.ok:
            why, hint = "the answer holds no id_token", "Check oauth_url, which is to be the login"
        elif status // 100 == 3:  # noqa: PLR2004 - a class of statuses
            why, hint = "it redirects, and a token is not sent after a redirect", "Check oauth_url"
        elif temporary:
            hint = "Try again later"
        for secret in filter(None, (self._credential, self._rotated)):
            for form in (secret, quote(secret, safe=""), quote_plus(secret)):
                why = why.replace(form, "[token]")
        from rsspot.senders.texts import plain

        said = f": {plain(why, 300)}" if why else ""
        return AuthError(
            f"Sign-in at {self._where} failed ({status}){said}",
            status=status,
            hint=hint,
            temporary=temporary,
        )

    def _keep(self, token: Token) -> Flow[None]:
        if self._store is None:
            return
        from rsspot.state.tokens import StoredToken

        kept = StoredToken(token.value, token.expires_at, token.obtained_at, self._rotated)
        try:
            yield from block(self._store.put, self._partition, kept)
        except StateError as error:
            self._do_without_store(error)

    def _do_without_store(self, error: StateError) -> None:
        from rsspot.senders.reporting import report

        self._store = None
        report(f"Tokens are not kept: {error}")
