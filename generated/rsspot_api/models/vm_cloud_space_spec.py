from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.vmssh_key_ref import VMSSHKeyRef


T = TypeVar("T", bound="VMCloudSpaceSpec")


@_attrs_define
class VMCloudSpaceSpec:
    """What a VM cloudspace shall be. Clients always send `region`.

    Attributes:
        region (str | Unset): Name of the region. Cannot be changed.
        webhook (str | Unset): URL that is called when machines are about to be taken away, as for a cloudspace. The
            only member that clients change.
        vm_ssh_key_ref (VMSSHKeyRef | Unset): Points at an SSH key.
        bid_requests (list[str] | Unset): Names of the VM pools that belong to it.
    """

    region: str | Unset = UNSET
    webhook: str | Unset = UNSET
    vm_ssh_key_ref: VMSSHKeyRef | Unset = UNSET
    bid_requests: list[str] | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.vmssh_key_ref import VMSSHKeyRef  # noqa: PLC0415

        region = self.region

        webhook = self.webhook

        vm_ssh_key_ref: dict[str, Any] | Unset = UNSET
        if not isinstance(self.vm_ssh_key_ref, Unset):
            vm_ssh_key_ref = self.vm_ssh_key_ref.to_dict()

        bid_requests: list[str] | Unset = UNSET
        if not isinstance(self.bid_requests, Unset):
            bid_requests = self.bid_requests

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if region is not UNSET:
            field_dict["region"] = region
        if webhook is not UNSET:
            field_dict["webhook"] = webhook
        if vm_ssh_key_ref is not UNSET:
            field_dict["vmSshKeyRef"] = vm_ssh_key_ref
        if bid_requests is not UNSET:
            field_dict["bidRequests"] = bid_requests

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.vmssh_key_ref import VMSSHKeyRef  # noqa: PLC0415

        d = dict(src_dict)
        region = d.pop("region", UNSET)

        webhook = d.pop("webhook", UNSET)

        _vm_ssh_key_ref = d.pop("vmSshKeyRef", UNSET)
        vm_ssh_key_ref: VMSSHKeyRef | Unset
        if isinstance(_vm_ssh_key_ref, Unset):
            vm_ssh_key_ref = UNSET
        else:
            vm_ssh_key_ref = VMSSHKeyRef.from_dict(_vm_ssh_key_ref)

        bid_requests = cast(list[str], d.pop("bidRequests", UNSET))

        vm_cloud_space_spec = cls(
            region=region,
            webhook=webhook,
            vm_ssh_key_ref=vm_ssh_key_ref,
            bid_requests=bid_requests,
        )

        vm_cloud_space_spec.additional_properties = d
        return vm_cloud_space_spec

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
