from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="ServerClassResources")


@_attrs_define
class ServerClassResources:
    """What one server has.

    Attributes:
        cpu (str | Unset): Number of virtual CPUs, as text.
        memory (str | Unset): Memory as a decimal number and `GB`, for example `3.75GB`.
        disk (str | Unset): Local disk, in the same notation. Absent for bare metal and some deprecated classes.
        gpu (str | Unset): Graphics processors, if it has any.
    """

    cpu: str | Unset = UNSET
    memory: str | Unset = UNSET
    disk: str | Unset = UNSET
    gpu: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        cpu = self.cpu

        memory = self.memory

        disk = self.disk

        gpu = self.gpu

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if cpu is not UNSET:
            field_dict["cpu"] = cpu
        if memory is not UNSET:
            field_dict["memory"] = memory
        if disk is not UNSET:
            field_dict["disk"] = disk
        if gpu is not UNSET:
            field_dict["gpu"] = gpu

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        cpu = d.pop("cpu", UNSET)

        memory = d.pop("memory", UNSET)

        disk = d.pop("disk", UNSET)

        gpu = d.pop("gpu", UNSET)

        server_class_resources = cls(
            cpu=cpu,
            memory=memory,
            disk=disk,
            gpu=gpu,
        )

        server_class_resources.additional_properties = d
        return server_class_resources

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
