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


T = TypeVar("T", bound="ObjectMetaPatch")


@_attrs_define
class ObjectMetaPatch:
    """The part of `metadata` that a patch may carry.

    Attributes:
        resource_version (str | Unset): The version of an object or list. Decimal digits, yet to be compared for
            equality only.
        labels (LabelsPatch | None | Unset): Labels to set or remove.
        annotations (AnnotationsPatch | None | Unset): Annotations to set or remove.
        finalizers (list[str] | None | Unset): The whole new list of finalizers.
    """

    resource_version: str | Unset = UNSET
    labels: LabelsPatch | None | Unset = UNSET
    annotations: AnnotationsPatch | None | Unset = UNSET
    finalizers: list[str] | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.annotations_patch import AnnotationsPatch  # noqa: PLC0415
        from ..models.labels_patch import LabelsPatch  # noqa: PLC0415

        resource_version = self.resource_version

        labels: dict[str, Any] | None | Unset
        if isinstance(self.labels, Unset):
            labels = UNSET
        elif isinstance(self.labels, LabelsPatch):
            labels = self.labels.to_dict()
        else:
            labels = self.labels

        annotations: dict[str, Any] | None | Unset
        if isinstance(self.annotations, Unset):
            annotations = UNSET
        elif isinstance(self.annotations, AnnotationsPatch):
            annotations = self.annotations.to_dict()
        else:
            annotations = self.annotations

        finalizers: list[str] | None | Unset
        if isinstance(self.finalizers, Unset):
            finalizers = UNSET
        elif isinstance(self.finalizers, list):
            finalizers = self.finalizers

        else:
            finalizers = self.finalizers

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if resource_version is not UNSET:
            field_dict["resourceVersion"] = resource_version
        if labels is not UNSET:
            field_dict["labels"] = labels
        if annotations is not UNSET:
            field_dict["annotations"] = annotations
        if finalizers is not UNSET:
            field_dict["finalizers"] = finalizers

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.annotations_patch import AnnotationsPatch  # noqa: PLC0415
        from ..models.labels_patch import LabelsPatch  # noqa: PLC0415

        d = dict(src_dict)
        resource_version = d.pop("resourceVersion", UNSET)

        def _parse_labels(data: object) -> LabelsPatch | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                labels_type_0 = LabelsPatch.from_dict(data)

                return labels_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LabelsPatch | None | Unset, data)

        labels = _parse_labels(d.pop("labels", UNSET))

        def _parse_annotations(data: object) -> AnnotationsPatch | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                annotations_type_0 = AnnotationsPatch.from_dict(data)

                return annotations_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AnnotationsPatch | None | Unset, data)

        annotations = _parse_annotations(d.pop("annotations", UNSET))

        def _parse_finalizers(data: object) -> list[str] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                finalizers_type_0 = cast(list[str], data)

                return finalizers_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None | Unset, data)

        finalizers = _parse_finalizers(d.pop("finalizers", UNSET))

        object_meta_patch = cls(
            resource_version=resource_version,
            labels=labels,
            annotations=annotations,
            finalizers=finalizers,
        )

        object_meta_patch.additional_properties = d
        return object_meta_patch

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
