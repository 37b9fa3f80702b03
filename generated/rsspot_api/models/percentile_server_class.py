from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="PercentileServerClass")


@_attrs_define
class PercentileServerClass:
    """Prices of one server class, in US dollars for a server and hour.

    Attributes:
        display_name (str | Unset): Name for people.
        category (str | Unset): What it is good for.
        description (str | Unset): Text about the region, in spite of the name.
        cpu (str | Unset): Number of virtual CPUs, as text.
        memory (str | Unset): Memory, as in `3.75GB`.
        market_price (str | Unset): The market price now, a string with six decimals and no currency sign.
        p20_percentile (float | Unset): A fifth of past prices were not above this. Carries binary noise.
        p50_percentile (float | Unset): The median of past prices. Carries binary noise.
        p80_percentile (float | Unset): Four fifths of past prices were not above this. Carries binary noise.
    """

    display_name: str | Unset = UNSET
    category: str | Unset = UNSET
    description: str | Unset = UNSET
    cpu: str | Unset = UNSET
    memory: str | Unset = UNSET
    market_price: str | Unset = UNSET
    p20_percentile: float | Unset = UNSET
    p50_percentile: float | Unset = UNSET
    p80_percentile: float | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        display_name = self.display_name

        category = self.category

        description = self.description

        cpu = self.cpu

        memory = self.memory

        market_price = self.market_price

        p20_percentile = self.p20_percentile

        p50_percentile = self.p50_percentile

        p80_percentile = self.p80_percentile

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if display_name is not UNSET:
            field_dict["display_name"] = display_name
        if category is not UNSET:
            field_dict["category"] = category
        if description is not UNSET:
            field_dict["description"] = description
        if cpu is not UNSET:
            field_dict["cpu"] = cpu
        if memory is not UNSET:
            field_dict["memory"] = memory
        if market_price is not UNSET:
            field_dict["market_price"] = market_price
        if p20_percentile is not UNSET:
            field_dict["20_percentile"] = p20_percentile
        if p50_percentile is not UNSET:
            field_dict["50_percentile"] = p50_percentile
        if p80_percentile is not UNSET:
            field_dict["80_percentile"] = p80_percentile

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        display_name = d.pop("display_name", UNSET)

        category = d.pop("category", UNSET)

        description = d.pop("description", UNSET)

        cpu = d.pop("cpu", UNSET)

        memory = d.pop("memory", UNSET)

        market_price = d.pop("market_price", UNSET)

        p20_percentile = d.pop("20_percentile", UNSET)

        p50_percentile = d.pop("50_percentile", UNSET)

        p80_percentile = d.pop("80_percentile", UNSET)

        percentile_server_class = cls(
            display_name=display_name,
            category=category,
            description=description,
            cpu=cpu,
            memory=memory,
            market_price=market_price,
            p20_percentile=p20_percentile,
            p50_percentile=p50_percentile,
            p80_percentile=p80_percentile,
        )

        percentile_server_class.additional_properties = d
        return percentile_server_class

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
