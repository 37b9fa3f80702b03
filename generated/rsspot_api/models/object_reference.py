from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="ObjectReference")


@_attrs_define
class ObjectReference:
    """Points at a Kubernetes object on the management side of the service.

    Attributes:
        api_version (str | Unset): API group and version.
        kind (str | Unset): Kind.
        name (str | Unset): Name.
        namespace (str | Unset): Namespace.
        uid (str | Unset): Uid.
        resource_version (str | Unset): Version of the object that is meant.
        field_path (str | Unset): Path of a part of the object, when only a part is meant.
    """

    api_version: str | Unset = UNSET
    kind: str | Unset = UNSET
    name: str | Unset = UNSET
    namespace: str | Unset = UNSET
    uid: str | Unset = UNSET
    resource_version: str | Unset = UNSET
    field_path: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        api_version = self.api_version

        kind = self.kind

        name = self.name

        namespace = self.namespace

        uid = self.uid

        resource_version = self.resource_version

        field_path = self.field_path

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if api_version is not UNSET:
            field_dict["apiVersion"] = api_version
        if kind is not UNSET:
            field_dict["kind"] = kind
        if name is not UNSET:
            field_dict["name"] = name
        if namespace is not UNSET:
            field_dict["namespace"] = namespace
        if uid is not UNSET:
            field_dict["uid"] = uid
        if resource_version is not UNSET:
            field_dict["resourceVersion"] = resource_version
        if field_path is not UNSET:
            field_dict["fieldPath"] = field_path

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        api_version = d.pop("apiVersion", UNSET)

        kind = d.pop("kind", UNSET)

        name = d.pop("name", UNSET)

        namespace = d.pop("namespace", UNSET)

        uid = d.pop("uid", UNSET)

        resource_version = d.pop("resourceVersion", UNSET)

        field_path = d.pop("fieldPath", UNSET)

        object_reference = cls(
            api_version=api_version,
            kind=kind,
            name=name,
            namespace=namespace,
            uid=uid,
            resource_version=resource_version,
            field_path=field_path,
        )

        object_reference.additional_properties = d
        return object_reference

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
