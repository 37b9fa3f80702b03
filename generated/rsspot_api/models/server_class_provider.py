from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset


T = TypeVar("T", bound="ServerClassProvider")


@_attrs_define
class ServerClassProvider:
    """The infrastructure beneath a server class.

    Attributes:
        provider_type (str): Kind of infrastructure, for example `ospc` or `ironic`.
        provider_flavor_id (str): What the provider itself calls this kind of server.
    """

    provider_type: str
    provider_flavor_id: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        provider_type = self.provider_type

        provider_flavor_id = self.provider_flavor_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "providerType": provider_type,
                "providerFlavorID": provider_flavor_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        provider_type = d.pop("providerType")

        provider_flavor_id = d.pop("providerFlavorID")

        server_class_provider = cls(
            provider_type=provider_type,
            provider_flavor_id=provider_flavor_id,
        )

        server_class_provider.additional_properties = d
        return server_class_provider

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
