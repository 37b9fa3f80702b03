"""What the service offers: regions, and the server classes in them.

Sources: openapi/spot.yaml, Region and ServerClass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.models import fields as field
from rsspot.models.resource import Resource

if TYPE_CHECKING:
    from rsspot_api import models  # noqa: F401 - in the text of a base class

__all__ = ["Region", "ServerClass"]


class Region(Resource["models.Region"], model="Region"):
    """A place with servers; `generation` is "v1" or "v2" so far."""

    shown = ("name", "description")

    description = field.text("spec", "description")
    country = field.text("spec", "country")
    generation_name = field.text("spec", "generation")
    provider_type = field.text("spec", "provider", "providerType")
    provider_region = field.text("spec", "provider", "providerRegionName")


class ServerClass(Resource["models.ServerClass"], model="ServerClass"):
    """One size of server in one region. Prices are US dollars an hour, memory is bytes."""

    shown = ("name", "cpu", "memory_text", "market_price", "min_bid_price")

    display_name = field.text("spec", "displayName")
    category = field.text("spec", "category")
    flavor_type = field.text("spec", "flavorType")
    availability = field.text("spec", "availability")
    region = field.text("spec", "region")
    cpu = field.cpu("spec", "resources", "cpu")
    cpu_text = field.text("spec", "resources", "cpu")
    memory = field.memory("spec", "resources", "memory")
    memory_text = field.text("spec", "resources", "memory")
    disk = field.memory("spec", "resources", "disk")
    disk_text = field.text("spec", "resources", "disk")
    gpu = field.text("spec", "resources", "gpu")
    min_bid_price = field.money("spec", "minBidPricePerHour")
    on_demand_price = field.money("spec", "onDemandPricing", "cost")
    on_demand_interval = field.text("spec", "onDemandPricing", "interval")
    market_price = field.money("status", "spotPricing", "marketPricePerHour")
    hammer_price = field.money("status", "spotPricing", "hammerPricePerHour")
    available = field.integer("status", "available")
    capacity = field.integer("status", "capacity")
    reserved = field.integer("status", "reserved")
    last_auction = field.timestamp("status", "lastAuction")
    provider_type = field.text("spec", "provider", "providerType")
    provider_flavor = field.text("spec", "provider", "providerFlavorID")
