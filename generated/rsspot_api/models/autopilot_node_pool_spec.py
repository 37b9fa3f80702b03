from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.annotations import Annotations
    from ..models.labels import Labels
    from ..models.taint import Taint
    from ..models.vcpu_range import VCPURange
    from ..models.vcpu_total import VCPUTotal


T = TypeVar("T", bound="AutopilotNodePoolSpec")


@_attrs_define
class AutopilotNodePoolSpec:
    """What an autopilot node pool shall reach. Clients always send `region` and `cloudSpace`.

    Attributes:
        region (str | Unset): Name of the cloudspace's region. Cannot be changed.
        cloud_space (str | Unset): Name of the cloudspace. Mind the capital S. Cannot be changed.
        vcpu (VCPUTotal | Unset): How much computing is wanted.
        vcpu_per_node (VCPURange | Unset): How large a node may be. Zero means no bound.
        memory_per_vcpu (str | Unset): Memory for each virtual CPU; presumably in the notation of `4GB`.
        budget_per_hour (str | Unset): US dollars for an hour, a decimal number without a currency sign.
        allocation_strategy (str | Unset): How server classes are chosen; values are not known.
        custom_labels (Labels | Unset): Label keys with their values, in the syntax of Kubernetes labels.
        custom_annotations (Annotations | Unset): Annotation keys with their values.
        custom_taints (list[Taint] | Unset): Taints for the nodes.
    """

    region: str | Unset = UNSET
    cloud_space: str | Unset = UNSET
    vcpu: VCPUTotal | Unset = UNSET
    vcpu_per_node: VCPURange | Unset = UNSET
    memory_per_vcpu: str | Unset = UNSET
    budget_per_hour: str | Unset = UNSET
    allocation_strategy: str | Unset = UNSET
    custom_labels: Labels | Unset = UNSET
    custom_annotations: Annotations | Unset = UNSET
    custom_taints: list[Taint] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.annotations import Annotations  # noqa: PLC0415
        from ..models.labels import Labels  # noqa: PLC0415
        from ..models.taint import Taint  # noqa: PLC0415
        from ..models.vcpu_range import VCPURange  # noqa: PLC0415
        from ..models.vcpu_total import VCPUTotal  # noqa: PLC0415

        region = self.region

        cloud_space = self.cloud_space

        vcpu: dict[str, Any] | Unset = UNSET
        if not isinstance(self.vcpu, Unset):
            vcpu = self.vcpu.to_dict()

        vcpu_per_node: dict[str, Any] | Unset = UNSET
        if not isinstance(self.vcpu_per_node, Unset):
            vcpu_per_node = self.vcpu_per_node.to_dict()

        memory_per_vcpu = self.memory_per_vcpu

        budget_per_hour = self.budget_per_hour

        allocation_strategy = self.allocation_strategy

        custom_labels: dict[str, Any] | Unset = UNSET
        if not isinstance(self.custom_labels, Unset):
            custom_labels = self.custom_labels.to_dict()

        custom_annotations: dict[str, Any] | Unset = UNSET
        if not isinstance(self.custom_annotations, Unset):
            custom_annotations = self.custom_annotations.to_dict()

        custom_taints: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.custom_taints, Unset):
            custom_taints = []
            for custom_taints_item_data in self.custom_taints:
                custom_taints_item = custom_taints_item_data.to_dict()
                custom_taints.append(custom_taints_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if region is not UNSET:
            field_dict["region"] = region
        if cloud_space is not UNSET:
            field_dict["cloudSpace"] = cloud_space
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
        from ..models.annotations import Annotations  # noqa: PLC0415
        from ..models.labels import Labels  # noqa: PLC0415
        from ..models.taint import Taint  # noqa: PLC0415
        from ..models.vcpu_range import VCPURange  # noqa: PLC0415
        from ..models.vcpu_total import VCPUTotal  # noqa: PLC0415

        d = dict(src_dict)
        region = d.pop("region", UNSET)

        cloud_space = d.pop("cloudSpace", UNSET)

        _vcpu = d.pop("vcpu", UNSET)
        vcpu: VCPUTotal | Unset
        if isinstance(_vcpu, Unset):
            vcpu = UNSET
        else:
            vcpu = VCPUTotal.from_dict(_vcpu)

        _vcpu_per_node = d.pop("vcpuPerNode", UNSET)
        vcpu_per_node: VCPURange | Unset
        if isinstance(_vcpu_per_node, Unset):
            vcpu_per_node = UNSET
        else:
            vcpu_per_node = VCPURange.from_dict(_vcpu_per_node)

        memory_per_vcpu = d.pop("memoryPerVCPU", UNSET)

        budget_per_hour = d.pop("budgetPerHour", UNSET)

        allocation_strategy = d.pop("allocationStrategy", UNSET)

        _custom_labels = d.pop("customLabels", UNSET)
        custom_labels: Labels | Unset
        if isinstance(_custom_labels, Unset):
            custom_labels = UNSET
        else:
            custom_labels = Labels.from_dict(_custom_labels)

        _custom_annotations = d.pop("customAnnotations", UNSET)
        custom_annotations: Annotations | Unset
        if isinstance(_custom_annotations, Unset):
            custom_annotations = UNSET
        else:
            custom_annotations = Annotations.from_dict(_custom_annotations)

        _custom_taints = d.pop("customTaints", UNSET)
        custom_taints: list[Taint] | Unset = UNSET
        if _custom_taints is not UNSET:
            custom_taints = []
            for custom_taints_item_data in _custom_taints:
                custom_taints_item = Taint.from_dict(custom_taints_item_data)

                custom_taints.append(custom_taints_item)

        autopilot_node_pool_spec = cls(
            region=region,
            cloud_space=cloud_space,
            vcpu=vcpu,
            vcpu_per_node=vcpu_per_node,
            memory_per_vcpu=memory_per_vcpu,
            budget_per_hour=budget_per_hour,
            allocation_strategy=allocation_strategy,
            custom_labels=custom_labels,
            custom_annotations=custom_annotations,
            custom_taints=custom_taints,
        )

        autopilot_node_pool_spec.additional_properties = d
        return autopilot_node_pool_spec

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
