from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.comparable_regions import ComparableRegions


T = TypeVar("T", bound="ComparablePrices")


@_attrs_define
class ComparablePrices:
    """What comparable servers cost elsewhere.

    Attributes:
        regions (ComparableRegions | Unset): Regions by name.
    """

    regions: ComparableRegions | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.comparable_regions import ComparableRegions  # noqa: PLC0415

        regions: dict[str, Any] | Unset = UNSET
        if not isinstance(self.regions, Unset):
            regions = self.regions.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if regions is not UNSET:
            field_dict["regions"] = regions

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.comparable_regions import ComparableRegions  # noqa: PLC0415

        d = dict(src_dict)
        _regions = d.pop("regions", UNSET)
        regions: ComparableRegions | Unset
        if isinstance(_regions, Unset):
            regions = UNSET
        else:
            regions = ComparableRegions.from_dict(_regions)

        comparable_prices = cls(
            regions=regions,
        )

        comparable_prices.additional_properties = d
        return comparable_prices

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
