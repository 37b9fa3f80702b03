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


T = TypeVar("T", bound="OnDemandNodePoolSpecPatch")


@_attrs_define
class OnDemandNodePoolSpecPatch:
    """The members of an on-demand node pool's spec that can be changed.

    Attributes:
        desired (int | Unset): How many servers are wanted.
        custom_labels (LabelsPatch | None | Unset): Labels to set or remove; `null` removes them all.
        custom_annotations (AnnotationsPatch | None | Unset): Annotations to set or remove; `null` removes them all.
        custom_taints (list[Taint] | None | Unset): The whole new list of taints; `null` removes it.
    """

    desired: int | Unset = UNSET
    custom_labels: LabelsPatch | None | Unset = UNSET
    custom_annotations: AnnotationsPatch | None | Unset = UNSET
    custom_taints: list[Taint] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.annotations_patch import AnnotationsPatch  # noqa: PLC0415
        from ..models.labels_patch import LabelsPatch  # noqa: PLC0415
        from ..models.taint import Taint  # noqa: PLC0415

        desired = self.desired

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
        if desired is not UNSET:
            field_dict["desired"] = desired
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

        d = dict(src_dict)
        desired = d.pop("desired", UNSET)

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

        on_demand_node_pool_spec_patch = cls(
            desired=desired,
            custom_labels=custom_labels,
            custom_annotations=custom_annotations,
            custom_taints=custom_taints,
        )

        on_demand_node_pool_spec_patch.additional_properties = d
        return on_demand_node_pool_spec_patch

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
