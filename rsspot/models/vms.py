"""Virtual machines without Kubernetes: VM cloudspaces, their pools, and SSH keys.

Sources: openapi/spot.yaml, VMCloudSpace, VMPool and VMSSHKey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rsspot.models import fields as field
from rsspot.models.cloudspace import Bid, read_servers
from rsspot.models.pool import Pool, is_speed_bump
from rsspot.models.resource import Condition, Resource

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from rsspot_api import models  # noqa: F401 - in the text of a base class

    from rsspot.models.cloudspace import Server
    from rsspot.models.view import Field

__all__ = ["VM_CLOUDSPACE_LABEL", "VMCloudspace", "VMPool", "VMSSHKey"]

VM_CLOUDSPACE_LABEL: Final = "ngpc.rxt.io/vmcloudspace"


class VMCloudspace(Resource["models.VMCloudSpace"], model="VMCloudSpace"):
    """A group of virtual machines in one region."""

    shown: ClassVar[tuple[str, ...]] = ("name", "region", "phase", "reason")

    region: Field[str] = field.text("spec", "region")
    webhook: Field[str | None] = field.optional_text("spec", "webhook")
    ssh_key: Field[str | None] = field.optional_text("spec", "vmSshKeyRef", "name")
    ssh_key_namespace: Field[str | None] = field.optional_text("spec", "vmSshKeyRef", "namespace")
    pools: Field[tuple[str, ...]] = field.names("spec", "bidRequests")
    phase: Field[str] = field.text("status", "phase")
    reason: Field[str] = field.text("status", "reason")
    health: Field[str] = field.text("status", "health")
    first_ready_at: Field[datetime | None] = field.timestamp("status", "firstReadyTimestamp")
    conditions: Field[tuple[Condition, ...]] = field.many(Condition, "status", "conditions")
    bids: Field[tuple[Bid, ...]] = field.many(Bid, "status", "bids")

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
        return read_servers(self._data, "vm_cloudspace", self.pools)

    def servers_of(self, pool: str) -> tuple[Server, ...]:
        """Return the virtual machines of one pool.

        Args:
            pool: Name of the pool.
        """
        return tuple(item for item in self.servers if item.pool == pool)


class VMPool(Pool["models.VMPool"], model="VMPool"):
    """Virtual machines of one class. `won_count` is None before the first auction.

    `user_data` is in base64, as in the API. It may contain secrets.
    """

    owner_label: ClassVar[str] = VM_CLOUDSPACE_LABEL
    shown: ClassVar[tuple[str, ...]] = (
        "name",
        "vm_cloudspace",
        "server_class",
        "bid_price",
        "bid_status",
        "won",
        "desired",
    )
    secret: ClassVar[tuple[str, ...]] = ("user_data",)

    vm_cloudspace: Field[str] = field.text("spec", "vmCloudSpace")
    server_class: Field[str] = field.text("spec", "serverClass")
    pool_type: Field[str] = field.text("spec", "poolType", default="spot")
    bid_price: Field[Decimal | None] = field.money("spec", "bidPrice")
    desired: Field[int | None] = field.integer("spec", "desired")
    image: Field[str] = field.text("spec", "vmImage")
    user_data: Field[str] = field.text("spec", "vmUserData")
    bid_status: Field[str] = field.text("status", "bidStatus")
    won_count: Field[int | None] = field.integer("status", "wonCount")

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

    shown: ClassVar[tuple[str, ...]] = ("name", "fingerprint", "description")

    public_key: Field[str] = field.text("spec", "publicKey")
    description: Field[str] = field.text("spec", "description")
    fingerprint: Field[str] = field.text("status", "fingerprint")
    validated: Field[bool] = field.boolean("status", "validated")
