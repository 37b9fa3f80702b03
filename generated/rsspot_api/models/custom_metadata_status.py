from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast


T = TypeVar("T", bound="CustomMetadataStatus")


@_attrs_define
class CustomMetadataStatus:
    """Keys of the custom metadata that is on the nodes now.

    Attributes:
        labels (list[str] | Unset): Keys of labels.
        annotations (list[str] | Unset): Keys of annotations.
        taints (list[str] | Unset): Keys of taints.
    """

    labels: list[str] | Unset = UNSET
    annotations: list[str] | Unset = UNSET
    taints: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        labels: list[str] | Unset = UNSET
        if not isinstance(self.labels, Unset):
            labels = self.labels

        annotations: list[str] | Unset = UNSET
        if not isinstance(self.annotations, Unset):
            annotations = self.annotations

        taints: list[str] | Unset = UNSET
        if not isinstance(self.taints, Unset):
            taints = self.taints

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if labels is not UNSET:
            field_dict["labels"] = labels
        if annotations is not UNSET:
            field_dict["annotations"] = annotations
        if taints is not UNSET:
            field_dict["taints"] = taints

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        labels = cast(list[str], d.pop("labels", UNSET))

        annotations = cast(list[str], d.pop("annotations", UNSET))

        taints = cast(list[str], d.pop("taints", UNSET))

        custom_metadata_status = cls(
            labels=labels,
            annotations=annotations,
            taints=taints,
        )

        custom_metadata_status.additional_properties = d
        return custom_metadata_status

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
