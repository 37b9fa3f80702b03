from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.annotations_patch import AnnotationsPatch
    from ..models.labels_patch import LabelsPatch
    from ..models.taint import Taint
    from ..models.vcpu_range import VCPURange
    from ..models.vcpu_total import VCPUTotal


T = TypeVar("T", bound="AutopilotNodePoolSpecPatch")


@_attrs_define
class AutopilotNodePoolSpecPatch:
    """The members of an autopilot node pool's spec that can be changed.

    Attributes:
        vcpu (None | Unset | VCPUTotal): Another target.
        vcpu_per_node (None | Unset | VCPURange): Other bounds; `null` for none.
        memory_per_vcpu (None | str | Unset): Other memory for each virtual CPU.
        budget_per_hour (None | str | Unset): Another budget.
        allocation_strategy (None | str | Unset): Another strategy.
        custom_labels (LabelsPatch | None | Unset): Labels to set or remove; `null` removes them all.
        custom_annotations (AnnotationsPatch | None | Unset): Annotations to set or remove; `null` removes them all.
        custom_taints (list[Taint] | None | Unset): The whole new list of taints; `null` removes it.
    """

    vcpu: None | Unset | VCPUTotal = UNSET
    vcpu_per_node: None | Unset | VCPURange = UNSET
    memory_per_vcpu: None | str | Unset = UNSET
    budget_per_hour: None | str | Unset = UNSET
    allocation_strategy: None | str | Unset = UNSET
    custom_labels: LabelsPatch | None | Unset = UNSET
    custom_annotations: AnnotationsPatch | None | Unset = UNSET
    custom_taints: list[Taint] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.annotations_patch import AnnotationsPatch  # noqa: PLC0415
        from ..models.labels_patch import LabelsPatch  # noqa: PLC0415
        from ..models.taint import Taint  # noqa: PLC0415
        from ..models.vcpu_range import VCPURange  # noqa: PLC0415
        from ..models.vcpu_total import VCPUTotal  # noqa: PLC0415

        vcpu: dict[str, Any] | None | Unset
        if isinstance(self.vcpu, Unset):
            vcpu = UNSET
        elif isinstance(self.vcpu, VCPUTotal):
            vcpu = self.vcpu.to_dict()
        else:
            vcpu = self.vcpu

        vcpu_per_node: dict[str, Any] | None | Unset
        if isinstance(self.vcpu_per_node, Unset):
            vcpu_per_node = UNSET
        elif isinstance(self.vcpu_per_node, VCPURange):
            vcpu_per_node = self.vcpu_per_node.to_dict()
        else:
            vcpu_per_node = self.vcpu_per_node

        memory_per_vcpu: None | str | Unset
        if isinstance(self.memory_per_vcpu, Unset):
            memory_per_vcpu = UNSET
        else:
            memory_per_vcpu = self.memory_per_vcpu

        budget_per_hour: None | str | Unset
        if isinstance(self.budget_per_hour, Unset):
            budget_per_hour = UNSET
        else:
            budget_per_hour = self.budget_per_hour

        allocation_strategy: None | str | Unset
        if isinstance(self.allocation_strategy, Unset):
            allocation_strategy = UNSET
        else:
            allocation_strategy = self.allocation_strategy

        custom_labels: dict[str, Any] | None | Unset
        if isinstance(self.custom_labels, Unset):
            custom_labels = UNSET
        elif isinstance(self.custom_labels, LabelsPatch):
            custom_labels = self.custom_labels.to_dict()
        else:
            custom_labels = self.custom_labels

        custom_annotations: dict[str, Any] | None | Unset
        if isinstance(self.custom_annotations, Unset):
            custom_annotations = UNSET
        elif isinstance(self.custom_annotations, AnnotationsPatch):
            custom_annotations = self.custom_annotations.to_dict()
        else:
            custom_annotations = self.custom_annotations

        custom_taints: list[dict[str, Any]] | None | Unset
        if isinstance(self.custom_taints, Unset):
            custom_taints = UNSET
        elif isinstance(self.custom_taints, list):
            custom_taints = []
            for custom_taints_type_0_item_data in self.custom_taints:
                custom_taints_type_0_item = custom_taints_type_0_item_data.to_dict()
                custom_taints.append(custom_taints_type_0_item)

        else:
            custom_taints = self.custom_taints

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if vcpu is not UNSET:
            field_dict["vcpu"] = vcpu
        if vcpu_per_node is not UNSET:
            field_dict["vcpuPerNode"] = vcpu_per_node
        if memory_per_vcpu is not UNSET:
            field_dict["memoryPerVCPU"] = memory_per_vcpu
        if budget_per_hour is not UNSET:
            field_dict["budgetPerHour"] = budget_per_hour
        if allocation_strategy is not UNSET:
            field_dict["allocationStrategy"] = allocation_strategy
        if custom_labels is not UNSET:
            field_dict["customLabels"] = custom_labels
        if custom_annotations is not UNSET:
            field_dict["customAnnotations"] = custom_annotations
        if custom_taints is not UNSET:
            field_dict["customTaints"] = custom_taints

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.annotations_patch import AnnotationsPatch  # noqa: PLC0415
        from ..models.labels_patch import LabelsPatch  # noqa: PLC0415
        from ..models.taint import Taint  # noqa: PLC0415
        from ..models.vcpu_range import VCPURange  # noqa: PLC0415
        from ..models.vcpu_total import VCPUTotal  # noqa: PLC0415

        d = dict(src_dict)

        def _parse_vcpu(data: object) -> None | Unset | VCPUTotal:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                vcpu_type_0 = VCPUTotal.from_dict(data)

                return vcpu_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VCPUTotal, data)

        vcpu = _parse_vcpu(d.pop("vcpu", UNSET))

        def _parse_vcpu_per_node(data: object) -> None | Unset | VCPURange:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                vcpu_per_node_type_0 = VCPURange.from_dict(data)

                return vcpu_per_node_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | VCPURange, data)

        vcpu_per_node = _parse_vcpu_per_node(d.pop("vcpuPerNode", UNSET))

        def _parse_memory_per_vcpu(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        memory_per_vcpu = _parse_memory_per_vcpu(d.pop("memoryPerVCPU", UNSET))

        def _parse_budget_per_hour(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        budget_per_hour = _parse_budget_per_hour(d.pop("budgetPerHour", UNSET))

        def _parse_allocation_strategy(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        allocation_strategy = _parse_allocation_strategy(
            d.pop("allocationStrategy", UNSET)
        )

        def _parse_custom_labels(data: object) -> LabelsPatch | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                custom_labels_type_0 = LabelsPatch.from_dict(data)

                return custom_labels_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LabelsPatch | None | Unset, data)

        custom_labels = _parse_custom_labels(d.pop("customLabels", UNSET))

        def _parse_custom_annotations(data: object) -> AnnotationsPatch | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                custom_annotations_type_0 = AnnotationsPatch.from_dict(data)

                return custom_annotations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AnnotationsPatch | None | Unset, data)

        custom_annotations = _parse_custom_annotations(
            d.pop("customAnnotations", UNSET)
        )

        def _parse_custom_taints(data: object) -> list[Taint] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                custom_taints_type_0 = []
                _custom_taints_type_0 = data
                for custom_taints_type_0_item_data in _custom_taints_type_0:
                    custom_taints_type_0_item = Taint.from_dict(
                        custom_taints_type_0_item_data
                    )

                    custom_taints_type_0.append(custom_taints_type_0_item)

                return custom_taints_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Taint] | None | Unset, data)

        custom_taints = _parse_custom_taints(d.pop("customTaints", UNSET))

        autopilot_node_pool_spec_patch = cls(
            vcpu=vcpu,
            vcpu_per_node=vcpu_per_node,
            memory_per_vcpu=memory_per_vcpu,
            budget_per_hour=budget_per_hour,
            allocation_strategy=allocation_strategy,
            custom_labels=custom_labels,
            custom_annotations=custom_annotations,
            custom_taints=custom_taints,
        )

        autopilot_node_pool_spec_patch.additional_properties = d
        return autopilot_node_pool_spec_patch

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
