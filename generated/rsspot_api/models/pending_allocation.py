from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="PendingAllocation")


@_attrs_define
class PendingAllocation:
    """Servers of one class on their way.

    Attributes:
        server_class_name (str): Name of the server class.
        count (int): How many are wanted.
        allocated_count (int): How many of them were found.
        bid_name (str | Unset): Name of the node pool that they are for.
        bid_type (str | Unset): Type of the bid that they are for.
    """

    server_class_name: str
    count: int
    allocated_count: int
    bid_name: str | Unset = UNSET
    bid_type: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        server_class_name = self.server_class_name

        count = self.count

        allocated_count = self.allocated_count

        bid_name = self.bid_name

        bid_type = self.bid_type

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "serverClassName": server_class_name,
                "count": count,
                "allocatedCount": allocated_count,
            }
        )
        if bid_name is not UNSET:
            field_dict["bidName"] = bid_name
        if bid_type is not UNSET:
            field_dict["bidType"] = bid_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        server_class_name = d.pop("serverClassName")

        count = d.pop("count")

        allocated_count = d.pop("allocatedCount")

        bid_name = d.pop("bidName", UNSET)

        bid_type = d.pop("bidType", UNSET)

        pending_allocation = cls(
            server_class_name=server_class_name,
            count=count,
            allocated_count=allocated_count,
            bid_name=bid_name,
            bid_type=bid_type,
        )

        pending_allocation.additional_properties = d
        return pending_allocation

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
