from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, BinaryIO, TextIO, TYPE_CHECKING, Generator

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

from ..types import UNSET, Unset
from typing import cast

if TYPE_CHECKING:
    from ..models.on_demand_pricing import OnDemandPricing
    from ..models.server_class_provider import ServerClassProvider
    from ..models.server_class_resources import ServerClassResources


T = TypeVar("T", bound="ServerClassSpec")


@_attrs_define
class ServerClassSpec:
    """What a server of the class is.

    Attributes:
        region (str): Name of the region that it is offered in.
        provider (ServerClassProvider): The infrastructure beneath a server class.
        display_name (str | Unset): Name for people, for example `General Virtual Server.Medium`.
        category (str | Unset): What it is good for. Seen: `General Purpose`, `Compute Heavy`, `Memory Heavy`, `GPU`,
            `Bare Metal`.
        flavor_type (str | Unset): Virtual machine or bare metal; the exact spellings are not known.
        availability (str | Unset): Whether it can be had. Seen: `available`, `deprecated`, `unavailable`.
        min_bid_price_per_hour (str | Unset): US dollars for an hour, a decimal number without a currency sign.
        on_demand_pricing (OnDemandPricing | Unset): A price that does not move.
        resources (ServerClassResources | Unset): What one server has.
    """

    region: str
    provider: ServerClassProvider
    display_name: str | Unset = UNSET
    category: str | Unset = UNSET
    flavor_type: str | Unset = UNSET
    availability: str | Unset = UNSET
    min_bid_price_per_hour: str | Unset = UNSET
    on_demand_pricing: OnDemandPricing | Unset = UNSET
    resources: ServerClassResources | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.on_demand_pricing import OnDemandPricing  # noqa: PLC0415
        from ..models.server_class_provider import ServerClassProvider  # noqa: PLC0415
        from ..models.server_class_resources import ServerClassResources  # noqa: PLC0415

        region = self.region

        provider = self.provider.to_dict()

        display_name = self.display_name

        category = self.category

        flavor_type = self.flavor_type

        availability = self.availability

        min_bid_price_per_hour = self.min_bid_price_per_hour

        on_demand_pricing: dict[str, Any] | Unset = UNSET
        if not isinstance(self.on_demand_pricing, Unset):
            on_demand_pricing = self.on_demand_pricing.to_dict()

        resources: dict[str, Any] | Unset = UNSET
        if not isinstance(self.resources, Unset):
            resources = self.resources.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "region": region,
                "provider": provider,
            }
        )
        if display_name is not UNSET:
            field_dict["displayName"] = display_name
        if category is not UNSET:
            field_dict["category"] = category
        if flavor_type is not UNSET:
            field_dict["flavorType"] = flavor_type
        if availability is not UNSET:
            field_dict["availability"] = availability
        if min_bid_price_per_hour is not UNSET:
            field_dict["minBidPricePerHour"] = min_bid_price_per_hour
        if on_demand_pricing is not UNSET:
            field_dict["onDemandPricing"] = on_demand_pricing
        if resources is not UNSET:
            field_dict["resources"] = resources

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.on_demand_pricing import OnDemandPricing  # noqa: PLC0415
        from ..models.server_class_provider import ServerClassProvider  # noqa: PLC0415
        from ..models.server_class_resources import ServerClassResources  # noqa: PLC0415

        d = dict(src_dict)
        region = d.pop("region")

        provider = ServerClassProvider.from_dict(d.pop("provider"))

        display_name = d.pop("displayName", UNSET)

        category = d.pop("category", UNSET)

        flavor_type = d.pop("flavorType", UNSET)

        availability = d.pop("availability", UNSET)

        min_bid_price_per_hour = d.pop("minBidPricePerHour", UNSET)

        _on_demand_pricing = d.pop("onDemandPricing", UNSET)
        on_demand_pricing: OnDemandPricing | Unset
        if isinstance(_on_demand_pricing, Unset):
            on_demand_pricing = UNSET
        else:
            on_demand_pricing = OnDemandPricing.from_dict(_on_demand_pricing)

        _resources = d.pop("resources", UNSET)
        resources: ServerClassResources | Unset
        if isinstance(_resources, Unset):
            resources = UNSET
        else:
            resources = ServerClassResources.from_dict(_resources)

        server_class_spec = cls(
            region=region,
            provider=provider,
            display_name=display_name,
            category=category,
            flavor_type=flavor_type,
            availability=availability,
            min_bid_price_per_hour=min_bid_price_per_hour,
            on_demand_pricing=on_demand_pricing,
            resources=resources,
        )

        server_class_spec.additional_properties = d
        return server_class_spec

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
