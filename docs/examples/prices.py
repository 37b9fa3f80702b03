"""Show where four CPUs with 8 GB are cheapest at the moment, and what a safe bid would be."""

from __future__ import annotations

from rsspot import SpotClient


def main(limit: int = 5) -> None:
    """Print the cheapest classes of all regions."""
    with SpotClient() as spot:
        fitting = spot.pricing.list(min_cpu=4, min_memory="8GB")
        priced = [each for each in fitting if each.market_price is not None]
        for each in sorted(priced, key=lambda each: each.market_price or 0)[:limit]:
            bid = spot.pricing.suggest_bid(each.name, percentile=80)
            print(f"{each.name:24} {each.region:18} now {each.market_price}, bid {bid.price}")


if __name__ == "__main__":
    main()
