from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.object_reference import ObjectReference


T = TypeVar("T", bound="CloudSpaceClusterRef")


@_attrs_define
class CloudSpaceClusterRef:
    """State of the cluster on the management side.

    Attributes:
        cluster (ObjectReference | Unset): Points at a Kubernetes object on the management side of the service.
        status (str | Unset): Its state.
        reason (str | Unset): Why it is in that state.
    """

    cluster: ObjectReference | Unset = UNSET
    status: str | Unset = UNSET
    reason: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.object_reference import ObjectReference  # noqa: PLC0415

        cluster: dict[str, Any] | Unset = UNSET
        if not isinstance(self.cluster, Unset):
            cluster = self.cluster.to_dict()

        status = self.status

        reason = self.reason

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if cluster is not UNSET:
            field_dict["cluster"] = cluster
        if status is not UNSET:
            field_dict["status"] = status
        if reason is not UNSET:
            field_dict["reason"] = reason

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.object_reference import ObjectReference  # noqa: PLC0415

        d = dict(src_dict)
        _cluster = d.pop("cluster", UNSET)
        cluster: ObjectReference | Unset
        if isinstance(_cluster, Unset):
            cluster = UNSET
        else:
            cluster = ObjectReference.from_dict(_cluster)

        status = d.pop("status", UNSET)

        reason = d.pop("reason", UNSET)

        cloud_space_cluster_ref = cls(
            cluster=cluster,
            status=status,
            reason=reason,
        )

        cloud_space_cluster_ref.additional_properties = d
        return cloud_space_cluster_ref

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
