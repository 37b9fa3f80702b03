from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime

if TYPE_CHECKING:
    from ..models.fields_v1 import FieldsV1


T = TypeVar("T", bound="ManagedFieldsEntry")


@_attrs_define
class ManagedFieldsEntry:
    """One client's claim on fields of an object.

    Attributes:
        api_version (str | Unset): API version in which the fields are named.
        fields_type (str | Unset): Format of `fieldsV1`; so far always `FieldsV1`.
        fields_v1 (FieldsV1 | Unset): A set of fields in the Kubernetes notation, nested by path. Opaque here.
        manager (str | Unset): Name of the client.
        operation (str | Unset): `Apply` or `Update`.
        subresource (str | Unset): Through which subresource the change came, if any.
        time (datetime.datetime | None | Unset): When the claim was made or last changed.
    """

    api_version: str | Unset = UNSET
    fields_type: str | Unset = UNSET
    fields_v1: FieldsV1 | Unset = UNSET
    manager: str | Unset = UNSET
    operation: str | Unset = UNSET
    subresource: str | Unset = UNSET
    time: datetime.datetime | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.fields_v1 import FieldsV1  # noqa: PLC0415

        api_version = self.api_version

        fields_type = self.fields_type

        fields_v1: dict[str, Any] | Unset = UNSET
        if not isinstance(self.fields_v1, Unset):
            fields_v1 = self.fields_v1.to_dict()

        manager = self.manager

        operation = self.operation

        subresource = self.subresource

        time: None | str | Unset
        if isinstance(self.time, Unset):
            time = UNSET
        elif isinstance(self.time, datetime.datetime):
            time = self.time.isoformat()
        else:
            time = self.time

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if api_version is not UNSET:
            field_dict["apiVersion"] = api_version
        if fields_type is not UNSET:
            field_dict["fieldsType"] = fields_type
        if fields_v1 is not UNSET:
            field_dict["fieldsV1"] = fields_v1
        if manager is not UNSET:
            field_dict["manager"] = manager
        if operation is not UNSET:
            field_dict["operation"] = operation
        if subresource is not UNSET:
            field_dict["subresource"] = subresource
        if time is not UNSET:
            field_dict["time"] = time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.fields_v1 import FieldsV1  # noqa: PLC0415

        d = dict(src_dict)
        api_version = d.pop("apiVersion", UNSET)

        fields_type = d.pop("fieldsType", UNSET)

        _fields_v1 = d.pop("fieldsV1", UNSET)
        fields_v1: FieldsV1 | Unset
        if isinstance(_fields_v1, Unset):
            fields_v1 = UNSET
        else:
            fields_v1 = FieldsV1.from_dict(_fields_v1)

        manager = d.pop("manager", UNSET)

        operation = d.pop("operation", UNSET)

        subresource = d.pop("subresource", UNSET)

        def _parse_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                time_type_0 = datetime.datetime.fromisoformat(data)

                return time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        time = _parse_time(d.pop("time", UNSET))

        managed_fields_entry = cls(
            api_version=api_version,
            fields_type=fields_type,
            fields_v1=fields_v1,
            manager=manager,
            operation=operation,
            subresource=subresource,
            time=time,
        )

        managed_fields_entry.additional_properties = d
        return managed_fields_entry

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
