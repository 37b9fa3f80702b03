from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="KubeconfigData")


@_attrs_define
class KubeconfigData:
    """The content of the answer.

    Attributes:
        kubeconfig (str | Unset): A kubeconfig as YAML text. It names the cluster's endpoint with `insecure-skip-tls-
            verify: true`, because no public authority signs its certificate; a user `ngpc-user` with a static token that
            dies like any bearer; and a user that signs in through the `oidc-login` plug-in. It is a secret.
    """

    kubeconfig: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kubeconfig = self.kubeconfig

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if kubeconfig is not UNSET:
            field_dict["kubeconfig"] = kubeconfig

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kubeconfig = d.pop("kubeconfig", UNSET)

        kubeconfig_data = cls(
            kubeconfig=kubeconfig,
        )

        kubeconfig_data.additional_properties = d
        return kubeconfig_data

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
