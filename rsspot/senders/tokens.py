"""Tokens: where the bearer comes from, how long it is good, and how it is renewed once for all.

Sources: OAuth 2.0 refresh grant (RFC 6749, section 6), JWT (RFC 7519), fact sheet 1.2 to 1.4.
"""

from __future__ import annotations

import copy
import json
import warnings
from abc import ABC, abstractmethod
from binascii import Error as Base64Error
from binascii import a2b_base64
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypeGuard
from urllib.parse import urlsplit

from attrs import field, frozen

from rsspot.errors import AuthError, ConfigError, RSSpotError, StateError
from rsspot.models.shapes import as_object
from rsspot.senders.clock import SYSTEM_CLOCK
from rsspot.senders.flow import Effect, block, exclusive
from rsspot.senders.lock import Lock
from rsspot.senders.messages import Options, Request
from rsspot.senders.sender import forward

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from contextlib import AbstractContextManager

    from rsspot.senders.clock import Clock
    from rsspot.senders.flow import Flow
    from rsspot.senders.messages import Response
    from rsspot.senders.sender import Sender
    from rsspot.state.tokens import StoredToken

__all__ = ["ProvidedToken", "RefreshToken", "StaticToken", "Token", "TokenSource", "fingerprint"]

EARLY = 60.0
"""Seconds before its expiry that a token is renewed."""
LONGEST = 64 * 1024
"""Characters. What is longer is no JWT that anyone issues, and is not looked into."""
REFUSED = frozenset({400, 401, 403})

Provided: TypeAlias = "str | Awaitable[str]"


def fingerprint(*parts: str) -> str:
    """A name for secrets that does not tell them."""
    # Lengths in front keep ("ab", "c") and ("a", "bc") apart.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(text.encode()).hexdigest()[:32]


@frozen
class Token:
    """A bearer. Times are seconds since the epoch; `expires_at` is None where nothing says."""

    value: str = field(repr=False)
    expires_at: float | None = None
    obtained_at: float = 0.0

    @classmethod
    def issued(cls, value: str, now: float, expires_in: Any = None) -> Token:
        """A token that came just now: it is good for as long as it says itself, or `expires_in`.

        Where it says when it was issued, the time in between counts, so that a clock that is
        wrong here does no harm.
        """
        claims = _claims(value)
        expires, issued = _number(claims.get("exp")), _number(claims.get("iat"))
        lifetime = _number(expires_in)
        if expires is not None:
            lifetime = expires - (now if issued is None else issued)
        return cls(value, None if lifetime is None else now + lifetime, now)

    @property
    def claims(self) -> dict[str, Any]:
        """What the token says, unverified; empty for one that cannot be read."""
        return _claims(self.value)

    def is_good(self, now: float) -> bool:
        """Whether it may still be sent: until 60 s before its end, or half its short life."""
        if self.expires_at is None:
            return True
        early = min(EARLY, (self.expires_at - self.obtained_at) / 2)
        return now < self.expires_at - early


def _claims(value: str) -> dict[str, Any]:
    parts = value.split(".")
    if len(parts) != 3 or len(value) > LONGEST:  # noqa: PLR2004 - header, payload, signature
        return {}
    payload = parts[1].translate({45: "+", 95: "/"})
    try:
        return as_object(json.loads(a2b_base64(payload + "=" * (-len(payload) % 4))))
    except (Base64Error, ValueError, RecursionError):
        return {}


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e12 else None  # noqa: PLR2004 - no NaN, no infinity, no nonsense


class TokenStore(Protocol):
    """What keeps tokens between processes; `rsspot.state` has one."""

    def get(self, partition: str) -> StoredToken | None: ...
    def put(self, partition: str, token: StoredToken) -> None: ...
    def delete(self, partition: str) -> None: ...
    def lock(self, partition: str) -> AbstractContextManager[None]: ...


