from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast


T = TypeVar("T", bound="VMPoolSpecPatch")


@_attrs_define
class VMPoolSpecPatch:
    """The members of a VM pool's spec that clients change.

    Attributes:
        desired (int | None | Unset): How many machines are wanted.
        bid_price (None | str | Unset): The new bid.
    """

    desired: int | None | Unset = UNSET
    bid_price: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        desired: int | None | Unset
        if isinstance(self.desired, Unset):
            desired = UNSET
        else:
            desired = self.desired

        bid_price: None | str | Unset
        if isinstance(self.bid_price, Unset):
            bid_price = UNSET
        else:
            bid_price = self.bid_price

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if desired is not UNSET:
            field_dict["desired"] = desired
        if bid_price is not UNSET:
            field_dict["bidPrice"] = bid_price

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_desired(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        desired = _parse_desired(d.pop("desired", UNSET))

        def _parse_bid_price(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        bid_price = _parse_bid_price(d.pop("bidPrice", UNSET))

        vm_pool_spec_patch = cls(
            desired=desired,
            bid_price=bid_price,
        )

        vm_pool_spec_patch.additional_properties = d
        return vm_pool_spec_patch

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
