from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.spot_pricing import SpotPricing


T = TypeVar("T", bound="ServerClassStatus")


@_attrs_define
class ServerClassStatus:
    """Stock and prices of the moment.

    Attributes:
        available (int | Unset): Servers that are free.
        capacity (int | Unset): All servers of the class, whether in operation or not.
        reserved (int | Unset): Servers in use.
        last_auction (int | Unset): When the auction last ran; presumably seconds since 1970 in UTC.
        spot_pricing (SpotPricing | Unset): What the auction came to.
    """

    available: int | Unset = UNSET
    capacity: int | Unset = UNSET
    reserved: int | Unset = UNSET
    last_auction: int | Unset = UNSET
    spot_pricing: SpotPricing | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.spot_pricing import SpotPricing  # noqa: PLC0415

        available = self.available

        capacity = self.capacity

        reserved = self.reserved

        last_auction = self.last_auction

        spot_pricing: dict[str, Any] | Unset = UNSET
        if not isinstance(self.spot_pricing, Unset):
            spot_pricing = self.spot_pricing.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if available is not UNSET:
            field_dict["available"] = available
        if capacity is not UNSET:
            field_dict["capacity"] = capacity
        if reserved is not UNSET:
            field_dict["reserved"] = reserved
        if last_auction is not UNSET:
            field_dict["lastAuction"] = last_auction
        if spot_pricing is not UNSET:
            field_dict["spotPricing"] = spot_pricing

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.spot_pricing import SpotPricing  # noqa: PLC0415

        d = dict(src_dict)
        available = d.pop("available", UNSET)

        capacity = d.pop("capacity", UNSET)

        reserved = d.pop("reserved", UNSET)

        last_auction = d.pop("lastAuction", UNSET)

        _spot_pricing = d.pop("spotPricing", UNSET)
        spot_pricing: SpotPricing | Unset
        if isinstance(_spot_pricing, Unset):
            spot_pricing = UNSET
        else:
            spot_pricing = SpotPricing.from_dict(_spot_pricing)

        server_class_status = cls(
            available=available,
            capacity=capacity,
            reserved=reserved,
            last_auction=last_auction,
            spot_pricing=spot_pricing,
        )

        server_class_status.additional_properties = d
        return server_class_status

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
