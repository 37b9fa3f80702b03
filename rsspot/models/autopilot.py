"""Autopilot pools: budgets for which the service bids (openapi/spot.yaml, AutopilotNodePool)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from rsspot.models import fields as field
from rsspot.models.node_pools import NodePool
from rsspot.models.view import View

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from rsspot_api import models  # noqa: F401 - in the text of a base class

    from rsspot.models.view import Field

__all__ = ["AutopilotAllocation", "AutopilotClassState", "AutopilotEvent", "AutopilotNodePool"]


class AutopilotAllocation(View["models.AutopilotAllocation"], model="AutopilotAllocation"):
    """The servers of one class that an autopilot pool has bought."""

    shown: ClassVar[tuple[str, ...]] = ("server_class", "won_nodes", "desired_nodes")

    server_class: Field[str] = field.text("serverClass")
    spot_node_pool: Field[str] = field.text("spotNodePool")
    market_price: Field[Decimal | None] = field.money("marketPricePerHour")
    bid_price: Field[Decimal | None] = field.money("bidPricePerHour")
    vcpu_per_node: Field[int | None] = field.integer("vcpuPerNode")
    memory_gb_per_node: Field[str] = field.text("memoryGBPerNode")
    desired_nodes: Field[int] = field.count("desiredNodes")
    won_nodes: Field[int | None] = field.integer("wonNodes")


class AutopilotClassState(View["models.AutopilotClassState"], model="AutopilotClassState"):
    """The last attempt to buy servers of one class, and when the next one is allowed."""

    shown: ClassVar[tuple[str, ...]] = ("server_class", "last_outcome", "cooldown_until")

    server_class: Field[str] = field.text("serverClass")
    last_outcome: Field[str] = field.text("lastOutcome")
    last_attempt_at: Field[datetime | None] = field.timestamp("lastAttemptTime")
    cooldown_until: Field[datetime | None] = field.timestamp("cooldownUntil")


class AutopilotEvent(View["models.AutopilotAllocationEvent"], model="AutopilotAllocationEvent"):
    """Something that an autopilot pool has done."""

    shown: ClassVar[tuple[str, ...]] = ("time", "event", "server_class", "reason")

    time: Field[datetime | None] = field.timestamp("time")
    event: Field[str] = field.text("event")
    reason: Field[str] = field.text("reason")
    server_class: Field[str] = field.text("serverClass")
    spot_node_pool: Field[str] = field.text("spotNodePool")
    desired_nodes: Field[int] = field.count("desiredNodes")
    won_nodes: Field[int | None] = field.integer("wonNodes")
    bid_price: Field[Decimal | None] = field.money("bidPricePerHour")


class AutopilotNodePool(NodePool["models.AutopilotNodePool"], model="AutopilotNodePool"):
    """A budget for which the service bids; it counts virtual CPUs, not servers.

    The unit of `memory_per_vcpu_text` is not documented; `memory_per_vcpu` is bytes, where it
    has one.
    """

    shown: ClassVar[tuple[str, ...]] = (
        "name",
        "cloudspace",
        "region",
        "phase",
        "managed_vcpus",
        "vcpu_total",
    )

    desired: Field[int | None] = field.integer("spec", "vcpu", "total")
    region: Field[str] = field.text("spec", "region")
    vcpu_total: Field[int | None] = field.integer("spec", "vcpu", "total")
    vcpu_per_node_min: Field[int | None] = field.integer("spec", "vcpuPerNode", "min")
    vcpu_per_node_max: Field[int | None] = field.integer("spec", "vcpuPerNode", "max")
    memory_per_vcpu: Field[int | None] = field.memory("spec", "memoryPerVCPU")
    memory_per_vcpu_text: Field[str] = field.text("spec", "memoryPerVCPU")
    budget_per_hour: Field[Decimal | None] = field.money("spec", "budgetPerHour")
    allocation_strategy: Field[str] = field.text("spec", "allocationStrategy")
    phase: Field[str] = field.text("status", "phase")
    target_vcpus: Field[int | None] = field.integer("status", "targetVCPUs")
    managed_vcpus: Field[int | None] = field.integer("status", "managedVCPUs")
    managed_memory_gb: Field[str] = field.text("status", "managedMemoryGB")
    allocations: Field[tuple[AutopilotAllocation, ...]] = field.many(
        AutopilotAllocation, "status", "allocations"
    )
    class_states: Field[tuple[AutopilotClassState, ...]] = field.many(
        AutopilotClassState, "status", "classStates"
    )
    history: Field[tuple[AutopilotEvent, ...]] = field.many(
        AutopilotEvent, "status", "allocationsHistory"
    )

    @property
    def kind(self) -> Literal["autopilot"]:
        """Always ``autopilot``."""
        return "autopilot"

    @property
    def price(self) -> Decimal | None:
        """The budget for the whole pool, in US dollars an hour."""
        return self.budget_per_hour

    @property
    def status(self) -> str:
        """The phase of the pool."""
        return self.phase

    @property
    def progress(self) -> str:
        """The virtual CPUs that it has and wants, such as ``2/4 vCPUs``."""
        return f"{self._obtained}/{self.vcpu_total or 0} vCPUs"

    @property
    def nodes_wanted(self) -> int:
        """Unknown: the service chooses how many nodes make up the virtual CPUs."""
        return 0

    @property
    def is_ready(self) -> bool:
        """Whether it has all the virtual CPUs that it wants."""
        return self.deleted_at is None and self._obtained >= (self.vcpu_total or 0)

    @property
    def _obtained(self) -> int:
        return self.managed_vcpus or 0
