from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast


T = TypeVar("T", bound="VMPoolStatus")


@_attrs_define
class VMPoolStatus:
    """How the bid fares.

    Attributes:
        bid_status (str | Unset): State of the bid, with the values of a spot node pool.
        won_count (int | None | Unset): Machines won. Null or absent before the first auction.
    """

    bid_status: str | Unset = UNSET
    won_count: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bid_status = self.bid_status

        won_count: int | None | Unset
        if isinstance(self.won_count, Unset):
            won_count = UNSET
        else:
            won_count = self.won_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if bid_status is not UNSET:
            field_dict["bidStatus"] = bid_status
        if won_count is not UNSET:
            field_dict["wonCount"] = won_count

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        bid_status = d.pop("bidStatus", UNSET)

        def _parse_won_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        won_count = _parse_won_count(d.pop("wonCount", UNSET))

        vm_pool_status = cls(
            bid_status=bid_status,
            won_count=won_count,
        )

        vm_pool_status.additional_properties = d
        return vm_pool_status

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
