"""Refresh tokens, and the expiring JWTs that they are exchanged for (docs/api-facts.md#tokens)."""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from rsspot.sandbox.world.clock import SandboxClock
    from rsspot.sandbox.world.objects import Identifiers

__all__ = ["CLIENT_ID", "OAuth"]

CLIENT_ID = "mwG3lUMV8KyeMqHe4fJ5Bb3nM1vBvRNa"
"""The public client id of all known clients."""
KEY_ID = "sandbox"


@cache
def _key() -> rsa.RSAPrivateKey:
    # One key for the process, because generating one is slow.
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class OAuth:
    """Issues tokens for the refresh tokens of the organizations, and verifies them.

    Tokens are valid for `lifetime` seconds of the sandbox's clock. With `rotate`, each refresh
    token can be used once, and is exchanged for a new one.
    """

    def __init__(
        self, clock: SandboxClock, identifiers: Identifiers, *, lifetime: int, rotate: bool
    ) -> None:
        self.clock = clock
        self.identifiers = identifiers
        self.lifetime = lifetime
        self.rotate = rotate
        self.issuer = "http://localhost/"
        self.refresh_tokens: dict[str, str] = {}
        """The organization of each refresh token; "" for a token that has expired."""

    def admit(self, org_id: str, refresh_token: str | None = None) -> str:
        """Add a refresh token for an organization, and return it. Default: a random one."""
        token = refresh_token or f"sandbox-{self.identifiers.secret()}"
        self.refresh_tokens[token] = org_id
        return token

    def expire(self, refresh_token: str) -> None:
        """Let a refresh token expire."""
        if refresh_token in self.refresh_tokens:
            self.refresh_tokens[refresh_token] = ""

    def is_expired(self, refresh_token: str) -> bool:
        """Return whether a refresh token was valid once, and has expired."""
        return self.refresh_tokens.get(refresh_token) == ""

    def organization(self, refresh_token: str) -> str | None:
        """Return the id of the organization of a valid refresh token, else None."""
        return self.refresh_tokens.get(refresh_token) or None

    def refresh(self, refresh_token: str) -> dict[str, Any]:
        """Return new tokens for a valid refresh token (RFC 6749, section 5.1)."""
        org_id = self.refresh_tokens[refresh_token]
        tokens: dict[str, Any] = {
            "access_token": self.identifiers.secret(),
            "id_token": self.issue(org_id),
            "scope": "openid profile email offline_access",
            "expires_in": self.lifetime,
            "token_type": "Bearer",
        }
        if self.rotate:
            self.expire(refresh_token)
            tokens["refresh_token"] = self.admit(org_id)
        return tokens

    def issue(self, org_id: str) -> str:
        """Return a signed JWT for an organization."""
        now = int(self.clock.now())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "auth0|sandbox",
            "email": "dev@example.com",
            "email_verified": True,
            "org_id": org_id,
            "iat": now,
            "exp": now + self.lifetime,
            "jti": self.identifiers.secret(),
        }
        return jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": KEY_ID})

    def verify(self, token: str) -> str:
        """Return the organization of a JWT. Raises `PermissionError` in the gateway's words."""
        if not token:
            raise PermissionError("Jwt is missing")
        if token.count(".") != 2:  # noqa: PLR2004 - header, payload, signature
            raise PermissionError("Jwt is not in the form of Header.Payload.Signature")
        try:
            claims = jwt.decode(
                token,
                _key().public_key(),
                algorithms=["RS256"],
                audience=CLIENT_ID,
                options={"verify_exp": False, "verify_iat": False, "require": ["exp", "org_id"]},
            )
        except jwt.InvalidTokenError:
            raise PermissionError("Jwt verification fails") from None
        if claims["exp"] <= self.clock.now():
            raise PermissionError("Jwt is expired")
        return str(claims["org_id"])

    def jwks(self) -> dict[str, Any]:
        """Return the public key as a JSON Web Key Set (RFC 7517)."""
        numbers = _key().public_key().public_numbers()
        return {
            "keys": [
                {
                    "kty": "RSA",
                    "use": "sig",
                    "alg": "RS256",
                    "kid": KEY_ID,
                    "n": _base64url(numbers.n),
                    "e": _base64url(numbers.e),
                }
            ]
        }


def _base64url(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
