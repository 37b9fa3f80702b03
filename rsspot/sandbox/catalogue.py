"""Regions and server classes (fact sheet, sections 4.4 and 4.5); floors are our own numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

__all__ = ["CLASSES", "REGIONS", "RegionEntry", "ServerClassEntry"]


class RegionEntry(NamedTuple):
    """A region."""

    name: str
    description: str
    country: str
    generation: str
    site: str


class ServerClassEntry(NamedTuple):
    """A server class, with its floor and its on-demand price in US dollars an hour."""

    name: str
    region: str
    display_name: str
    category: str
    flavor: str
    cpu: int
    memory: str
    disk: str
    gpu: str
    floor: Decimal
    on_demand: Decimal
    capacity: int


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

# family, size, display name, category, cpu, memory, floor
_VIRTUAL = (
    ("gp", "medium", "General Virtual Server.Medium", "General Purpose", 2, "3.75GB", "0.01"),
    ("gp", "large", "General Virtual Server.Large", "General Purpose", 4, "15GB", "0.04"),
    ("gp", "xlarge", "General Virtual Server.Extra Large", "General Purpose", 8, "30GB", "0.08"),
    ("gp", "2xlarge", "General Virtual Server.Double Extra Large", "General Purpose", 16, "60GB",
     "0.15"),
    ("ch", "large", "Compute Virtual Server.Large", "Compute Heavy", 4, "7.5GB", "0.03"),
    ("ch", "xlarge", "Compute Virtual Server.Extra Large", "Compute Heavy", 8, "15GB", "0.06"),
    ("mh", "large", "Memory Virtual Server.Large", "Memory Heavy", 4, "30GB", "0.06"),
    ("mh", "xlarge", "Memory Virtual Server.Extra Large", "Memory Heavy", 8, "60GB", "0.13"),
)  # fmt: skip


def _classes() -> tuple[ServerClassEntry, ...]:
    found: list[ServerClassEntry] = []
    for region in _REGIONS:
        for family, size, display, category, cpu, memory, floor in _VIRTUAL:
            generation = region.generation.removeprefix("v")
            found.append(
                ServerClassEntry(
                    f"{family}.vs{generation}.{size}-{region.site}",
                    region.name,
                    display,
                    category,
                    "VM",
                    cpu,
                    memory,
                    f"{cpu * 20}GB",
                    "",
                    Decimal(floor),
                    Decimal(floor) * 4,
                    1000,
                )
            )
        if region.site in {"iad", "lon"}:
            found.append(
                ServerClassEntry(
                    f"io.bm2-{region.site}",
                    region.name,
                    "Bare Metal Server.I/O",
                    "Bare Metal",
                    "bare-metal",
                    40,
                    "128GB",
                    "3200GB",
                    "",
                    Decimal("0.32"),
                    Decimal("1.92"),
                    12,
                )
            )
    found.append(
        ServerClassEntry(
            "gpu.vs2.xlargeplusplus-sjc",
            "us-west-sjc-1",
            "GPU A30 Virtual Server v2. + + Extra Large",
            "GPU",
            "VM",
            24,
            "64GB",
            "240GB",
            "NVIDIA A30",
            Decimal("0.42"),
            Decimal("1.60"),
            8,
        )
    )
    return tuple(found)


CLASSES = {entry.name: entry for entry in _classes()}
