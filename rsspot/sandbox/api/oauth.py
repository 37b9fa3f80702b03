"""Refresh tokens for expiring JWTs (docs/api-facts.md#sign-in, docs/api-facts.md#tokens)."""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING, Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from rsspot.sandbox.world.clock import SandboxClock
    from rsspot.sandbox.world.identities import Identities

__all__ = ["CLIENT_ID", "OAuth"]

CLIENT_ID = "mwG3lUMV8KyeMqHe4fJ5Bb3nM1vBvRNa"
"""The public client id that all known clients use."""
KEY_ID = "sandbox"


@cache
def _key() -> rsa.RSAPrivateKey:
    # One key serves the process: making one takes longer than all the rest.
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class OAuth:
    """Issues tokens to whoever has the refresh token of an organization, and checks them."""

    def __init__(
        self, clock: SandboxClock, identities: Identities, *, lifetime: int, rotate: bool
    ) -> None:
        self.clock = clock
        self.identities = identities
        self.lifetime = lifetime
        self.rotate = rotate
        self.issuer = "http://localhost/"
        self.refresh_tokens: dict[str, str] = {}
        """The organization of each; "" for one that was valid and is not any more."""

    def admit(self, org_id: str, refresh_token: str | None = None) -> str:
        """A refresh token for an organization."""
        token = refresh_token or f"sandbox-{self.identities.secret()}"
        self.refresh_tokens[token] = org_id
        return token

    def expire(self, refresh_token: str) -> None:
        """Let a refresh token be one that has come to its end."""
        if refresh_token in self.refresh_tokens:
            self.refresh_tokens[refresh_token] = ""

    def organization(self, refresh_token: str) -> str | None:
        """The id of the organization that a refresh token is for, while it is valid."""
        return self.refresh_tokens.get(refresh_token) or None

    def exchange(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """The answer to a token request: status and body."""
        if form.get("grant_type") != "refresh_token":
            return 400, _error("unsupported_grant_type", "Only refresh_token is supported.")
        if form.get("client_id") != CLIENT_ID:
            return 401, _error("access_denied", "Unknown client.")
        given = form.get("refresh_token", "")
        org_id = self.organization(given)
        if org_id is None:
            if given in self.refresh_tokens:
                return 403, _error("invalid_grant", "The refresh token has expired.")
            return 401, _error("access_denied", "Unknown or invalid refresh token.")
        body: dict[str, Any] = {
            "access_token": self.identities.secret(),
            "id_token": self.issue(org_id),
            "scope": "openid profile email offline_access",
            "expires_in": self.lifetime,
            "token_type": "Bearer",
        }
        if self.rotate:
            self.expire(given)
            body["refresh_token"] = self.admit(org_id)
        return 200, body

    def issue(self, org_id: str) -> str:
        """A signed JWT for an organization."""
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
            "jti": self.identities.secret(),
        }
        return jwt.encode(claims, _key(), algorithm="RS256", headers={"kid": KEY_ID})

    def check(self, header: str | None) -> str:
        """The organization of a bearer; raises `PermissionError` with the gateway's plain text."""
        scheme, _, token = (header or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
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
        """The public key, as a JSON Web Key Set (RFC 7517)."""
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

    def discovery(self, base: str) -> dict[str, Any]:
        """The OpenID Connect discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "jwks_uri": f"{base}/.well-known/jwks.json",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }


def _base64url(number: int) -> str:
    data = number.to_bytes((number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _error(code: str, description: str) -> dict[str, Any]:
    return {"error": code, "error_description": description}
