from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset


T = TypeVar("T", bound="KubeconfigRequest")


@_attrs_define
class KubeconfigRequest:
    """Whose kubeconfig is wanted, and the right to have it.

    Attributes:
        organization_name (str): The organization's `name`; neither its id nor its namespace.
        cloudspace_name (str): Name of the cloudspace.
        refresh_token (str): A refresh token of that organization. It takes the place of a bearer here.
    """

    organization_name: str
    cloudspace_name: str
    refresh_token: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        organization_name = self.organization_name

        cloudspace_name = self.cloudspace_name

        refresh_token = self.refresh_token

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "organization_name": organization_name,
                "cloudspace_name": cloudspace_name,
                "refresh_token": refresh_token,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        organization_name = d.pop("organization_name")

        cloudspace_name = d.pop("cloudspace_name")

        refresh_token = d.pop("refresh_token")

        kubeconfig_request = cls(
            organization_name=organization_name,
            cloudspace_name=cloudspace_name,
            refresh_token=refresh_token,
        )

        kubeconfig_request.additional_properties = d
        return kubeconfig_request

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
