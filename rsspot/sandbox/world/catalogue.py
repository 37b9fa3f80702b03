"""Regions and server classes (docs/api-facts.md#server-classes). The floors are invented."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CLASSES", "REGIONS", "RegionEntry", "ServerClassEntry"]


class RegionEntry(NamedTuple):
    """A region."""

    name: str
    description: str
    country: str
    generation: str
    site: str


class ServerClassEntry(NamedTuple):
    """A server class, with its floor and on-demand price in US dollars per hour."""

    name: str
    region: str
    display_name: str
    category: str
    flavor: str
    cpu: int
    memory: str
    floor: Decimal
    on_demand: Decimal
    capacity: int
    disk: str = ""
    """Empty for bare metal, as in the service."""
    gpu: str = ""
    availability: str = "available"


_REGIONS = (
    RegionEntry("us-east-iad-1", "US East, Ashburn, VA", "USA", "v1", "iad"),
    RegionEntry("us-central-dfw-1", "US Central, Dallas Fort Worth, TX", "USA", "v1", "dfw"),
    RegionEntry("us-central-dfw-2", "US Central, Dallas Fort Worth, TX", "USA", "v2", "dfw2"),
    RegionEntry("us-central-ord-1", "US Central, Chicago, IL", "USA", "v1", "ord"),
    RegionEntry("us-west-sjc-1", "US West, San Jose, CA", "USA", "v2", "sjc"),
    RegionEntry("uk-lon-1", "United Kingdom, London", "GBR", "v1", "lon"),
    RegionEntry("hkg-hkg-1", "Hong Kong, Hong Kong", "HKG", "v1", "hkg"),
    RegionEntry("aus-syd-1", "Sydney, Australia", "AUS", "v1", "syd"),
)
REGIONS = {entry.name: entry for entry in _REGIONS}

# family, size, display name, category, cpu, memory in v1 and in v2 regions (empty: not sold), floor
_VIRTUAL = (
    ("gp", "medium", "General", "General Purpose", 2, "3.75GB", "3.75GB", "0.01"),
    ("gp", "large", "General", "General Purpose", 4, "15GB", "15GB", "0.04"),
    ("gp", "xlarge", "General", "General Purpose", 8, "30GB", "30GB", "0.08"),
    ("gp", "2xlarge", "General", "General Purpose", 16, "60GB", "60GB", "0.15"),
    ("ch", "medium", "Compute", "Compute Heavy", 2, "3.75GB", "4GB", "0.01"),
    ("ch", "large", "Compute", "Compute Heavy", 4, "7.5GB", "8GB", "0.03"),
    ("ch", "xlarge", "Compute", "Compute Heavy", 8, "15GB", "16GB", "0.06"),
    ("ch", "2xlarge", "Compute", "Compute Heavy", 16, "30GB", "32GB", "0.13"),
    ("mh", "medium", "Memory", "Memory Heavy", 2, "15GB", "", "0.03"),
    ("mh", "large", "Memory", "Memory Heavy", 4, "30GB", "32GB", "0.06"),
    ("mh", "xlarge", "Memory", "Memory Heavy", 8, "60GB", "64GB", "0.13"),
    ("mh", "2xlarge", "Memory", "Memory Heavy", 16, "120GB", "128GB", "0.25"),
)
_SIZES = {
    "medium": "Medium",
    "large": "Large",
    "xlarge": "Extra Large",
    "2xlarge": "Double Extra Large",
}

# name, display name, cpu, memory, floor, for each of its sites
_METAL = (
    ("gp.bm2.small", "Bare Metal Server.Small", 12, "64GB", "0.10", ("dfw", "iad", "lon")),
    ("gp.bm2.medium", "Bare Metal Server.Medium", 24, "64GB", "0.15", ("dfw", "lon")),
    ("gp.bm2.large", "Bare Metal Server.Large", 24, "128GB", "0.20", ("dfw", "lon")),
    ("io.bm2", "Bare Metal Server.I/O", 40, "128GB", "0.32", ("iad", "lon")),
)


def _virtual(region: RegionEntry) -> Iterator[ServerClassEntry]:
    for family, size, kind, category, cpu, first, second, floor in _VIRTUAL:
        memory = first if region.generation == "v1" else second
        if not memory:
            continue
        yield ServerClassEntry(
            name=f"{family}.vs{region.generation.removeprefix('v')}.{size}-{region.site}",
            region=region.name,
            display_name=f"{kind} Virtual Server.{_SIZES[size]}",
            category=category,
            flavor="VM",
            cpu=cpu,
            memory=memory,
            disk=f"{cpu * 20}GB",
            floor=Decimal(floor),
            on_demand=Decimal(floor) * 12,
            capacity=1000,
        )


def _bare_metal(region: RegionEntry) -> Iterator[ServerClassEntry]:
    for name, display, cpu, memory, floor, sites in _METAL:
        if region.site in sites:
            yield ServerClassEntry(
                name=f"{name}-{region.site}",
                region=region.name,
                display_name=display,
                category="Bare Metal",
                flavor="bare-metal",
                cpu=cpu,
                memory=memory,
                floor=Decimal(floor),
                on_demand=Decimal(floor) * 6,
                capacity=12,
            )


_GPU = ServerClassEntry(
    name="gpu.vs2.xlargeplusplus-sjc",
    region="us-west-sjc-1",
    display_name="GPU A30 Virtual Server v2. + + Extra Large",
    category="GPU",
    flavor="VM",
    cpu=24,
    memory="64GB",
    disk="240GB",
    gpu="NVIDIA A30",
    floor=Decimal("0.42"),
    on_demand=Decimal("1.60"),
    capacity=8,
)
# A deprecated class is still listed, but new pools of it are rejected.
_DEPRECATED = ServerClassEntry(
    name="gp.vs1.small-dfw",
    region="us-central-dfw-1",
    display_name="General Virtual Server.Small",
    category="General Purpose",
    flavor="VM",
    cpu=1,
    memory="1GB",
    floor=Decimal("0.01"),
    on_demand=Decimal("0.12"),
    capacity=4,
    availability="deprecated",
)

CLASSES = {
    entry.name: entry for region in _REGIONS for entry in (*_virtual(region), *_bare_metal(region))
} | {entry.name: entry for entry in (_GPU, _DEPRECATED)}
