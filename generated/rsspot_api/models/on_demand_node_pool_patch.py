from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.object_meta_patch import ObjectMetaPatch
    from ..models.on_demand_node_pool_spec_patch import OnDemandNodePoolSpecPatch


T = TypeVar("T", bound="OnDemandNodePoolPatch")


@_attrs_define
class OnDemandNodePoolPatch:
    """Changes to an on-demand node pool. Absent members stay, `null` removes.

    Attributes:
        metadata (ObjectMetaPatch | Unset): The part of `metadata` that a patch may carry.
        spec (OnDemandNodePoolSpecPatch | Unset): The members of an on-demand node pool's spec that can be changed.
    """

    metadata: ObjectMetaPatch | Unset = UNSET
    spec: OnDemandNodePoolSpecPatch | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.object_meta_patch import ObjectMetaPatch  # noqa: PLC0415
        from ..models.on_demand_node_pool_spec_patch import OnDemandNodePoolSpecPatch  # noqa: PLC0415

        metadata: dict[str, Any] | Unset = UNSET
        if not isinstance(self.metadata, Unset):
            metadata = self.metadata.to_dict()

        spec: dict[str, Any] | Unset = UNSET
        if not isinstance(self.spec, Unset):
            spec = self.spec.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if metadata is not UNSET:
            field_dict["metadata"] = metadata
        if spec is not UNSET:
            field_dict["spec"] = spec

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.object_meta_patch import ObjectMetaPatch  # noqa: PLC0415
        from ..models.on_demand_node_pool_spec_patch import OnDemandNodePoolSpecPatch  # noqa: PLC0415

        d = dict(src_dict)
        _metadata = d.pop("metadata", UNSET)
        metadata: ObjectMetaPatch | Unset
        if isinstance(_metadata, Unset):
            metadata = UNSET
        else:
            metadata = ObjectMetaPatch.from_dict(_metadata)

        _spec = d.pop("spec", UNSET)
        spec: OnDemandNodePoolSpecPatch | Unset
        if isinstance(_spec, Unset):
            spec = UNSET
        else:
            spec = OnDemandNodePoolSpecPatch.from_dict(_spec)

        on_demand_node_pool_patch = cls(
            metadata=metadata,
            spec=spec,
        )

        on_demand_node_pool_patch.additional_properties = d
        return on_demand_node_pool_patch

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
