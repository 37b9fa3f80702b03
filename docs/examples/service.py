"""Ask for many things at once with one async client, as a service does for its requests."""

from __future__ import annotations

import asyncio

from rsspot import AsyncSpotClient
from rsspot.errors import RSSpotError


async def overview(spot: AsyncSpotClient, region: str) -> str:
    """Return one line about a region. What fails is part of the line, and stops nobody else."""
    try:
        classes = await spot.pricing.list(region=region)
    except RSSpotError as error:
        return f"{region}: {error}"
    prices = [each.market_price for each in classes if each.market_price is not None]
    return f"{region}: {len(classes)} classes from {min(prices, default=None)} USD an hour"


async def main() -> None:
    """Print a line for each region, in order, though all are asked for at once."""
    async with AsyncSpotClient(timeout=30) as spot:
        regions = await spot.regions.list()
        for line in await asyncio.gather(*(overview(spot, region.name) for region in regions)):
            print(line)


if __name__ == "__main__":
    asyncio.run(main())
