from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime


T = TypeVar("T", bound="ServerReleased")


@_attrs_define
class ServerReleased:
    """Tells that a server is about to be taken away. It does not say why, and carries no signature. The capitals are
    irregular.

        Attributes:
            cloudspace (str | Unset): Name of the cloudspace.
            server (str | Unset): Identifier of the server, a UUID.
            ip (str | Unset): Address of the server.
            time (datetime.datetime | Unset): When the notice was written, in UTC.
    """

    cloudspace: str | Unset = UNSET
    server: str | Unset = UNSET
    ip: str | Unset = UNSET
    time: datetime.datetime | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cloudspace = self.cloudspace

        server = self.server

        ip = self.ip

        time: str | Unset = UNSET
        if not isinstance(self.time, Unset):
            time = self.time.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if cloudspace is not UNSET:
            field_dict["cloudspace"] = cloudspace
        if server is not UNSET:
            field_dict["Server"] = server
        if ip is not UNSET:
            field_dict["IP"] = ip
        if time is not UNSET:
            field_dict["Time"] = time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cloudspace = d.pop("cloudspace", UNSET)

        server = d.pop("Server", UNSET)

        ip = d.pop("IP", UNSET)

        _time = d.pop("Time", UNSET)
        time: datetime.datetime | Unset
        if isinstance(_time, Unset):
            time = UNSET
        else:
            time = datetime.datetime.fromisoformat(_time)

        server_released = cls(
            cloudspace=cloudspace,
            server=server,
            ip=ip,
            time=time,
        )

        server_released.additional_properties = d
        return server_released

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
