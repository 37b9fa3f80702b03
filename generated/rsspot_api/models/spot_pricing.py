from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset


T = TypeVar("T", bound="SpotPricing")


@_attrs_define
class SpotPricing:
    """What the auction came to.

    Attributes:
        market_price_per_hour (str): US dollars for an hour, a decimal number without a currency sign.
        hammer_price_per_hour (str): US dollars for an hour, a decimal number without a currency sign.
    """

    market_price_per_hour: str
    hammer_price_per_hour: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        market_price_per_hour = self.market_price_per_hour

        hammer_price_per_hour = self.hammer_price_per_hour

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "marketPricePerHour": market_price_per_hour,
                "hammerPricePerHour": hammer_price_per_hour,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        market_price_per_hour = d.pop("marketPricePerHour")

        hammer_price_per_hour = d.pop("hammerPricePerHour")

        spot_pricing = cls(
            market_price_per_hour=market_price_per_hour,
            hammer_price_per_hour=hammer_price_per_hour,
        )

        spot_pricing.additional_properties = d
        return spot_pricing

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
