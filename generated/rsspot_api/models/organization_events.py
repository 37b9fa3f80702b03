from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast


T = TypeVar("T", bound="OrganizationEvents")


@_attrs_define
class OrganizationEvents:
    """What happened in an organization.

    Attributes:
        org_id (str | Unset): Identifier of the organization.
        cloudspace_id (None | str | Unset): The cloudspace, if the answer is about one only.
        type_ (None | str | Unset): What the answer is about.
        events (list[list[str]] | Unset): The events.
    """

    org_id: str | Unset = UNSET
    cloudspace_id: None | str | Unset = UNSET
    type_: None | str | Unset = UNSET
    events: list[list[str]] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        org_id = self.org_id

        cloudspace_id: None | str | Unset
        if isinstance(self.cloudspace_id, Unset):
            cloudspace_id = UNSET
        else:
            cloudspace_id = self.cloudspace_id

        type_: None | str | Unset
        if isinstance(self.type_, Unset):
            type_ = UNSET
        else:
            type_ = self.type_

        events: list[list[str]] | Unset = UNSET
        if not isinstance(self.events, Unset):
            events = []
            for events_item_data in self.events:
                events_item = events_item_data

                events.append(events_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if org_id is not UNSET:
            field_dict["org_id"] = org_id
        if cloudspace_id is not UNSET:
            field_dict["cloudspace_id"] = cloudspace_id
        if type_ is not UNSET:
            field_dict["type"] = type_
        if events is not UNSET:
            field_dict["events"] = events

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        org_id = d.pop("org_id", UNSET)

        def _parse_cloudspace_id(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cloudspace_id = _parse_cloudspace_id(d.pop("cloudspace_id", UNSET))

        def _parse_type_(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        type_ = _parse_type_(d.pop("type", UNSET))

        _events = d.pop("events", UNSET)
        events: list[list[str]] | Unset = UNSET
        if _events is not UNSET:
            events = []
            for events_item_data in _events:
                events_item = cast(list[str], events_item_data)

                events.append(events_item)

        organization_events = cls(
            org_id=org_id,
            cloudspace_id=cloudspace_id,
            type_=type_,
            events=events,
        )

        organization_events.additional_properties = d
        return organization_events

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
