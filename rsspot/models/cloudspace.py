"""Cloudspaces, managed Kubernetes clusters, and their servers (openapi/spot.yaml, CloudSpace)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from attrs import frozen

from rsspot.models import fields as field
from rsspot.models.quantities import read_cpu, read_memory
from rsspot.models.record import Record
from rsspot.models.resource import Condition, Resource
from rsspot.models.view import View
from rsspot.shapes import as_object

if TYPE_CHECKING:
    from datetime import datetime

    from rsspot_api import models  # noqa: F401 - in the text of a base class

    from rsspot.models.view import Field

__all__ = [
    "Bid",
    "Cloudspace",
    "PendingAllocation",
    "Server",
    "read_servers",
]


@frozen(repr=False)
class Server(Record["models.AssignedServer | models.VMAssignedServer"]):
    """One server, and the cloudspace and pool that it belongs to.

    In the API it is an entry of `assignedServers`, under `key`. Unknown text is empty.

    Attributes:
        name: Name of the server.
        address: IP address, or empty.
        server_class: Name of its class.
        pool: Name of its pool.
        cloudspace: Name of its cloudspace or VM cloudspace.
        kind: Kind of that owner.
        namespace: Namespace of the organization.
        state: State, as the API has it.
        error: Text of an error, or empty.
        type: Type of the pool, as the API has it.
        role: Role of the node, as the API has it.
        key: Key in `assignedServers`.
        display_name: Name for people, or empty.
        cpu: Number of CPUs, or None.
        memory: Number of bytes of memory, or None.
    """

    name: str
    address: str
    server_class: str
    pool: str
    cloudspace: str
    kind: Literal["cloudspace", "vm_cloudspace"]
    namespace: str
    state: str
    error: str
    type: str
    role: str
    key: str
    display_name: str = ""
    cpu: int | float | None = None
    memory: int | None = None

    @property
    def _model(self) -> str:
        return "AssignedServer" if self.kind == "cloudspace" else "VMAssignedServer"


def read_servers(
    owner: Any, kind: Literal["cloudspace", "vm_cloudspace"], pools: tuple[str, ...]
) -> tuple[Server, ...]:
    """Return the servers in the `assignedServers` of an object.

    In a cloudspace a key begins with the name of the pool (openapi/spot.yaml,
    CloudSpace.status.assignedServers).
    """
    where = as_object(as_object(owner).get("metadata"))
    assigned = as_object(as_object(as_object(owner).get("status")).get("assignedServers"))
    found: list[Server] = []
    for key, value in assigned.items():
        if not isinstance(value, dict):
            continue
        item = as_object(value)
        found.append(
            Server(
                name=_text(item.get("serverName")) or key,
                address=_text(item.get("IP")) or _text(item.get("ipAddress")),
                server_class=_text(item.get("serverClassName")),
                pool=_text(item.get("nodePoolName"))
                or max((pool for pool in pools if key.startswith(pool)), key=len, default=""),
                cloudspace=_text(where.get("name")),
                kind=kind,
                namespace=_text(where.get("namespace")),
                state=_text(item.get("state")),
                error=_text(item.get("error")),
                type=_text(item.get("serverType")),
                role=_text(item.get("clusterRole")),
                key=key,
                display_name=_text(item.get("displayName")),
                cpu=_number(read_cpu, item.get("cpu")),
                memory=_number(read_memory, item.get("memory")),
                wire=item,
            )
        )
    return tuple(found)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(read: Any, value: Any) -> Any:
    # The servers of a pool have the same amounts.
    return _number_in(read, value) if isinstance(value, str) else _read_number(read, value)


def _read_number(read: Any, value: Any) -> Any:
    try:
        return None if value is None else read(value)
    except ValueError:
        return None


_number_in = lru_cache(256)(_read_number)


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
        return read_servers(self._data, "cloudspace", pools)

    def servers_of(self, pool: str) -> tuple[Server, ...]:
        """Return the servers of one pool.

        Args:
            pool: Name of the pool.
        """
        return tuple(
            item
            for item in self.servers
            if item.pool == pool or (not item.pool and item.key.startswith(pool))
        )
