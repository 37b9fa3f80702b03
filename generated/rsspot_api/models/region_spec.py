from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.region_provider import RegionProvider


T = TypeVar("T", bound="RegionSpec")


@_attrs_define
class RegionSpec:
    """What a region is.

    Attributes:
        provider (RegionProvider): The infrastructure beneath a region.
        country (str | Unset): Country, as the three letters of ISO 3166-1, for example `USA`.
        description (str | Unset): Where it is, for people, for example `US East, Ashburn, VA`.
        generation (str | Unset): Generation of the infrastructure, `v1` or `v2` so far. It decides which server classes
            exist there, and newer ones provide servers faster.
    """

    provider: RegionProvider
    country: str | Unset = UNSET
    description: str | Unset = UNSET
    generation: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.region_provider import RegionProvider  # noqa: PLC0415

        provider = self.provider.to_dict()

        country = self.country

        description = self.description

        generation = self.generation

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "provider": provider,
            }
        )
        if country is not UNSET:
            field_dict["country"] = country
        if description is not UNSET:
            field_dict["description"] = description
        if generation is not UNSET:
            field_dict["generation"] = generation

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.region_provider import RegionProvider  # noqa: PLC0415

        d = dict(src_dict)
        provider = RegionProvider.from_dict(d.pop("provider"))

        country = d.pop("country", UNSET)

        description = d.pop("description", UNSET)

        generation = d.pop("generation", UNSET)

        region_spec = cls(
            provider=provider,
            country=country,
            description=description,
            generation=generation,
        )

        region_spec.additional_properties = d
        return region_spec

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
