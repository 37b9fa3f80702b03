"""What the service offers: regions, and the server classes in them.

Sources: openapi/spot.yaml, Region and ServerClass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rsspot.models import fields as field
from rsspot.models.resource import Resource

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

    from rsspot_api import models  # noqa: F401 - in the text of a base class

    from rsspot.models.view import Field

__all__ = ["Region", "ServerClass"]


class Region(Resource["models.Region"], model="Region"):
    """A place with servers; `generation` is "v1" or "v2" so far."""

    shown: ClassVar[tuple[str, ...]] = ("name", "description")

    description: Field[str] = field.text("spec", "description")
    country: Field[str] = field.text("spec", "country")
    generation_name: Field[str] = field.text("spec", "generation")
    provider_type: Field[str] = field.text("spec", "provider", "providerType")
    provider_region: Field[str] = field.text("spec", "provider", "providerRegionName")


class ServerClass(Resource["models.ServerClass"], model="ServerClass"):
    """One size of server in one region. Prices are US dollars an hour, memory is bytes."""

    shown: ClassVar[tuple[str, ...]] = (
        "name",
        "cpu",
        "memory_text",
        "market_price",
        "min_bid_price",
    )

    display_name: Field[str] = field.text("spec", "displayName")
    category: Field[str] = field.text("spec", "category")
    flavor_type: Field[str] = field.text("spec", "flavorType")
    availability: Field[str] = field.text("spec", "availability")
    region: Field[str] = field.text("spec", "region")
    cpu: Field[int | float | None] = field.cpu("spec", "resources", "cpu")
    cpu_text: Field[str] = field.text("spec", "resources", "cpu")
    memory: Field[int | None] = field.memory("spec", "resources", "memory")
    memory_text: Field[str] = field.text("spec", "resources", "memory")
    disk: Field[int | None] = field.memory("spec", "resources", "disk")
    disk_text: Field[str] = field.text("spec", "resources", "disk")
    gpu: Field[str] = field.text("spec", "resources", "gpu")
    min_bid_price: Field[Decimal | None] = field.money("spec", "minBidPricePerHour")
    on_demand_price: Field[Decimal | None] = field.money("spec", "onDemandPricing", "cost")
    on_demand_interval: Field[str] = field.text("spec", "onDemandPricing", "interval")
    market_price: Field[Decimal | None] = field.money("status", "spotPricing", "marketPricePerHour")
    hammer_price: Field[Decimal | None] = field.money("status", "spotPricing", "hammerPricePerHour")
    available: Field[int | None] = field.integer("status", "available")
    capacity: Field[int | None] = field.integer("status", "capacity")
    reserved: Field[int | None] = field.integer("status", "reserved")
    last_auction: Field[datetime | None] = field.timestamp("status", "lastAuction")
    provider_type: Field[str] = field.text("spec", "provider", "providerType")
    provider_flavor: Field[str] = field.text("spec", "provider", "providerFlavorID")
