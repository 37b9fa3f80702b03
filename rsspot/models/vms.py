"""Virtual machines without Kubernetes: VM cloudspaces, their pools, and SSH keys.

Sources: openapi/spot.yaml, VMCloudSpace, VMPool and VMSSHKey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rsspot.models import fields as field
from rsspot.models.cloudspace import Bid
from rsspot.models.pool import Pool, says_speed_bump
from rsspot.models.resource import Condition, Resource
from rsspot.models.server import read_servers

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

    from rsspot.models.server import Server

__all__ = ["VM_CLOUDSPACE_LABEL", "VMCloudspace", "VMPool", "VMSSHKey"]

VM_CLOUDSPACE_LABEL: Final = "ngpc.rxt.io/vmcloudspace"


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


class VMPool(Pool["models.VMPool"], model="VMPool"):
    """Virtual machines of one class. `won_count` is None before the first auction.

    `user_data` is in base64, as the API has it; what it holds may be secret.
    """

    owner_label: ClassVar[str] = VM_CLOUDSPACE_LABEL
    shown = ("name", "vm_cloudspace", "server_class", "bid_price", "bid_status", "won", "desired")
    secret = ("user_data",)

    vm_cloudspace = field.text("spec", "vmCloudSpace")
    server_class = field.text("spec", "serverClass")
    pool_type = field.text("spec", "poolType", default="spot")
    bid_price = field.money("spec", "bidPrice")
    desired = field.whole("spec", "desired")
    image = field.text("spec", "vmImage")
    user_data = field.text("spec", "vmUserData")
    bid_status = field.text("status", "bidStatus")
    won_count = field.whole("status", "wonCount")

    @property
    def nodes_wanted(self) -> int:
        """How many machines it wants."""
        return self.desired or 0

    @property
    def won(self) -> int:
        """How many machines it has won: 0 before the first auction."""
        return self.won_count or 0

    @property
    def is_speed_bumped(self) -> bool:
        """Whether a new account's limit holds it back (docs/api-facts.md#account-limits)."""
        return says_speed_bump(self.bid_status)

    @property
    def owner(self) -> str:
        """The name of the VM cloudspace that it belongs to."""
        return self.vm_cloudspace

    @property
    def _got(self) -> int:
        return self.won


class VMSSHKey(Resource["models.VMSSHKey"], model="VMSSHKey"):
    """A public key that may log in to virtual machines."""

    shown = ("name", "fingerprint", "description")

    public_key = field.text("spec", "publicKey")
    description = field.text("spec", "description")
    fingerprint = field.text("status", "fingerprint")
    validated = field.flag("status", "validated")
