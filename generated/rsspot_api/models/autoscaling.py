from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset


T = TypeVar("T", bound="Autoscaling")


@_attrs_define
class Autoscaling:
    """Bounds within which the number of servers follows the load.

    Attributes:
        enabled (bool): Whether it is on. Sending `false` along with other changes turns it off. Default: False.
        min_nodes (int | Unset): The least number of servers; reported to be refused below 1.
        max_nodes (int | Unset): The greatest number of servers, not below `minNodes`.
    """

    enabled: bool = False
    min_nodes: int | Unset = UNSET
    max_nodes: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        enabled = self.enabled

        min_nodes = self.min_nodes

        max_nodes = self.max_nodes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "enabled": enabled,
            }
        )
        if min_nodes is not UNSET:
            field_dict["minNodes"] = min_nodes
        if max_nodes is not UNSET:
            field_dict["maxNodes"] = max_nodes

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        enabled = d.pop("enabled")

        min_nodes = d.pop("minNodes", UNSET)

        max_nodes = d.pop("maxNodes", UNSET)

        autoscaling = cls(
            enabled=enabled,
            min_nodes=min_nodes,
            max_nodes=max_nodes,
        )

        autoscaling.additional_properties = d
        return autoscaling

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
