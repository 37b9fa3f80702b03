from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="AssignedServer")


@_attrs_define
class AssignedServer:
    """A server of a cloudspace.

    Attributes:
        server_name (str | Unset): Name of the server.
        server_class_name (str | Unset): Name of its server class.
        server_type (str | Unset): Spot or on demand.
        cluster_role (str | Unset): Its part in the cluster.
        state (str | Unset): Where it is in its life; values are not known.
        error (str | Unset): What went wrong with it, if anything.
        ip (str | Unset): Its address. Two capitals.
    """

    server_name: str | Unset = UNSET
    server_class_name: str | Unset = UNSET
    server_type: str | Unset = UNSET
    cluster_role: str | Unset = UNSET
    state: str | Unset = UNSET
    error: str | Unset = UNSET
    ip: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        server_name = self.server_name

        server_class_name = self.server_class_name

        server_type = self.server_type

        cluster_role = self.cluster_role

        state = self.state

        error = self.error

        ip = self.ip

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if server_name is not UNSET:
            field_dict["serverName"] = server_name
        if server_class_name is not UNSET:
            field_dict["serverClassName"] = server_class_name
        if server_type is not UNSET:
            field_dict["serverType"] = server_type
        if cluster_role is not UNSET:
            field_dict["clusterRole"] = cluster_role
        if state is not UNSET:
            field_dict["state"] = state
        if error is not UNSET:
            field_dict["error"] = error
        if ip is not UNSET:
            field_dict["IP"] = ip

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        server_name = d.pop("serverName", UNSET)

        server_class_name = d.pop("serverClassName", UNSET)

        server_type = d.pop("serverType", UNSET)

        cluster_role = d.pop("clusterRole", UNSET)

        state = d.pop("state", UNSET)

        error = d.pop("error", UNSET)

        ip = d.pop("IP", UNSET)

        assigned_server = cls(
            server_name=server_name,
            server_class_name=server_class_name,
            server_type=server_type,
            cluster_role=cluster_role,
            state=state,
            error=error,
            ip=ip,
        )

        assigned_server.additional_properties = d
        return assigned_server

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
