"""Organizations: who pays (docs/api-facts.md#organizations)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.models import fields as field
from rsspot.models.view import View

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["Organization", "to_namespace"]


def to_namespace(org_id: str) -> str:
    """The namespace of an organization's id; of a namespace, itself."""
    return org_id.lower().replace("_", "-")


class Organization(View["models.Organization"], model="Organization"):
    """An organization; its objects are in its namespace."""

    identity = ("id",)
    shown = ("name", "id")

    id = field.text("id")
    name = field.text("name")
    display_name = field.text("display_name")
    stated_namespace = field.maybe_text("metadata", "namespace")

    @property
    def namespace(self) -> str:
        """The namespace that the API states, else the one that follows from the id."""
        return self.stated_namespace or to_namespace(self.id)
