from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="Comparable")


@_attrs_define
class Comparable:
    """A server of another provider.

    Attributes:
        cloud (str | Unset): The provider, for example `aws`.
        class_ (str | Unset): What the provider calls the server, for example `t3.medium`.
        price (str | Unset): US dollars an hour, with a currency sign.
    """

    cloud: str | Unset = UNSET
    class_: str | Unset = UNSET
    price: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cloud = self.cloud

        class_ = self.class_

        price = self.price

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if cloud is not UNSET:
            field_dict["cloud"] = cloud
        if class_ is not UNSET:
            field_dict["class"] = class_
        if price is not UNSET:
            field_dict["price"] = price

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cloud = d.pop("cloud", UNSET)

        class_ = d.pop("class", UNSET)

        price = d.pop("price", UNSET)

        comparable = cls(
            cloud=cloud,
            class_=class_,
            price=price,
        )

        comparable.additional_properties = d
        return comparable

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
