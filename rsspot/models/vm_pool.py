"""VM pools: groups of like virtual machines (fact sheet, section 3.8)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rsspot.models import fields as field
from rsspot.models.resource import Resource

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["VM_CLOUDSPACE_LABEL", "VMPool"]

VM_CLOUDSPACE_LABEL: Final = "ngpc.rxt.io/vmcloudspace"


class VMPool(Resource["models.VMPool"], model="VMPool"):
    """Virtual machines of one class; `user_data` is in base64, as the API has it."""

    shown = ("name", "vm_cloudspace", "server_class", "bid_price", "bid_status", "desired")

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
    def is_ready(self) -> bool:
        """Whether it has won all the machines that it wants."""
        return self.deleted_at is None and (self.won_count or 0) >= (self.desired or 0)
