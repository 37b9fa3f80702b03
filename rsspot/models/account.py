"""Accounts: organizations, and what the login host publishes.

Sources: docs/api-facts.md#organizations, docs/api-facts.md#sign-in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rsspot.models import fields as field
from rsspot.models.view import View

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

    from rsspot.models.view import Field

__all__ = ["OpenIDConfiguration", "Organization", "SigningKey", "to_namespace"]


def to_namespace(org_id: str) -> str:
    """Return the namespace of an organization's id; a namespace is returned unchanged."""
    return org_id.lower().replace("_", "-")


class Organization(View["models.Organization"], model="Organization"):
    """An organization; its objects are in its namespace."""

    identity: ClassVar[tuple[str, ...]] = ("id",)
    shown: ClassVar[tuple[str, ...]] = ("name", "id")

    id: Field[str] = field.text("id")
    name: Field[str] = field.text("name")
    display_name: Field[str] = field.text("display_name")
    stated_namespace: Field[str | None] = field.optional_text("metadata", "namespace")

    @property
    def namespace(self) -> str:
        """The namespace from the API, or else the one that follows from the id."""
        return self.stated_namespace or to_namespace(self.id)


class OpenIDConfiguration(View["models.OpenIDConfiguration"], model="OpenIDConfiguration"):
    """The addresses of the login host (OpenID Connect Discovery 1.0)."""

    shown: ClassVar[tuple[str, ...]] = ("issuer", "token_endpoint")

    issuer: Field[str] = field.text("issuer")
    token_endpoint: Field[str] = field.text("token_endpoint")
    jwks_uri: Field[str] = field.text("jwks_uri")
    authorization_endpoint: Field[str] = field.text("authorization_endpoint")


class SigningKey(View["models.SigningKey"], model="SigningKey"):
    """A public key (RFC 7517). `to_dict()` is what JWT libraries take."""

    identity: ClassVar[tuple[str, ...]] = ("key_id", "modulus")
    shown: ClassVar[tuple[str, ...]] = ("key_id", "key_type", "algorithm")

    key_id: Field[str] = field.text("kid")
    key_type: Field[str] = field.text("kty")
    use: Field[str] = field.text("use")
    algorithm: Field[str] = field.text("alg")
    modulus: Field[str] = field.text("n")
    exponent: Field[str] = field.text("e")
