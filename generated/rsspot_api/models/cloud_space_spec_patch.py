from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast


T = TypeVar("T", bound="CloudSpaceSpecPatch")


@_attrs_define
class CloudSpaceSpecPatch:
    """The members of a cloudspace's spec that clients change.

    Attributes:
        kubernetes_version (str | Unset): Another version starts an upgrade.
        ha_control_plane (bool | None | Unset): Whether the control plane is highly available.
        webhook (None | str | Unset): Another URL to call before servers are taken away; `null` for none.
        cni (None | str | Unset): Another network plug-in. One client tries it; others say it cannot be done.
        gpu_enabled (bool | None | Unset): Whether servers with graphics processors are supported.
    """

    kubernetes_version: str | Unset = UNSET
    ha_control_plane: bool | None | Unset = UNSET
    webhook: None | str | Unset = UNSET
    cni: None | str | Unset = UNSET
    gpu_enabled: bool | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        kubernetes_version = self.kubernetes_version

        ha_control_plane: bool | None | Unset
        if isinstance(self.ha_control_plane, Unset):
            ha_control_plane = UNSET
        else:
            ha_control_plane = self.ha_control_plane

        webhook: None | str | Unset
        if isinstance(self.webhook, Unset):
            webhook = UNSET
        else:
            webhook = self.webhook

        cni: None | str | Unset
        if isinstance(self.cni, Unset):
            cni = UNSET
        else:
            cni = self.cni

        gpu_enabled: bool | None | Unset
        if isinstance(self.gpu_enabled, Unset):
            gpu_enabled = UNSET
        else:
            gpu_enabled = self.gpu_enabled

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if kubernetes_version is not UNSET:
            field_dict["kubernetesVersion"] = kubernetes_version
        if ha_control_plane is not UNSET:
            field_dict["HAControlPlane"] = ha_control_plane
        if webhook is not UNSET:
            field_dict["webhook"] = webhook
        if cni is not UNSET:
            field_dict["cni"] = cni
        if gpu_enabled is not UNSET:
            field_dict["gpuEnabled"] = gpu_enabled

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        kubernetes_version = d.pop("kubernetesVersion", UNSET)

        def _parse_ha_control_plane(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        ha_control_plane = _parse_ha_control_plane(d.pop("HAControlPlane", UNSET))

        def _parse_webhook(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        webhook = _parse_webhook(d.pop("webhook", UNSET))

        def _parse_cni(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        cni = _parse_cni(d.pop("cni", UNSET))

        def _parse_gpu_enabled(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        gpu_enabled = _parse_gpu_enabled(d.pop("gpuEnabled", UNSET))

        cloud_space_spec_patch = cls(
            kubernetes_version=kubernetes_version,
            ha_control_plane=ha_control_plane,
            webhook=webhook,
            cni=cni,
            gpu_enabled=gpu_enabled,
        )

        cloud_space_spec_patch.additional_properties = d
        return cloud_space_spec_patch

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
