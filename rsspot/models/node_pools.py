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

__all__ = ["CLOUDSPACE_LABEL", "NodePool", "NodeTaint", "OnDemandNodePool", "SpotNodePool"]

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
