from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.kubeconfig_data import KubeconfigData


T = TypeVar("T", bound="KubeconfigResponse")


@_attrs_define
class KubeconfigResponse:
    """A kubeconfig in an envelope.

    Attributes:
        data (KubeconfigData | Unset): The content of the answer.
        message (str | Unset): The outcome in words.
        status_code (int | Unset): The HTTP status once more.
    """

    data: KubeconfigData | Unset = UNSET
    message: str | Unset = UNSET
    status_code: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.kubeconfig_data import KubeconfigData  # noqa: PLC0415

        data: dict[str, Any] | Unset = UNSET
        if not isinstance(self.data, Unset):
            data = self.data.to_dict()

        message = self.message

        status_code = self.status_code

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if data is not UNSET:
            field_dict["data"] = data
        if message is not UNSET:
            field_dict["message"] = message
        if status_code is not UNSET:
            field_dict["status_code"] = status_code

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.kubeconfig_data import KubeconfigData  # noqa: PLC0415

        d = dict(src_dict)
        _data = d.pop("data", UNSET)
        data: KubeconfigData | Unset
        if isinstance(_data, Unset):
            data = UNSET
        else:
            data = KubeconfigData.from_dict(_data)

        message = d.pop("message", UNSET)

        status_code = d.pop("status_code", UNSET)

        kubeconfig_response = cls(
            data=data,
            message=message,
            status_code=status_code,
        )

        kubeconfig_response.additional_properties = d
        return kubeconfig_response

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
