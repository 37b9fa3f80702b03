from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.percentile_regions import PercentileRegions


T = TypeVar("T", bound="PricePercentiles")


@_attrs_define
class PricePercentiles:
    """Current market prices and percentiles of past ones, of all regions.

    Attributes:
        regions (PercentileRegions | Unset): Regions by name.
    """

    regions: PercentileRegions | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.percentile_regions import PercentileRegions  # noqa: PLC0415

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
        from ..models.percentile_regions import PercentileRegions  # noqa: PLC0415

        d = dict(src_dict)
        _regions = d.pop("regions", UNSET)
        regions: PercentileRegions | Unset
        if isinstance(_regions, Unset):
            regions = UNSET
        else:
            regions = PercentileRegions.from_dict(_regions)

        price_percentiles = cls(
            regions=regions,
        )

        price_percentiles.additional_properties = d
        return price_percentiles

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
