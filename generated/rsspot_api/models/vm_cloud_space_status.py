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
    from ..models.bids import Bids
    from ..models.condition import Condition
    from ..models.vm_assigned_servers import VMAssignedServers


T = TypeVar("T", bound="VMCloudSpaceStatus")


@_attrs_define
class VMCloudSpaceStatus:
    """What a VM cloudspace is. Everything may be absent while it is being built.

    Attributes:
        phase (str | Unset): Where it is in its life; see the phases of a cloudspace.
        reason (str | Unset): Why it is in this phase, for people.
        health (str | Unset): How it is; values are not known.
        first_ready_timestamp (datetime.datetime | None | Unset): When it was ready for the first time.
        conditions (list[Condition] | Unset): Single aspects.
        bids (Bids | Unset): What the pools of a cloudspace won, by an identifier of the bid.
        assigned_servers (VMAssignedServers | Unset): The machines of a VM cloudspace by their names.
    """

    phase: str | Unset = UNSET
    reason: str | Unset = UNSET
    health: str | Unset = UNSET
    first_ready_timestamp: datetime.datetime | None | Unset = UNSET
    conditions: list[Condition] | Unset = UNSET
    bids: Bids | Unset = UNSET
    assigned_servers: VMAssignedServers | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.bids import Bids  # noqa: PLC0415
        from ..models.condition import Condition  # noqa: PLC0415
        from ..models.vm_assigned_servers import VMAssignedServers  # noqa: PLC0415

        phase = self.phase

        reason = self.reason

        health = self.health

        first_ready_timestamp: None | str | Unset
        if isinstance(self.first_ready_timestamp, Unset):
            first_ready_timestamp = UNSET
        elif isinstance(self.first_ready_timestamp, datetime.datetime):
            first_ready_timestamp = self.first_ready_timestamp.isoformat()
        else:
            first_ready_timestamp = self.first_ready_timestamp

        conditions: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.conditions, Unset):
            conditions = []
            for conditions_item_data in self.conditions:
                conditions_item = conditions_item_data.to_dict()
                conditions.append(conditions_item)

        bids: dict[str, Any] | Unset = UNSET
        if not isinstance(self.bids, Unset):
            bids = self.bids.to_dict()

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
        if first_ready_timestamp is not UNSET:
            field_dict["firstReadyTimestamp"] = first_ready_timestamp
        if conditions is not UNSET:
            field_dict["conditions"] = conditions
        if bids is not UNSET:
            field_dict["bids"] = bids
        if assigned_servers is not UNSET:
            field_dict["assignedServers"] = assigned_servers

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bids import Bids  # noqa: PLC0415
        from ..models.condition import Condition  # noqa: PLC0415
        from ..models.vm_assigned_servers import VMAssignedServers  # noqa: PLC0415

        d = dict(src_dict)
        phase = d.pop("phase", UNSET)

        reason = d.pop("reason", UNSET)

        health = d.pop("health", UNSET)

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

        _assigned_servers = d.pop("assignedServers", UNSET)
        assigned_servers: VMAssignedServers | Unset
        if isinstance(_assigned_servers, Unset):
            assigned_servers = UNSET
        else:
            assigned_servers = VMAssignedServers.from_dict(_assigned_servers)

        vm_cloud_space_status = cls(
            phase=phase,
            reason=reason,
            health=health,
            first_ready_timestamp=first_ready_timestamp,
            conditions=conditions,
            bids=bids,
            assigned_servers=assigned_servers,
        )

        vm_cloud_space_status.additional_properties = d
        return vm_cloud_space_status

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
