from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="VMAssignedServer")


@_attrs_define
class VMAssignedServer:
    """A machine of a VM cloudspace.

    Attributes:
        server_name (str | Unset): Name of the machine.
        display_name (str | Unset): Name for people.
        server_class_name (str | Unset): Name of its server class.
        server_type (str | Unset): Spot or on demand.
        node_pool_name (str | Unset): Name of its VM pool.
        ip_address (str | Unset): Its address. On a cloudspace's servers this is called `IP`.
        cpu (str | Unset): Number of virtual CPUs, as text.
        memory (str | Unset): Memory, as in `4GB`.
        state (str | Unset): Where it is in its life; values are not known.
        error (str | Unset): What went wrong with it, if anything.
    """

    server_name: str | Unset = UNSET
    display_name: str | Unset = UNSET
    server_class_name: str | Unset = UNSET
    server_type: str | Unset = UNSET
    node_pool_name: str | Unset = UNSET
    ip_address: str | Unset = UNSET
    cpu: str | Unset = UNSET
    memory: str | Unset = UNSET
    state: str | Unset = UNSET
    error: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        server_name = self.server_name

        display_name = self.display_name

        server_class_name = self.server_class_name

        server_type = self.server_type

        node_pool_name = self.node_pool_name

        ip_address = self.ip_address

        cpu = self.cpu

        memory = self.memory

        state = self.state

        error = self.error

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if server_name is not UNSET:
            field_dict["serverName"] = server_name
        if display_name is not UNSET:
            field_dict["displayName"] = display_name
        if server_class_name is not UNSET:
            field_dict["serverClassName"] = server_class_name
        if server_type is not UNSET:
            field_dict["serverType"] = server_type
        if node_pool_name is not UNSET:
            field_dict["nodePoolName"] = node_pool_name
        if ip_address is not UNSET:
            field_dict["ipAddress"] = ip_address
        if cpu is not UNSET:
            field_dict["cpu"] = cpu
        if memory is not UNSET:
            field_dict["memory"] = memory
        if state is not UNSET:
            field_dict["state"] = state
        if error is not UNSET:
            field_dict["error"] = error

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        server_name = d.pop("serverName", UNSET)

        display_name = d.pop("displayName", UNSET)

        server_class_name = d.pop("serverClassName", UNSET)

        server_type = d.pop("serverType", UNSET)

        node_pool_name = d.pop("nodePoolName", UNSET)

        ip_address = d.pop("ipAddress", UNSET)

        cpu = d.pop("cpu", UNSET)

        memory = d.pop("memory", UNSET)

        state = d.pop("state", UNSET)

        error = d.pop("error", UNSET)

        vm_assigned_server = cls(
            server_name=server_name,
            display_name=display_name,
            server_class_name=server_class_name,
            server_type=server_type,
            node_pool_name=node_pool_name,
            ip_address=ip_address,
            cpu=cpu,
            memory=memory,
            state=state,
            error=error,
        )

        vm_assigned_server.additional_properties = d
        return vm_assigned_server

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
