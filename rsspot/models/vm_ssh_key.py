"""SSH keys for virtual machines (openapi/spot.yaml, VMSSHKey)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.models import fields as field
from rsspot.models.resource import Resource

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["VMSSHKey"]


class VMSSHKey(Resource["models.VMSSHKey"], model="VMSSHKey"):
    """A public key that may log in to virtual machines."""

    shown = ("name", "fingerprint", "description")

    public_key = field.text("spec", "publicKey")
    description = field.text("spec", "description")
    fingerprint = field.text("status", "fingerprint")
    validated = field.flag("status", "validated")
