from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast


T = TypeVar("T", bound="ListMeta")


@_attrs_define
class ListMeta:
    """What a list carries beside its items.

    Attributes:
        resource_version (str | Unset): The version of an object or list. Decimal digits, yet to be compared for
            equality only.
        continue_ (str | Unset): Where the next page begins. Empty or absent on the last one.
        remaining_item_count (int | None | Unset): How many items follow on later pages, where the server knows it.
        self_link (str | Unset): A historical URL of the list; newer servers leave it out.
    """

    resource_version: str | Unset = UNSET
    continue_: str | Unset = UNSET
    remaining_item_count: int | None | Unset = UNSET
    self_link: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        resource_version = self.resource_version

        continue_ = self.continue_

        remaining_item_count: int | None | Unset
        if isinstance(self.remaining_item_count, Unset):
            remaining_item_count = UNSET
        else:
            remaining_item_count = self.remaining_item_count

        self_link = self.self_link

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if resource_version is not UNSET:
            field_dict["resourceVersion"] = resource_version
        if continue_ is not UNSET:
            field_dict["continue"] = continue_
        if remaining_item_count is not UNSET:
            field_dict["remainingItemCount"] = remaining_item_count
        if self_link is not UNSET:
            field_dict["selfLink"] = self_link

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        resource_version = d.pop("resourceVersion", UNSET)

        continue_ = d.pop("continue", UNSET)

        def _parse_remaining_item_count(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        remaining_item_count = _parse_remaining_item_count(
            d.pop("remainingItemCount", UNSET)
        )

        self_link = d.pop("selfLink", UNSET)

        list_meta = cls(
            resource_version=resource_version,
            continue_=continue_,
            remaining_item_count=remaining_item_count,
            self_link=self_link,
        )

        list_meta.additional_properties = d
        return list_meta

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
