"""VM cloudspaces: virtual machines without Kubernetes (openapi/spot.yaml, VMCloudSpace)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.models import fields as field
from rsspot.models.cloudspace import Bid
from rsspot.models.condition import Condition
from rsspot.models.resource import Resource
from rsspot.models.server import read_servers

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

    from rsspot.models.server import Server


__all__ = ["VMCloudspace"]


class VMCloudspace(Resource["models.VMCloudSpace"], model="VMCloudSpace"):
    """A group of virtual machines in one region."""

    shown = ("name", "region", "phase", "reason")

    region = field.text("spec", "region")
    webhook = field.maybe_text("spec", "webhook")
    ssh_key = field.maybe_text("spec", "vmSshKeyRef", "name")
    ssh_key_namespace = field.maybe_text("spec", "vmSshKeyRef", "namespace")
    pools = field.names("spec", "bidRequests")
    phase = field.text("status", "phase")
    reason = field.text("status", "reason")
    health = field.text("status", "health")
    first_ready_at = field.moment("status", "firstReadyTimestamp")
    conditions = field.many(Condition, "status", "conditions")
    bids = field.many(Bid, "status", "bids")

    @property
    def is_ready(self) -> bool:
        """Whether its phase says so."""
        return self.deleted_at is None and self.phase.casefold() in {"ready", "running"}

    @property
    def is_failed(self) -> bool:
        """Whether the phase says so now; it may pass."""
        return self.phase.casefold() in {"error", "failed"}

    @property
    def servers(self) -> tuple[Server, ...]:
        """The machines that it has now."""
        return read_servers(self.__dict__["_data"], "vm_cloudspace", self.pools)

    def servers_of(self, pool: str) -> tuple[Server, ...]:
        """The machines of one pool."""
        return tuple(item for item in self.servers if item.pool == pool)
