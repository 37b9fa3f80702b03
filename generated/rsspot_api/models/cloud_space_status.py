from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.assigned_servers import AssignedServers
    from ..models.bids import Bids
    from ..models.cloud_space_cluster_ref import CloudSpaceClusterRef
    from ..models.condition import Condition
    from ..models.pending_allocations import PendingAllocations


T = TypeVar("T", bound="CloudSpaceStatus")


@_attrs_define
class CloudSpaceStatus:
    """What a cloudspace is. Everything may be absent while it is being built.

    Attributes:
        phase (str | Unset): Where it is in its life. Known: `Provisioning`, `Ready`, `Upgrading`, `NoWinningBids` (the
            control plane works, but no server was won), `Error` (often passing), `Deleting`; `Running` and `Failed` occur
            in tools.
        reason (str | Unset): Why it is in this phase, for people.
        health (str | Unset): Whether its API answers and it has nodes; values are not known.
        api_server_endpoint (str | Unset): Host of the cluster's Kubernetes API, usually without `https://`. As soon as
            it is there, the control plane can be used.
        current_kubernetes_version (str | Unset): The version that runs, while `spec.kubernetesVersion` is the one
            wanted.
        upgrade_phase (str | Unset): Where an upgrade is; values are not known.
        first_ready_timestamp (datetime.datetime | None | Unset): When it was ready for the first time.
        cloudspace_class_name (str | Unset): Template of the control plane; second generation only.
        ssh_secret_name (str | Unset): Name of the secret that holds the SSH key of its servers.
        cluster_ref (CloudSpaceClusterRef | Unset): State of the cluster on the management side.
        conditions (list[Condition] | Unset): Single aspects.
        bids (Bids | Unset): What the pools of a cloudspace won, by an identifier of the bid.
        pending_allocations (PendingAllocations | Unset): Servers on their way, by an identifier of the allocation.
        assigned_servers (AssignedServers | Unset): The servers of a cloudspace by their names, which begin with the
            name of the pool.
    """

    phase: str | Unset = UNSET
    reason: str | Unset = UNSET
    health: str | Unset = UNSET
    api_server_endpoint: str | Unset = UNSET
    current_kubernetes_version: str | Unset = UNSET
    upgrade_phase: str | Unset = UNSET
    first_ready_timestamp: datetime.datetime | None | Unset = UNSET
    cloudspace_class_name: str | Unset = UNSET
    ssh_secret_name: str | Unset = UNSET
    cluster_ref: CloudSpaceClusterRef | Unset = UNSET
    conditions: list[Condition] | Unset = UNSET
    bids: Bids | Unset = UNSET
    pending_allocations: PendingAllocations | Unset = UNSET
    assigned_servers: AssignedServers | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.assigned_servers import AssignedServers  # noqa: PLC0415
        from ..models.bids import Bids  # noqa: PLC0415
        from ..models.cloud_space_cluster_ref import CloudSpaceClusterRef  # noqa: PLC0415
        from ..models.condition import Condition  # noqa: PLC0415
        from ..models.pending_allocations import PendingAllocations  # noqa: PLC0415

        phase = self.phase

        reason = self.reason

        health = self.health

        api_server_endpoint = self.api_server_endpoint

        current_kubernetes_version = self.current_kubernetes_version

        upgrade_phase = self.upgrade_phase

        first_ready_timestamp: None | str | Unset
        if isinstance(self.first_ready_timestamp, Unset):
            first_ready_timestamp = UNSET
        elif isinstance(self.first_ready_timestamp, datetime.datetime):
            first_ready_timestamp = self.first_ready_timestamp.isoformat()
        else:
            first_ready_timestamp = self.first_ready_timestamp

        cloudspace_class_name = self.cloudspace_class_name

        ssh_secret_name = self.ssh_secret_name

        cluster_ref: dict[str, Any] | Unset = UNSET
        if not isinstance(self.cluster_ref, Unset):
            cluster_ref = self.cluster_ref.to_dict()

        conditions: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.conditions, Unset):
            conditions = []
            for conditions_item_data in self.conditions:
                conditions_item = conditions_item_data.to_dict()
                conditions.append(conditions_item)

        bids: dict[str, Any] | Unset = UNSET
        if not isinstance(self.bids, Unset):
            bids = self.bids.to_dict()

        pending_allocations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.pending_allocations, Unset):
            pending_allocations = self.pending_allocations.to_dict()

        assigned_servers: dict[str, Any] | Unset = UNSET
        if not isinstance(self.assigned_servers, Unset):
            assigned_servers = self.assigned_servers.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if phase is not UNSET:
            field_dict["phase"] = phase
        if reason is not UNSET:
            field_dict["reason"] = reason
        if health is not UNSET:
            field_dict["health"] = health
        if api_server_endpoint is not UNSET:
            field_dict["APIServerEndpoint"] = api_server_endpoint
        if current_kubernetes_version is not UNSET:
            field_dict["currentKubernetesVersion"] = current_kubernetes_version
        if upgrade_phase is not UNSET:
            field_dict["upgradePhase"] = upgrade_phase
        if first_ready_timestamp is not UNSET:
            field_dict["firstReadyTimestamp"] = first_ready_timestamp
        if cloudspace_class_name is not UNSET:
            field_dict["cloudspaceClassName"] = cloudspace_class_name
        if ssh_secret_name is not UNSET:
            field_dict["sshSecretName"] = ssh_secret_name
        if cluster_ref is not UNSET:
            field_dict["clusterRef"] = cluster_ref
        if conditions is not UNSET:
            field_dict["conditions"] = conditions
        if bids is not UNSET:
            field_dict["bids"] = bids
        if pending_allocations is not UNSET:
            field_dict["pendingAllocations"] = pending_allocations
        if assigned_servers is not UNSET:
            field_dict["assignedServers"] = assigned_servers

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.assigned_servers import AssignedServers  # noqa: PLC0415
        from ..models.bids import Bids  # noqa: PLC0415
        from ..models.cloud_space_cluster_ref import CloudSpaceClusterRef  # noqa: PLC0415
        from ..models.condition import Condition  # noqa: PLC0415
        from ..models.pending_allocations import PendingAllocations  # noqa: PLC0415

        d = dict(src_dict)
        phase = d.pop("phase", UNSET)

        reason = d.pop("reason", UNSET)

        health = d.pop("health", UNSET)

        api_server_endpoint = d.pop("APIServerEndpoint", UNSET)

        current_kubernetes_version = d.pop("currentKubernetesVersion", UNSET)

        upgrade_phase = d.pop("upgradePhase", UNSET)

        def _parse_first_ready_timestamp(
            data: object,
        ) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                first_ready_timestamp_type_0 = datetime.datetime.fromisoformat(data)

                return first_ready_timestamp_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        first_ready_timestamp = _parse_first_ready_timestamp(
            d.pop("firstReadyTimestamp", UNSET)
        )

        cloudspace_class_name = d.pop("cloudspaceClassName", UNSET)

        ssh_secret_name = d.pop("sshSecretName", UNSET)

        _cluster_ref = d.pop("clusterRef", UNSET)
        cluster_ref: CloudSpaceClusterRef | Unset
        if isinstance(_cluster_ref, Unset):
            cluster_ref = UNSET
        else:
            cluster_ref = CloudSpaceClusterRef.from_dict(_cluster_ref)

        _conditions = d.pop("conditions", UNSET)
        conditions: list[Condition] | Unset = UNSET
        if _conditions is not UNSET:
            conditions = []
            for conditions_item_data in _conditions:
                conditions_item = Condition.from_dict(conditions_item_data)

                conditions.append(conditions_item)

        _bids = d.pop("bids", UNSET)
        bids: Bids | Unset
        if isinstance(_bids, Unset):
            bids = UNSET
        else:
            bids = Bids.from_dict(_bids)

        _pending_allocations = d.pop("pendingAllocations", UNSET)
        pending_allocations: PendingAllocations | Unset
        if isinstance(_pending_allocations, Unset):
            pending_allocations = UNSET
        else:
            pending_allocations = PendingAllocations.from_dict(_pending_allocations)

        _assigned_servers = d.pop("assignedServers", UNSET)
        assigned_servers: AssignedServers | Unset
        if isinstance(_assigned_servers, Unset):
            assigned_servers = UNSET
        else:
            assigned_servers = AssignedServers.from_dict(_assigned_servers)

        cloud_space_status = cls(
            phase=phase,
            reason=reason,
            health=health,
            api_server_endpoint=api_server_endpoint,
            current_kubernetes_version=current_kubernetes_version,
            upgrade_phase=upgrade_phase,
            first_ready_timestamp=first_ready_timestamp,
            cloudspace_class_name=cloudspace_class_name,
            ssh_secret_name=ssh_secret_name,
            cluster_ref=cluster_ref,
            conditions=conditions,
            bids=bids,
            pending_allocations=pending_allocations,
            assigned_servers=assigned_servers,
        )

        cloud_space_status.additional_properties = d
        return cloud_space_status

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
