"""Accounts: organizations, and what the login host publishes.

Sources: docs/api-facts.md#organizations, docs/api-facts.md#sign-in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.models import fields as field
from rsspot.models.view import View

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["OpenIDConfiguration", "Organization", "SigningKey", "to_namespace"]


def to_namespace(org_id: str) -> str:
    """Return the namespace of an organization's id; a namespace is returned unchanged."""
    return org_id.lower().replace("_", "-")


class Organization(View["models.Organization"], model="Organization"):
    """An organization; its objects are in its namespace."""

    identity = ("id",)
    shown = ("name", "id")

    id = field.text("id")
    name = field.text("name")
    display_name = field.text("display_name")
    stated_namespace = field.optional_text("metadata", "namespace")

    @property
    def namespace(self) -> str:
        """The namespace from the API, or else the one that follows from the id."""
        return self.stated_namespace or to_namespace(self.id)


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
