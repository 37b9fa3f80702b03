from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.custom_metadata_status import CustomMetadataStatus


T = TypeVar("T", bound="OnDemandNodePoolStatus")


@_attrs_define
class OnDemandNodePoolStatus:
    """How the reservation fares.

    Attributes:
        reserved_status (str | Unset): State of the reservation. `Reserved` occurs in tests; none was seen live.
        reserved_count (int | None | Unset): Servers reserved. Null or absent at first.
        custom_metadata_status (CustomMetadataStatus | Unset): Keys of the custom metadata that is on the nodes now.
    """

    reserved_status: str | Unset = UNSET
    reserved_count: int | None | Unset = UNSET
    custom_metadata_status: CustomMetadataStatus | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.custom_metadata_status import CustomMetadataStatus  # noqa: PLC0415

        reserved_status = self.reserved_status

        reserved_count: int | None | Unset
        if isinstance(self.reserved_count, Unset):
            reserved_count = UNSET
        else:
            reserved_count = self.reserved_count

        custom_metadata_status: dict[str, Any] | Unset = UNSET
        if not isinstance(self.custom_metadata_status, Unset):
            custom_metadata_status = self.custom_metadata_status.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if reserved_status is not UNSET:
            field_dict["reservedStatus"] = reserved_status
        if reserved_count is not UNSET:
            field_dict["reservedCount"] = reserved_count
        if custom_metadata_status is not UNSET:
            field_dict["customMetadataStatus"] = custom_metadata_status

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.custom_metadata_status import CustomMetadataStatus  # noqa: PLC0415

        d = dict(src_dict)
        reserved_status = d.pop("reservedStatus", UNSET)

        def _parse_reserved_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        reserved_count = _parse_reserved_count(d.pop("reservedCount", UNSET))

        _custom_metadata_status = d.pop("customMetadataStatus", UNSET)
        custom_metadata_status: CustomMetadataStatus | Unset
        if isinstance(_custom_metadata_status, Unset):
            custom_metadata_status = UNSET
        else:
            custom_metadata_status = CustomMetadataStatus.from_dict(
                _custom_metadata_status
            )

        on_demand_node_pool_status = cls(
            reserved_status=reserved_status,
            reserved_count=reserved_count,
            custom_metadata_status=custom_metadata_status,
        )

        on_demand_node_pool_status.additional_properties = d
        return on_demand_node_pool_status

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
