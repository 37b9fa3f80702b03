from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast


T = TypeVar("T", bound="AutopilotAllocation")


@_attrs_define
class AutopilotAllocation:
    """A spot node pool that an autopilot pool runs.

    Attributes:
        server_class (str | Unset): Name of the server class.
        spot_node_pool (str | Unset): Name of the spot node pool.
        market_price_per_hour (str | Unset): US dollars for an hour, a decimal number without a currency sign.
        bid_price_per_hour (str | Unset): US dollars for an hour, a decimal number without a currency sign.
        vcpu_per_node (int | Unset): Virtual CPUs of one node.
        memory_gb_per_node (str | Unset): Memory of one node, in gigabytes, as text without a unit.
        desired_nodes (int | Unset): Nodes wanted.
        won_nodes (int | None | Unset): Nodes won.
    """

    server_class: str | Unset = UNSET
    spot_node_pool: str | Unset = UNSET
    market_price_per_hour: str | Unset = UNSET
    bid_price_per_hour: str | Unset = UNSET
    vcpu_per_node: int | Unset = UNSET
    memory_gb_per_node: str | Unset = UNSET
    desired_nodes: int | Unset = UNSET
    won_nodes: int | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        server_class = self.server_class

        spot_node_pool = self.spot_node_pool

        market_price_per_hour = self.market_price_per_hour

        bid_price_per_hour = self.bid_price_per_hour

        vcpu_per_node = self.vcpu_per_node

        memory_gb_per_node = self.memory_gb_per_node

        desired_nodes = self.desired_nodes

        won_nodes: int | None | Unset
        if isinstance(self.won_nodes, Unset):
            won_nodes = UNSET
        else:
            won_nodes = self.won_nodes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if server_class is not UNSET:
            field_dict["serverClass"] = server_class
        if spot_node_pool is not UNSET:
            field_dict["spotNodePool"] = spot_node_pool
        if market_price_per_hour is not UNSET:
            field_dict["marketPricePerHour"] = market_price_per_hour
        if bid_price_per_hour is not UNSET:
            field_dict["bidPricePerHour"] = bid_price_per_hour
        if vcpu_per_node is not UNSET:
            field_dict["vcpuPerNode"] = vcpu_per_node
        if memory_gb_per_node is not UNSET:
            field_dict["memoryGBPerNode"] = memory_gb_per_node
        if desired_nodes is not UNSET:
            field_dict["desiredNodes"] = desired_nodes
        if won_nodes is not UNSET:
            field_dict["wonNodes"] = won_nodes

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        server_class = d.pop("serverClass", UNSET)

        spot_node_pool = d.pop("spotNodePool", UNSET)

        market_price_per_hour = d.pop("marketPricePerHour", UNSET)

        bid_price_per_hour = d.pop("bidPricePerHour", UNSET)

        vcpu_per_node = d.pop("vcpuPerNode", UNSET)

        memory_gb_per_node = d.pop("memoryGBPerNode", UNSET)

        desired_nodes = d.pop("desiredNodes", UNSET)

        def _parse_won_nodes(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        won_nodes = _parse_won_nodes(d.pop("wonNodes", UNSET))

        autopilot_allocation = cls(
            server_class=server_class,
            spot_node_pool=spot_node_pool,
            market_price_per_hour=market_price_per_hour,
            bid_price_per_hour=bid_price_per_hour,
            vcpu_per_node=vcpu_per_node,
            memory_gb_per_node=memory_gb_per_node,
            desired_nodes=desired_nodes,
            won_nodes=won_nodes,
        )

        autopilot_allocation.additional_properties = d
        return autopilot_allocation

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
