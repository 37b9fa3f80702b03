from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast


T = TypeVar("T", bound="Bid")


@_attrs_define
class Bid:
    """What one pool won.

    Attributes:
        bid_name (str): Name of the bid, which is that of its node pool.
        type_ (str): Spot or on demand; the exact spellings are not known.
        won_count (int | None | Unset): Servers won. Null or absent before the first auction.
    """

    bid_name: str
    type_: str
    won_count: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        bid_name = self.bid_name

        type_ = self.type_

        won_count: int | None | Unset
        if isinstance(self.won_count, Unset):
            won_count = UNSET
        else:
            won_count = self.won_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "bidName": bid_name,
                "type": type_,
            }
        )
        if won_count is not UNSET:
            field_dict["wonCount"] = won_count

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        bid_name = d.pop("bidName")

        type_ = d.pop("type")

        def _parse_won_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        won_count = _parse_won_count(d.pop("wonCount", UNSET))

        bid = cls(
            bid_name=bid_name,
            type_=type_,
            won_count=won_count,
        )

        bid.additional_properties = d
        return bid

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
