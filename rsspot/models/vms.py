"""Virtual machines without Kubernetes: VM cloudspaces, their pools, and SSH keys.

Sources: openapi/spot.yaml, VMCloudSpace, VMPool and VMSSHKey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rsspot.models import fields as field
from rsspot.models.cloudspace import Bid
from rsspot.models.pool import Pool, is_speed_bump
from rsspot.models.resource import Condition, Resource
from rsspot.models.server import read_servers

if TYPE_CHECKING:
    from decimal import Decimal

    from rsspot_api import models  # noqa: F401 - in the text of a base class

    from rsspot.models.server import Server

__all__ = ["VM_CLOUDSPACE_LABEL", "VMCloudspace", "VMPool", "VMSSHKey"]

VM_CLOUDSPACE_LABEL: Final = "ngpc.rxt.io/vmcloudspace"


class VMCloudspace(Resource["models.VMCloudSpace"], model="VMCloudSpace"):
    """A group of virtual machines in one region."""

    shown = ("name", "region", "phase", "reason")

    region = field.text("spec", "region")
    webhook = field.optional_text("spec", "webhook")
    ssh_key = field.optional_text("spec", "vmSshKeyRef", "name")
    ssh_key_namespace = field.optional_text("spec", "vmSshKeyRef", "namespace")
    pools = field.names("spec", "bidRequests")
    phase = field.text("status", "phase")
    reason = field.text("status", "reason")
    health = field.text("status", "health")
    first_ready_at = field.timestamp("status", "firstReadyTimestamp")
    conditions = field.many(Condition, "status", "conditions")
    bids = field.many(Bid, "status", "bids")

    @property
    def is_ready(self) -> bool:
        """Whether its phase is ready or running."""
        return self.deleted_at is None and self.phase.casefold() in {"ready", "running"}

    @property
    def is_failed(self) -> bool:
        """Whether its phase is an error now; it may recover."""
        return self.phase.casefold() in {"error", "failed"}

    @property
    def servers(self) -> tuple[Server, ...]:
        """The virtual machines that it has now."""
        return read_servers(self.__dict__["_data"], "vm_cloudspace", self.pools)

    def servers_of(self, pool: str) -> tuple[Server, ...]:
        """Return the virtual machines of one pool."""
        return tuple(item for item in self.servers if item.pool == pool)


class VMPool(Pool["models.VMPool"], model="VMPool"):
    """Virtual machines of one class. `won_count` is None before the first auction.

    `user_data` is in base64, as in the API. It may contain secrets.
    """

    owner_label: ClassVar[str] = VM_CLOUDSPACE_LABEL
    shown = ("name", "vm_cloudspace", "server_class", "bid_price", "bid_status", "won", "desired")
    secret = ("user_data",)

    vm_cloudspace = field.text("spec", "vmCloudSpace")
    server_class = field.text("spec", "serverClass")
    pool_type = field.text("spec", "poolType", default="spot")
    bid_price = field.money("spec", "bidPrice")
    desired = field.integer("spec", "desired")
    image = field.text("spec", "vmImage")
    user_data = field.text("spec", "vmUserData")
    bid_status = field.text("status", "bidStatus")
    won_count = field.integer("status", "wonCount")

    @property
    def kind(self) -> str:
        """How its machines are bought: ``spot`` or ``ondemand``."""
        return self.pool_type or "VM"

    @property
    def price(self) -> Decimal | None:
        """The bid for each machine, in US dollars an hour."""
        return self.bid_price

    @property
    def status(self) -> str:
        """The status of the bid; empty before the first auction."""
        return self.bid_status

    @property
    def progress(self) -> str:
        """The machines that it has won and wants, such as ``2/3``."""
        return f"{self.won}/{self.desired or 0}"

    @property
    def nodes_wanted(self) -> int:
        """The number of machines that it wants."""
        return self.desired or 0

    @property
    def won(self) -> int:
        """The number of machines that it has won: 0 before the first auction."""
        return self.won_count or 0

    @property
    def is_speed_bumped(self) -> bool:
        """Whether the limit of a new account holds it back (docs/api-facts.md#account-limits)."""
        return is_speed_bump(self.bid_status)

    @property
    def owner(self) -> str:
        """The name of the VM cloudspace that it belongs to."""
        return self.vm_cloudspace

    @property
    def _obtained(self) -> int:
        return self.won


class VMSSHKey(Resource["models.VMSSHKey"], model="VMSSHKey"):
    """A public key that may log in to virtual machines."""

    shown = ("name", "fingerprint", "description")

    public_key = field.text("spec", "publicKey")
    description = field.text("spec", "description")
    fingerprint = field.text("status", "fingerprint")
    validated = field.boolean("status", "validated")