class TokenSource(ABC):
    """Where an `AuthenticatingSender` gets its bearer."""

    renewable = True
    """Whether a refused token can be replaced."""

    @abstractmethod
    def identify(self) -> str | None:
        """What tells this credential from others without telling it; None if nothing does."""

    @abstractmethod
    def obtain(
        self, sender: Sender, *, refused: Token | None = None, force: bool = False
    ) -> Flow[Token]:
        """A token that is good, other than `refused`; with `force`, a new one. `AuthError`."""


class StaticToken(TokenSource):
    """One bearer, sent as it is. When it is refused, that is final."""

    renewable = False

    def __init__(self, value: str) -> None:
        if not value.strip():
            raise ConfigError("The access token is empty", key="access_token")
        self._token = Token(value.strip())

    def identify(self) -> str:
        return fingerprint(self._token.value)

    def obtain(
        self,
        sender: Sender,  # noqa: ARG002 - nothing is asked for
        *,
        refused: Token | None = None,  # noqa: ARG002 - there is no other
        force: bool = False,  # noqa: ARG002 - there is no other
    ) -> Flow[Token]:
        yield from ()
        return self._token


class ProvidedToken(TokenSource):
    """A bearer from a function of yours, plain or async; it is asked again near the end."""

    def __init__(self, provider: Callable[[], Provided], *, clock: Clock = SYSTEM_CLOCK) -> None:
        self._provider = provider
        self._clock = clock
        self._lock = Lock()
        self._token: Token | None = None

    def identify(self) -> None:
        return None

    def obtain(
        self,
        sender: Sender,  # noqa: ARG002 - the provider sends in its own way
        *,
        refused: Token | None = None,
        force: bool = False,
    ) -> Flow[Token]:
        seen = self._token
        if _serves(seen, refused, self._clock.now(), force=force):
            return seen
        with (yield from exclusive(self._lock)):
            if self._token is not seen and _serves(
                self._token, refused, self._clock.now(), force=False
            ):
                return self._token
            value: Any = yield _Ask(self._provider)
            if not isinstance(value, str) or not value.strip():
                raise AuthError("The token provider gave no token")
            self._token = Token.issued(value.strip(), self._clock.now())
            return self._token


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


