"""Cloudspaces: managed Kubernetes clusters (openapi/spot.yaml, CloudSpace)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rsspot.models import fields as field
from rsspot.models.resource import Condition, Resource
from rsspot.models.server import read_servers
from rsspot.models.view import View

if TYPE_CHECKING:
    from datetime import datetime

    from rsspot_api import models  # noqa: F401 - in the text of a base class

    from rsspot.models.server import Server
    from rsspot.models.view import Field


__all__ = ["Bid", "Cloudspace", "PendingAllocation"]


class Bid(View["models.Bid"], model="Bid"):
    """The servers that one pool has won; `won_count` is None before its first auction."""

    shown: ClassVar[tuple[str, ...]] = ("name", "won_count")

    name: Field[str] = field.text("bidName")
    type: Field[str] = field.text("type")
    won_count: Field[int | None] = field.integer("wonCount")


class PendingAllocation(View["models.PendingAllocation"], model="PendingAllocation"):
    """Servers that were won but are not available yet."""

    shown: ClassVar[tuple[str, ...]] = ("bid_name", "server_class", "count")

    server_class: Field[str] = field.text("serverClassName")
    count: Field[int] = field.count("count")
    allocated_count: Field[int] = field.count("allocatedCount")
    bid_name: Field[str] = field.text("bidName")
    bid_type: Field[str] = field.text("bidType")


class Cloudspace(Resource["models.CloudSpace"], model="CloudSpace"):
    """A cluster. `phase`, `health` and `cni` are open sets: unknown values are kept."""

    shown: ClassVar[tuple[str, ...]] = ("name", "region", "phase", "kubernetes_version", "reason")

    region: Field[str] = field.text("spec", "region")
    kubernetes_version: Field[str] = field.text("spec", "kubernetesVersion")
    cni: Field[str] = field.text("spec", "cni")
    ha_control_plane: Field[bool] = field.boolean("spec", "HAControlPlane")
    gpu_enabled: Field[bool] = field.boolean("spec", "gpuEnabled")
    cloud: Field[str] = field.text("spec", "cloud")
    type: Field[str] = field.text("spec", "type")
    deployment_type: Field[str] = field.text("spec", "deploymentType")
    webhook: Field[str | None] = field.optional_text("spec", "webhook")
    spot_pools: Field[tuple[str, ...]] = field.names("spec", "bidRequests")
    on_demand_pools: Field[tuple[str, ...]] = field.names("spec", "onDemandRequests")
    phase: Field[str] = field.text("status", "phase")
    reason: Field[str] = field.text("status", "reason")
    health: Field[str] = field.text("status", "health")
    endpoint_text: Field[str] = field.text("status", "APIServerEndpoint")
    current_kubernetes_version: Field[str] = field.text("status", "currentKubernetesVersion")
    upgrade_phase: Field[str] = field.text("status", "upgradePhase")
    first_ready_at: Field[datetime | None] = field.timestamp("status", "firstReadyTimestamp")
    class_name: Field[str] = field.text("status", "cloudspaceClassName")
    ssh_secret: Field[str | None] = field.optional_text("status", "sshSecretName")
    conditions: Field[tuple[Condition, ...]] = field.many(Condition, "status", "conditions")
    bids: Field[tuple[Bid, ...]] = field.many(Bid, "status", "bids")
    pending: Field[tuple[PendingAllocation, ...]] = field.many(
        PendingAllocation, "status", "pendingAllocations"
    )

    @property
    def api_server_endpoint(self) -> str | None:
        """The URL of the Kubernetes API, with its scheme; None until there is one."""
        text = self.endpoint_text.strip()
        if not text:
            return None
        return text if "://" in text else f"https://{text}"

    @property
    def is_ready(self) -> bool:
        """Whether the control plane is ready: its phase says so, or it has an endpoint."""
        if self.deleted_at is not None or self.is_failed:
            return False
        return self.phase.casefold() in {"ready", "running"} or self.api_server_endpoint is not None

    @property
    def is_failed(self) -> bool:
        """Whether its phase is an error now; it may recover (docs/api-facts.md#phases)."""
        return self.phase.casefold() in {"error", "failed"}

    @property
    def servers(self) -> tuple[Server, ...]:
        """The servers that it has now."""
        pools = (*self.spot_pools, *self.on_demand_pools, *(bid.name for bid in self.bids))
        return read_servers(self.__dict__["_data"], "cloudspace", pools)

    def servers_of(self, pool: str) -> tuple[Server, ...]:
        """Return the servers of one pool."""
        return tuple(
            item
            for item in self.servers
            if item.pool == pool or (not item.pool and item.key.startswith(pool))
        )
