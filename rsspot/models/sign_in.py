"""What the login host publishes: its addresses and signing keys (docs/api-facts.md#sign-in)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.models import fields as field
from rsspot.models.view import View

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["OpenIDConfiguration", "SigningKey"]


class OpenIDConfiguration(View["models.OpenIDConfiguration"], model="OpenIDConfiguration"):
    """The addresses of the login host (OpenID Connect Discovery 1.0)."""

    shown = ("issuer", "token_endpoint")

    issuer = field.text("issuer")
    token_endpoint = field.text("token_endpoint")
    jwks_uri = field.text("jwks_uri")
    authorization_endpoint = field.text("authorization_endpoint")


class SigningKey(View["models.SigningKey"], model="SigningKey"):
    """A public key (RFC 7517). `to_dict()` is what JWT libraries take."""

    identity = ("key_id", "modulus")
    shown = ("key_id", "key_type", "algorithm")

    key_id = field.text("kid")
    key_type = field.text("kty")
    use = field.text("use")
    algorithm = field.text("alg")
    modulus = field.text("n")
    exponent = field.text("e")
