from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="VMPoolSpec")


@_attrs_define
class VMPoolSpec:
    """What a VM pool shall be. Clients always send `vmCloudSpace`, `serverClass` and `desired`, and a bid for spot
    machines.

        Attributes:
            vm_cloud_space (str | Unset): Name of the VM cloudspace. Mind the capitals. Cannot be changed.
            server_class (str | Unset): Name of the server class. Cannot be changed.
            pool_type (str | Unset): `spot` (what clients choose by default) or `ondemand`.
            bid_price (str | Unset): US dollars for an hour, a decimal number without a currency sign.
            desired (int | Unset): How many machines are wanted.
            vm_image (str | Unset): Image to boot, for example `ubuntu24.04`, which is what clients choose.
            vm_user_data (str | Unset): Data for cloud-init, in base64.
    """

    vm_cloud_space: str | Unset = UNSET
    server_class: str | Unset = UNSET
    pool_type: str | Unset = UNSET
    bid_price: str | Unset = UNSET
    desired: int | Unset = UNSET
    vm_image: str | Unset = UNSET
    vm_user_data: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        vm_cloud_space = self.vm_cloud_space

        server_class = self.server_class

        pool_type = self.pool_type

        bid_price = self.bid_price

        desired = self.desired

        vm_image = self.vm_image

        vm_user_data = self.vm_user_data

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if vm_cloud_space is not UNSET:
            field_dict["vmCloudSpace"] = vm_cloud_space
        if server_class is not UNSET:
            field_dict["serverClass"] = server_class
        if pool_type is not UNSET:
            field_dict["poolType"] = pool_type
        if bid_price is not UNSET:
            field_dict["bidPrice"] = bid_price
        if desired is not UNSET:
            field_dict["desired"] = desired
        if vm_image is not UNSET:
            field_dict["vmImage"] = vm_image
        if vm_user_data is not UNSET:
            field_dict["vmUserData"] = vm_user_data

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        vm_cloud_space = d.pop("vmCloudSpace", UNSET)

        server_class = d.pop("serverClass", UNSET)

        pool_type = d.pop("poolType", UNSET)

        bid_price = d.pop("bidPrice", UNSET)

        desired = d.pop("desired", UNSET)

        vm_image = d.pop("vmImage", UNSET)

        vm_user_data = d.pop("vmUserData", UNSET)

        vm_pool_spec = cls(
            vm_cloud_space=vm_cloud_space,
            server_class=server_class,
            pool_type=pool_type,
            bid_price=bid_price,
            desired=desired,
            vm_image=vm_image,
            vm_user_data=vm_user_data,
        )

        vm_pool_spec.additional_properties = d
        return vm_pool_spec

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