class RefreshToken(TokenSource):
    """Exchanges a refresh token for a bearer (the `id_token`), once for all who wait for it.

    `refresh_token` may be a function, called when the token is first needed. `audience` is the
    API that the bearer is for. With a `store`, processes share the bearer and a rotated refresh
    token; a store that fails is reported once and done without.
    """

    def __init__(
        self,
        refresh_token: str | Callable[[], str],
        *,
        url: str,
        client_id: str,
        audience: str = "",
        store: TokenStore | None = None,
        clock: Clock = SYSTEM_CLOCK,
        user_agent: str | None = None,
    ) -> None:
        self._given = refresh_token
        self._configured: str | None = None
        self._url = url
        self._client_id = client_id
        self._audience = audience
        self._store = store
        self._clock = clock
        self._headers = {"Accept": "application/json"}
        if user_agent:
            self._headers["User-Agent"] = user_agent
        self._lock = Lock()
        self._token: Token | None = None
        self._rotated: str | None = None
        self._attempts = 0
        self._failure: RSSpotError | None = None

    @property
    def _credential(self) -> str:
        if self._configured is None:
            value = self._given if isinstance(self._given, str) else self._given()
            if not value.strip():
                raise ConfigError("The refresh token is empty", key="refresh_token")
            self._configured = value.strip()
        return self._configured

    def identify(self) -> str:
        parts = (urlsplit(self._url).netloc, urlsplit(self._audience).netloc)
        return fingerprint(*parts, self._client_id, self._credential)

    def obtain(
        self, sender: Sender, *, refused: Token | None = None, force: bool = False
    ) -> Flow[Token]:
        token = self._token
        if _serves(token, refused, self._clock.now(), force=force):
            return token
        attempts = self._attempts
        with (yield from exclusive(self._lock)):
            if self._attempts != attempts:
                # Somebody tried while we waited, and what came of it is for all who waited.
                if self._failure is not None:
                    raise _again(self._failure)
                if _serves(self._token, refused, self._clock.now(), force=False):
                    return self._token
            self._failure = None
            try:
                self._token = yield from self._renew(sender, refused, force=force)
            except RSSpotError as error:
                self._failure = error
                raise
            finally:
                self._attempts += 1
            return self._token

    def _renew(self, sender: Sender, refused: Token | None, *, force: bool) -> Flow[Token]:
        asked = self._clock.now()
        known = yield from self._stored()
        if not force and _serves(known, refused, asked, force=False):
            return known
        store = self._store
        if store is None:
            return (yield from self._request(sender))
        try:
            lock = yield from block(_locked, store, self.identify())
        except StateError as error:
            self._do_without_store(error)
            return (yield from self._request(sender))
        try:
            # Another process may have renewed it while we waited for the lock.
            now_known = yield from self._stored()
            fresh = now_known is not None and (known is None or now_known.value != known.value)
            if (fresh or not force) and _serves(now_known, refused, asked, force=False):
                return now_known
            return (yield from self._request(sender))
        finally:
            lock.__exit__(None, None, None)

    def _stored(self) -> Flow[Token | None]:
        if self._store is None:
            return None
        try:
            found = yield from block(self._store.get, self.identify())
        except StateError as error:
            self._do_without_store(error)
            return None
        if found is None:
            return None
        self._rotated = found.refresh_token
        return Token(found.value, found.expires_at, found.obtained_at)

    def _request(self, sender: Sender) -> Flow[Token]:
        response: Response | None = None
        if self._rotated is not None and self._rotated != self._credential:
            response = yield from self._ask(sender, self._rotated)
            if response.status_code in REFUSED:
                self._rotated = response = None
        if response is None:
            response = yield from self._ask(sender, self._credential)
        body = as_object(response.content)
        value = body.get("id_token")
        if not response.ok or not isinstance(value, str) or not value:
            raise self._refusal(response, body)
        rotated = body.get("refresh_token")
        if isinstance(rotated, str) and rotated:
            self._rotated = rotated
        token = Token.issued(value, self._clock.now(), body.get("expires_in"))
        yield from self._keep(token)
        return token

    def _ask(self, sender: Sender, refresh_token: str) -> Flow[Response]:
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
            options=Options(signed=False, secret=True, cache="bypass", retry_unsafe=True),
        )
        return (yield from forward(sender, request))

    def _refusal(self, response: Response, body: dict[str, Any]) -> AuthError:
        described = body.get("error_description") or body.get("error")
        why = described if isinstance(described, str) else ""
        if response.ok:
            why = "the answer holds no id_token"
        for secret in (self._credential, self._rotated):
            why = why.replace(secret, "[token]") if secret else why
        return AuthError(
            f"Sign-in at {urlsplit(self._url).netloc} failed ({response.status_code})"
            + (f": {why[:300]}" if why else ""),
            status=response.status_code,
            hint="Check the refresh token; a new one comes from "
            "https://spot.rackspace.com/ui/api-access/terraform",
        )

    def _keep(self, token: Token) -> Flow[None]:
        if self._store is None:
            return
        from rsspot.state.tokens import StoredToken

        kept = StoredToken(token.value, token.expires_at, token.obtained_at, self._rotated)
        try:
            yield from block(self._store.put, self.identify(), kept)
        except StateError as error:
            self._do_without_store(error)

    def _do_without_store(self, error: StateError) -> None:
        self._store = None
        warnings.warn(f"Tokens are not kept: {error}", RuntimeWarning, stacklevel=2)


def _serves(
    token: Token | None, refused: Token | None, now: float, *, force: bool
) -> TypeGuard[Token]:
    if token is None or force or not token.is_good(now):
        return False
    return refused is None or token.value != refused.value


def _again(error: RSSpotError) -> RSSpotError:
    # Each waiter raises its own copy: a traceback belongs to one raise.
    return copy.copy(error).with_traceback(None)


def _locked(store: TokenStore, partition: str) -> AbstractContextManager[None]:
    lock = store.lock(partition)
    lock.__enter__()
    return lock
