"""An access token: its claims, its validity, and what may be shown of it.

Sources: JWT (RFC 7519), docs/api-facts.md#tokens.
"""

from __future__ import annotations

import json
import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from hashlib import sha256
from typing import Any, TypeGuard

from rsspot.errors import ConfigError
from rsspot.shapes import as_object
from rsspot.values import field, frozen

__all__ = ["Token", "checked_token", "fingerprint", "is_same", "is_usable", "is_valid_token"]

EARLY = 60.0
"""Seconds before its expiry at which a token is renewed."""
MAX_WAIT = 64 * 1024
"""Maximum characters of a token whose claims are read. No real JWT is longer."""

_SENDABLE = re.compile(r"[\x21-\x7e]+")


def is_valid_token(value: str) -> bool:
    """Return whether `value` can be sent in a header: printable ASCII without spaces."""
    return _SENDABLE.fullmatch(value) is not None


def fingerprint(*parts: str) -> str:
    """Return a name for secrets that does not reveal them."""
    # Lengths in front distinguish ("ab", "c") from ("a", "bc").
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]


@frozen()
class Token:
    """An access token. Times are seconds since the epoch; `expires_at` is None if not known."""

    value: str = field(repr=False)
    expires_at: float | None = None
    obtained_at: float = 0.0
    is_new: bool = field(default=False, eq=False, kw_only=True)
    """Whether it was issued just now, and not loaded from a store."""

    @classmethod
    def issued(cls, value: str, now: float, expires_in: Any = None) -> Token:
        """Return a token that was issued just now, valid until its own expiry or for `expires_in`.

        If it says when it was issued, its lifetime counts from now, so a wrong local clock does no
        harm. A token that seems to have expired already, by a clock that is ahead, is used until it
        is refused.
        """
        claims = _claims(value)
        expires, begun = _number(claims.get("exp")), _number(claims.get("iat"))
        stated = None if expires is None else expires - (now if begun is None else begun)
        known = (each for each in (stated, _number(expires_in)) if each is not None and each > 0)
        lifetime = next(known, None)
        expires_at = None if lifetime is None else now + lifetime
        return cls(value, expires_at, now, is_new=True)

    @classmethod
    def received(cls, value: str, now: float) -> Token:
        """Return a token of unknown age, valid until its own expiry.

        A token that seems to have expired at `now` is used until it is refused.
        """
        expires = _number(_claims(value).get("exp"))
        return cls(value, expires if expires is not None and expires > now else None, now)

    @property
    def claims(self) -> dict[str, Any]:
        """The unverified claims; empty if they cannot be read."""
        return _claims(self.value)

    def is_good(self, now: float) -> bool:
        """Return whether it may still be sent: until 60 s before its end, or half its lifetime."""
        if self.expires_at is None:
            return True
        early = min(EARLY, (self.expires_at - self.obtained_at) / 2)
        return now < self.expires_at - early


def _claims(value: str) -> dict[str, Any]:
    parts = value.split(".")
    if len(parts) != 3 or len(value) > MAX_WAIT:  # noqa: PLR2004 - header, payload, signature
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


def checked_token(value: str, key: str) -> str:
    """Return `value` without surrounding space. Raises `ConfigError` if it cannot be a token."""
    value = value.strip()
    if is_valid_token(value):
        return value
    what = "contains characters that a token cannot have" if value else "is empty"
    del value  # the frame is part of the error
    raise ConfigError(f"The {key.replace('_', ' ')} {what}", key=key)


def is_usable(
    token: Token | None, refused: Token | None, now: float, *, force: bool
) -> TypeGuard[Token]:
    """Return whether `token` can be used by a caller whose token was `refused`."""
    if token is None or force or not token.is_good(now):
        return False
    return not is_same(token, refused)


def is_same(token: Token, other: Token | None) -> bool:
    """Return whether both are the same access token."""
    return other is not None and token.value == other.value
