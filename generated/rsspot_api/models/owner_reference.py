from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="OwnerReference")


@_attrs_define
class OwnerReference:
    """Points at the object that owns this one.

    Attributes:
        api_version (str): API group and version of the owner.
        kind (str): Kind of the owner.
        name (str): Name of the owner.
        uid (str): Uid of the owner.
        controller (bool | Unset): Whether the owner manages this object.
        block_owner_deletion (bool | Unset): Whether the owner has to outlive this object in a foreground deletion.
    """

    api_version: str
    kind: str
    name: str
    uid: str
    controller: bool | Unset = UNSET
    block_owner_deletion: bool | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        api_version = self.api_version

        kind = self.kind

        name = self.name

        uid = self.uid

        controller = self.controller

        block_owner_deletion = self.block_owner_deletion

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "apiVersion": api_version,
                "kind": kind,
                "name": name,
                "uid": uid,
            }
        )
        if controller is not UNSET:
            field_dict["controller"] = controller
        if block_owner_deletion is not UNSET:
            field_dict["blockOwnerDeletion"] = block_owner_deletion

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        api_version = d.pop("apiVersion")

        kind = d.pop("kind")

        name = d.pop("name")

        uid = d.pop("uid")

        controller = d.pop("controller", UNSET)

        block_owner_deletion = d.pop("blockOwnerDeletion", UNSET)

        owner_reference = cls(
            api_version=api_version,
            kind=kind,
            name=name,
            uid=uid,
            controller=controller,
            block_owner_deletion=block_owner_deletion,
        )

        owner_reference.additional_properties = d
        return owner_reference

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
