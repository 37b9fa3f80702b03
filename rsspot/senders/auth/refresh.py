"""Exchange a refresh token for an access token, once for all processes that share a store.

Sources: OAuth 2.0 refresh grant (RFC 6749, section 6), docs/api-facts.md#sign-in,
docs/api-facts.md#tokens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rsspot.errors import RequestError
from rsspot.flow.blocking import block
from rsspot.flow.clock import SYSTEM_CLOCK
from rsspot.flow.flow import call_user
from rsspot.flow.shared_flow import SharedFlow
from rsspot.redaction.secret import Secret
from rsspot.senders.auth.refusal import refusal, unreachable
from rsspot.senders.auth.sources import (
    RENEWAL,
    RenewedToken,
    within_pause,
)
from rsspot.senders.auth.store import SharedToken, StoredToken
from rsspot.senders.auth.token import (
    Token,
    checked_token,
    fingerprint,
    is_usable,
    is_valid_token,
)
from rsspot.senders.extending import forward
from rsspot.senders.messages import Options, Request
from rsspot.shapes import as_object
from rsspot.values import evolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from rsspot.flow.clock import Clock
    from rsspot.flow.flow import Flow
    from rsspot.flow.shared_flow import Mode
    from rsspot.senders.auth.store import TokenStore
    from rsspot.senders.messages import Response
    from rsspot.senders.options import Timeouts
    from rsspot.senders.sender import Sender

__all__ = ["RefreshToken"]

REFUSED = frozenset({400, 401, 403})
READING = 120.0
"""Seconds within which a function that returns the refresh token must return."""
_HINT = "Check the refresh token, or get a new one"


class RefreshToken(RenewedToken):
    """Exchanges a refresh token for an access token (the `id_token`), see RFC 6749.

    Args:
        refresh_token: Refresh token, or a function that returns it, which is called once and may
            block.
        url: URL of the token endpoint.
        client_id: OAuth client that the refresh token was issued to.
        access_token: Access token to start with, until it expires or is refused (default: none).
        audience: URL of the API that the access token is for; no other origin gets it (default:
            empty, not known).
        store: Where processes share tokens (default: none). A failing store is reported once, and
            not used again.
        clock: Source of time and sleep, for tests (default: that of the system).
        user_agent: Text of the User-Agent field (default: that of the transport).
        hint: What to do if the refresh token is refused (default: check it, or get a new one).

    Raises:
        ConfigError: If a token or URL cannot be used.
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
        hint: str = _HINT,
    ) -> None:
        self._configured = (
            Secret(refresh_token) if isinstance(refresh_token, str) else refresh_token
        )
        del refresh_token  # the frame is part of an error that is raised below
        super().__init__(clock=clock, in_thread=True)
        self.audience = audience
        self._reading: SharedFlow[Secret] = SharedFlow()
        self._credential: Secret | None = None
        """The configured refresh token."""
        self._rotated: Secret | None = None
        """The token by which the login replaced it."""
        self._partition = ""
        self._store = store
        self._shared: SharedToken | None = None
        self._first = access_token
        if access_token is not None:
            self._token = Token.received(checked_token(access_token, "access_token"), 0.0)
        self._url = url
        self._where = urlsplit(url).netloc.rpartition("@")[2]
        self._hint = hint
        self._client_id = client_id
        self._headers = {"Accept": "application/json"}
        if user_agent:
            self._headers["User-Agent"] = user_agent

    def identify(self) -> Flow[str | None]:
        yield from self._read()
        # The user of this access token is unknown, so its responses are kept apart from others.
        return fingerprint(self._partition, self._first) if self._first else self._partition

    def refresh_token(self) -> Flow[Secret | None]:
        yield from self._read()
        yield from self._stored()
        return self._rotated or self._credential

    def is_paused(self, now: float) -> Flow[bool]:
        if (yield from super().is_paused(now)):
            return True
        yield from self._read()
        kept = None if self._shared is None else (yield from self._shared.forbidden_at())
        return within_pause(kept, now)

    def pause(self, now: float) -> Flow[None]:
        yield from super().pause(now)
        if self._shared is not None:
            yield from self._shared.forbid(now)

    def _read(self) -> Flow[Secret]:
        """Get the refresh token from its source: once, and not on an event loop."""
        known, given = self._credential, self._configured
        if known is not None:
            return known
        if isinstance(given, Secret):
            return self._use(given)
        return (yield from self._reading.flow(self._read_first, wait=None, seconds=READING))

    def _read_first(self, _mode: Mode) -> Flow[Secret]:
        known, given = self._credential, self._configured
        if known is not None:
            return known
        if isinstance(given, Secret):
            return self._use(given)
        return self._use((yield from call_user(_hidden, given)))

    def _use(self, given: Secret) -> Secret:
        credential = Secret(checked_token(given.reveal(), "refresh_token"))
        hosts = (urlsplit(self._url).netloc, urlsplit(self.audience).netloc)
        self._partition = fingerprint(*hosts, self._client_id, credential.reveal())
        if self._store is not None:
            self._shared = SharedToken(self._store, self._partition, credential)
        self._credential = credential
        return credential

    def _renew(
        self, sender: Sender, refused: Token | None, timeouts: Timeouts, *, force: bool, alone: bool
    ) -> Flow[Token]:
        yield from self._read()
        started = self._clock.now()
        known = yield from self._stored()
        if not force and is_usable(known, refused, started, force=False):
            return known
        shared = self._shared
        if shared is None or alone:
            return (yield from self._request(sender, timeouts))
        renewed: Token | None = None

        def is_renewed() -> Flow[bool]:
            # Another process may have renewed it while this one waited.
            nonlocal renewed
            found = yield from self._stored()
            is_other = found is not None and (known is None or found.value != known.value)
            if (is_other or not force) and is_usable(found, refused, started, force=False):
                renewed = evolve(found, is_new=is_other)
            return renewed is not None

        began = SYSTEM_CLOCK.monotonic()
        with shared.lock(max(RENEWAL, timeouts.total or RENEWAL)) as lock:
            if (yield from lock.wait(timeouts.total, is_renewed)):
                yield from is_renewed()
            if renewed is None:
                waited = SYSTEM_CLOCK.monotonic() - began
                renewed = yield from self._request(sender, timeouts, waited)
            yield from block(lock.release)
        return renewed

    def _kept(self) -> Flow[Token | None]:
        # Not `_stored`: a renewal under way may have replaced the refresh token since.
        found = None if self._shared is None else (yield from self._shared.get())
        if found is None:
            return None
        return Token(found.value, found.expires_at, found.obtained_at)

    def _stored(self) -> Flow[Token | None]:
        if self._shared is None:
            return None
        found = yield from self._shared.get()
        if found is None:
            return None
        self._rotated = None if found.refresh_token is None else Secret(found.refresh_token)
        return Token(found.value, found.expires_at, found.obtained_at)

    def _request(self, sender: Sender, timeouts: Timeouts, waited: float = 0.0) -> Flow[Token]:
        # From here on the login may have rotated the refresh token.
        self._is_exchanging = True
        try:
            token = yield from self._exchanged(sender, timeouts, waited)
            yield from self._store_shared(token)
        finally:
            self._is_exchanging = False
        return token

    def _exchanged(self, sender: Sender, timeouts: Timeouts, waited: float) -> Flow[Token]:
        response: Response | None = None
        if self._rotated is not None and self._rotated != self._credential:
            response = yield from self._ask(sender, timeouts, self._rotated, waited)
            if response.status_code in REFUSED:
                self._rotated = response = None
        if response is None:
            credential = yield from self._read()
            response = yield from self._ask(sender, timeouts, credential, waited)
        token = self._issued(response)
        if token is None:
            secrets = self._credential, self._rotated
            raise refusal(self._where, response, secrets, self._hint)
        return token

    def _store_shared(self, token: Token) -> Flow[None]:
        if self._shared is not None:
            rotated = self._rotated
            yield from self._shared.put(
                StoredToken(
                    token.value,
                    token.expires_at,
                    token.obtained_at,
                    None if rotated is None else rotated.reveal(),
                )
            )

    def _issued(self, response: Response) -> Token | None:
        """Return the token in a response, which may also have a new refresh token."""
        body = as_object(response.content)
        value = body.get("id_token")
        if not response.ok or not isinstance(value, str) or not is_valid_token(value):
            return None
        if isinstance(rotated := body.get("refresh_token"), str) and is_valid_token(rotated):
            self._rotated = Secret(rotated)
        return Token.issued(value, self._clock.now(), body.get("expires_in"))

    def _ask(
        self, sender: Sender, timeouts: Timeouts, refresh_token: Secret, waited: float
    ) -> Flow[Response]:
        request = Request(
            "POST",
            self._url,
            headers=self._headers,
            data={
                "grant_type": "refresh_token",
                "client_id": self._client_id,
                "refresh_token": refresh_token.reveal(),
            },
            # Requesting a token twice does no harm.
            options=Options(
                signed=False, secret=True, cache="bypass", retry_unsafe=True, timeouts=timeouts
            ),
        ).after(waited)
        try:
            return (yield from forward(sender, request))
        except RequestError as error:
            # Frames of libraries hold the body that was sent, so they are not part of the error.
            error.__cause__ = error.__context__ = error.__traceback__ = None
            raise unreachable(self._where, error) from None


def _hidden(given: Callable[[], str]) -> Secret:
    return Secret(given())
