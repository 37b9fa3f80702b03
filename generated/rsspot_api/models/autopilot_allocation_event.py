from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast
import datetime


T = TypeVar("T", bound="AutopilotAllocationEvent")


@_attrs_define
class AutopilotAllocationEvent:
    """One thing that an autopilot pool did.

    Attributes:
        time (datetime.datetime | None | Unset): When.
        event (str | Unset): What it did; values are not known.
        reason (str | Unset): Why.
        server_class (str | Unset): Name of the server class.
        spot_node_pool (str | Unset): Name of the spot node pool.
        desired_nodes (int | Unset): Nodes wanted.
        won_nodes (int | None | Unset): Nodes won.
        bid_price_per_hour (str | Unset): US dollars for an hour, a decimal number without a currency sign.
    """

    time: datetime.datetime | None | Unset = UNSET
    event: str | Unset = UNSET
    reason: str | Unset = UNSET
    server_class: str | Unset = UNSET
    spot_node_pool: str | Unset = UNSET
    desired_nodes: int | Unset = UNSET
    won_nodes: int | None | Unset = UNSET
    bid_price_per_hour: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        time: None | str | Unset
        if isinstance(self.time, Unset):
            time = UNSET
        elif isinstance(self.time, datetime.datetime):
            time = self.time.isoformat()
        else:
            time = self.time

        event = self.event

        reason = self.reason

        server_class = self.server_class

        spot_node_pool = self.spot_node_pool

        desired_nodes = self.desired_nodes

        won_nodes: int | None | Unset
        if isinstance(self.won_nodes, Unset):
            won_nodes = UNSET
        else:
            won_nodes = self.won_nodes

        bid_price_per_hour = self.bid_price_per_hour

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if time is not UNSET:
            field_dict["time"] = time
        if event is not UNSET:
            field_dict["event"] = event
        if reason is not UNSET:
            field_dict["reason"] = reason
        if server_class is not UNSET:
            field_dict["serverClass"] = server_class
        if spot_node_pool is not UNSET:
            field_dict["spotNodePool"] = spot_node_pool
        if desired_nodes is not UNSET:
            field_dict["desiredNodes"] = desired_nodes
        if won_nodes is not UNSET:
            field_dict["wonNodes"] = won_nodes
        if bid_price_per_hour is not UNSET:
            field_dict["bidPricePerHour"] = bid_price_per_hour

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)

        def _parse_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                time_type_0 = datetime.datetime.fromisoformat(data)

                return time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        time = _parse_time(d.pop("time", UNSET))

        event = d.pop("event", UNSET)

        reason = d.pop("reason", UNSET)

        server_class = d.pop("serverClass", UNSET)

        spot_node_pool = d.pop("spotNodePool", UNSET)

        desired_nodes = d.pop("desiredNodes", UNSET)

        def _parse_won_nodes(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        won_nodes = _parse_won_nodes(d.pop("wonNodes", UNSET))

        bid_price_per_hour = d.pop("bidPricePerHour", UNSET)

        autopilot_allocation_event = cls(
            time=time,
            event=event,
            reason=reason,
            server_class=server_class,
            spot_node_pool=spot_node_pool,
            desired_nodes=desired_nodes,
            won_nodes=won_nodes,
            bid_price_per_hour=bid_price_per_hour,
        )

        autopilot_allocation_event.additional_properties = d
        return autopilot_allocation_event

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
