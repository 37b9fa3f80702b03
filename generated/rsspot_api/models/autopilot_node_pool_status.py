from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.autopilot_allocation import AutopilotAllocation
    from ..models.autopilot_allocation_event import AutopilotAllocationEvent
    from ..models.autopilot_class_state import AutopilotClassState


T = TypeVar("T", bound="AutopilotNodePoolStatus")


@_attrs_define
class AutopilotNodePoolStatus:
    """What the service did to reach the target.

    Attributes:
        phase (str | Unset): Where it is in its life; values are not known.
        target_vcp_us (int | Unset): Virtual CPUs aimed at.
        managed_vcp_us (int | Unset): Virtual CPUs at hand.
        managed_memory_gb (str | Unset): Memory at hand, in gigabytes, as text without a unit.
        allocations (list[AutopilotAllocation] | Unset): The spot node pools that it runs now.
        class_states (list[AutopilotClassState] | Unset): How server classes fared when they were tried.
        allocations_history (list[AutopilotAllocationEvent] | Unset): What it did with spot node pools so far.
    """

    phase: str | Unset = UNSET
    target_vcp_us: int | Unset = UNSET
    managed_vcp_us: int | Unset = UNSET
    managed_memory_gb: str | Unset = UNSET
    allocations: list[AutopilotAllocation] | Unset = UNSET
    class_states: list[AutopilotClassState] | Unset = UNSET
    allocations_history: list[AutopilotAllocationEvent] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.autopilot_allocation import AutopilotAllocation  # noqa: PLC0415
        from ..models.autopilot_allocation_event import AutopilotAllocationEvent  # noqa: PLC0415
        from ..models.autopilot_class_state import AutopilotClassState  # noqa: PLC0415

        phase = self.phase

        target_vcp_us = self.target_vcp_us

        managed_vcp_us = self.managed_vcp_us

        managed_memory_gb = self.managed_memory_gb

        allocations: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.allocations, Unset):
            allocations = []
            for allocations_item_data in self.allocations:
                allocations_item = allocations_item_data.to_dict()
                allocations.append(allocations_item)

        class_states: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.class_states, Unset):
            class_states = []
            for class_states_item_data in self.class_states:
                class_states_item = class_states_item_data.to_dict()
                class_states.append(class_states_item)

        allocations_history: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.allocations_history, Unset):
            allocations_history = []
            for allocations_history_item_data in self.allocations_history:
                allocations_history_item = allocations_history_item_data.to_dict()
                allocations_history.append(allocations_history_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if phase is not UNSET:
            field_dict["phase"] = phase
        if target_vcp_us is not UNSET:
            field_dict["targetVCPUs"] = target_vcp_us
        if managed_vcp_us is not UNSET:
            field_dict["managedVCPUs"] = managed_vcp_us
        if managed_memory_gb is not UNSET:
            field_dict["managedMemoryGB"] = managed_memory_gb
        if allocations is not UNSET:
            field_dict["allocations"] = allocations
        if class_states is not UNSET:
            field_dict["classStates"] = class_states
        if allocations_history is not UNSET:
            field_dict["allocationsHistory"] = allocations_history

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.autopilot_allocation import AutopilotAllocation  # noqa: PLC0415
        from ..models.autopilot_allocation_event import AutopilotAllocationEvent  # noqa: PLC0415
        from ..models.autopilot_class_state import AutopilotClassState  # noqa: PLC0415

        d = dict(src_dict)
        phase = d.pop("phase", UNSET)

        target_vcp_us = d.pop("targetVCPUs", UNSET)

        managed_vcp_us = d.pop("managedVCPUs", UNSET)

        managed_memory_gb = d.pop("managedMemoryGB", UNSET)

        _allocations = d.pop("allocations", UNSET)
        allocations: list[AutopilotAllocation] | Unset = UNSET
        if _allocations is not UNSET:
            allocations = []
            for allocations_item_data in _allocations:
                allocations_item = AutopilotAllocation.from_dict(allocations_item_data)

                allocations.append(allocations_item)

        _class_states = d.pop("classStates", UNSET)
        class_states: list[AutopilotClassState] | Unset = UNSET
        if _class_states is not UNSET:
            class_states = []
            for class_states_item_data in _class_states:
                class_states_item = AutopilotClassState.from_dict(
                    class_states_item_data
                )

                class_states.append(class_states_item)

        _allocations_history = d.pop("allocationsHistory", UNSET)
        allocations_history: list[AutopilotAllocationEvent] | Unset = UNSET
        if _allocations_history is not UNSET:
            allocations_history = []
            for allocations_history_item_data in _allocations_history:
                allocations_history_item = AutopilotAllocationEvent.from_dict(
                    allocations_history_item_data
                )

                allocations_history.append(allocations_history_item)

        autopilot_node_pool_status = cls(
            phase=phase,
            target_vcp_us=target_vcp_us,
            managed_vcp_us=managed_vcp_us,
            managed_memory_gb=managed_memory_gb,
            allocations=allocations,
            class_states=class_states,
            allocations_history=allocations_history,
        )

        autopilot_node_pool_status.additional_properties = d
        return autopilot_node_pool_status

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
