from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="PricePoint")


@_attrs_define
class PricePoint:
    """The outcome of one auction.

    Attributes:
        run_at (int | Unset): When it ran, in seconds since 1970 in UTC.
        hammer_price (float | Unset): US dollars for a server and hour. A number here, not a string.
    """

    run_at: int | Unset = UNSET
    hammer_price: float | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        run_at = self.run_at

        hammer_price = self.hammer_price

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if run_at is not UNSET:
            field_dict["run_at"] = run_at
        if hammer_price is not UNSET:
            field_dict["hammer_price"] = hammer_price

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        run_at = d.pop("run_at", UNSET)

        hammer_price = d.pop("hammer_price", UNSET)

        price_point = cls(
            run_at=run_at,
            hammer_price=hammer_price,
        )

        price_point.additional_properties = d
        return price_point

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
