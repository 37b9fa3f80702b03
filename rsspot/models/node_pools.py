"""Node pools: groups of identical servers (openapi/spot.yaml, SpotNodePool)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, Generic, Literal, TypeVar

from rsspot.models import fields as field
from rsspot.models.pool import Pool, is_speed_bump
from rsspot.models.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from rsspot_api import models  # noqa: F401 - in the text of a base class

    from rsspot.models.view import Field

__all__ = [
    "CLOUDSPACE_LABEL",
    "AutopilotAllocation",
    "AutopilotClassState",
    "AutopilotEvent",
    "AutopilotNodePool",
    "NodePool",
    "NodeTaint",
    "OnDemandNodePool",
    "SpotNodePool",
]

CLOUDSPACE_LABEL: Final = "ngpc.rxt.io/cloudspace"

RawT_co = TypeVar("RawT_co", covariant=True)


class NodeTaint(View["models.Taint"], model="Taint"):
    """A taint of a pool's nodes."""

    shown: ClassVar[tuple[str, ...]] = ("key", "value", "effect")

    key: Field[str] = field.text("key")
    value: Field[str] = field.text("value")
    effect: Field[str] = field.text("effect")
    added_at: Field[datetime | None] = field.timestamp("timeAdded")


class NodePool(Pool[RawT_co], Generic[RawT_co]):
    """The base of the three kinds of node pools.

    `node_labels`, `node_annotations` and `node_taints` are those that the nodes should have.
    """

    owner_label: ClassVar[str] = CLOUDSPACE_LABEL

    cloudspace: Field[str] = field.text("spec", "cloudSpace")
    node_labels: Field[Mapping[str, str]] = field.labels("spec", "customLabels")
    node_annotations: Field[Mapping[str, str]] = field.labels("spec", "customAnnotations")
    node_taints: Field[tuple[NodeTaint, ...]] = field.many(NodeTaint, "spec", "customTaints")

    @property
    def owner(self) -> str:
        """The name of the cloudspace that it belongs to."""
        return self.cloudspace


class SpotNodePool(NodePool["models.SpotNodePool"], model="SpotNodePool"):
    """Servers that are won by a bid. `won_count` is None before the first auction.

    `applied_labels` and the like are the keys that the nodes already have.
    """

    shown: ClassVar[tuple[str, ...]] = (
        "name",
        "cloudspace",
        "server_class",
        "bid_price",
        "bid_status",
        "won",
        "desired",
    )

    server_class: Field[str] = field.text("spec", "serverClass")
    desired: Field[int | None] = field.integer("spec", "desired")
    bid_price: Field[Decimal | None] = field.money("spec", "bidPrice")
    autoscaling: Field[bool] = field.boolean("spec", "autoscaling", "enabled")
    min_nodes: Field[int | None] = field.integer("spec", "autoscaling", "minNodes")
    max_nodes: Field[int | None] = field.integer("spec", "autoscaling", "maxNodes")
    bid_status: Field[str] = field.text("status", "bidStatus")
    won_count: Field[int | None] = field.integer("status", "wonCount")
    applied_labels: Field[tuple[str, ...]] = field.names("status", "customMetadataStatus", "labels")
    applied_annotations: Field[tuple[str, ...]] = field.names(
        "status", "customMetadataStatus", "annotations"
    )
    applied_taints: Field[tuple[str, ...]] = field.names("status", "customMetadataStatus", "taints")

    @property
    def won(self) -> int:
        """The number of servers that it has won: 0 before the first auction."""
        return self.won_count or 0

    @property
    def kind(self) -> Literal["spot"]:
        """Always ``spot``."""
        return "spot"

    @property
    def price(self) -> Decimal | None:
        """The bid for each server, in US dollars an hour."""
        return self.bid_price

    @property
    def status(self) -> str:
        """The status of the bid; empty before the first auction."""
        return self.bid_status

    @property
    def progress(self) -> str:
        """The servers that it has won and wants, such as ``2/3``."""
        return f"{self.won}/{self.desired or 0}"

    @property
    def is_speed_bumped(self) -> bool:
        """Whether the limit of a new account holds it back (docs/api-facts.md#account-limits)."""
        return is_speed_bump(self.bid_status)

    @property
    def nodes_wanted(self) -> int:
        """The number of servers that it wants; with autoscaling, the minimum."""
        return (self.min_nodes if self.autoscaling else self.desired) or 0

    @property
    def _obtained(self) -> int:
        return self.won


class OnDemandNodePool(NodePool["models.OnDemandNodePool"], model="OnDemandNodePool"):
    """Servers at a fixed price. `reserved_count` is None before the first reservation."""

    shown: ClassVar[tuple[str, ...]] = (
        "name",
        "cloudspace",
        "server_class",
        "reserved_status",
        "reserved_count",
        "desired",
    )

    server_class: Field[str] = field.text("spec", "serverClass")
    desired: Field[int | None] = field.integer("spec", "desired")
    reserved_status: Field[str] = field.text("status", "reservedStatus")
    reserved_count: Field[int | None] = field.integer("status", "reservedCount")
    applied_labels: Field[tuple[str, ...]] = field.names("status", "customMetadataStatus", "labels")
    applied_annotations: Field[tuple[str, ...]] = field.names(
        "status", "customMetadataStatus", "annotations"
    )
    applied_taints: Field[tuple[str, ...]] = field.names("status", "customMetadataStatus", "taints")

    @property
    def kind(self) -> Literal["ondemand"]:
        """Always ``ondemand``."""
        return "ondemand"

    @property
    def price(self) -> None:
        """None: the price is fixed."""
        return None

    @property
    def status(self) -> str:
        """The status of the reservation."""
        return self.reserved_status

    @property
    def progress(self) -> str:
        """The servers that it has and wants, such as ``2/3``."""
        return f"{self._obtained}/{self.desired or 0}"

    @property
    def nodes_wanted(self) -> int:
        """The number of servers that it wants."""
        return self.desired or 0

    @property
    def _obtained(self) -> int:
        return self.reserved_count or 0


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
    """A budget that the service bids with; it counts virtual CPUs, not servers.

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
