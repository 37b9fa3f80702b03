"""VM pools: groups of like virtual machines (openapi/spot.yaml, VMPool)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rsspot.models import fields as field
from rsspot.models.pool import Pool, says_speed_bump

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["VM_CLOUDSPACE_LABEL", "VMPool"]

VM_CLOUDSPACE_LABEL: Final = "ngpc.rxt.io/vmcloudspace"


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
