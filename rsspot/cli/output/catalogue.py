"""The columns of regions and server classes. Showing them needs no command line library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rsspot.cli.output.column import Column
from rsspot.cli.output.formatting import format_memory

if TYPE_CHECKING:
    from rsspot.cli.output.column import Columns
    from rsspot.models import Region, ServerClass

__all__ = ["CLASSES", "REGIONS"]

REGIONS: Columns[Region] = (
    Column("NAME", lambda item: item.name),
    Column("DESCRIPTION", lambda item: item.description, 1),
    Column("COUNTRY", lambda item: item.country, 2),
    Column("GENERATION", lambda item: item.generation_name, 3),
    Column("PROVIDER", lambda item: item.provider_type, 4),
)

CLASSES: Columns[ServerClass] = (
    Column("NAME", lambda item: item.name),
    Column("CATEGORY", lambda item: item.category, 3),
    Column("CPU", lambda item: item.cpu),
    Column("MEMORY", lambda item: item.memory, format=format_memory),
    Column("GPU", lambda item: item.gpu, 5, optional=True),
    Column("MIN BID", lambda item: item.min_bid_price, 1),
    Column("ON DEMAND", lambda item: item.on_demand_price, 7),
    Column("AVAILABLE", lambda item: item.available, 2),
    Column("CAPACITY", lambda item: item.capacity, 6),
    Column("REGION", lambda item: item.region, 4),
)
