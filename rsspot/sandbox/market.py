"""The market: a price for each server class at each time, always the same for one seed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from zlib import crc32

from rsspot.sandbox.catalogue import CLASSES, REGIONS

if TYPE_CHECKING:
    from rsspot.sandbox.catalogue import ServerClassEntry

__all__ = ["AUCTION", "Market"]

AUCTION = 300
"""Seconds between two auctions."""
HISTORY = 288
"""Auctions in the history: one day."""
MILL = Decimal("0.001")
MICRO = Decimal("0.000001")


class Market:
    """Prices move between the floor and three times that, and rarely jump above."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def price(self, entry: ServerClassEntry, at: float) -> Decimal:
        """What the auction before `at` came to."""
        slot = int(at // AUCTION)
        before, after = (
            self._anchor(entry.name, slot // 12),
            self._anchor(entry.name, slot // 12 + 1),
        )
        share = slot % 12 / 12
        factor = before + (after - before) * share
        if self._chance(entry.name, "jump", slot) < 0.01:  # noqa: PLR2004 - rarely
            factor *= 3
        price = entry.floor * Decimal(str(round(factor, 4)))
        return max(price, entry.floor).quantize(MILL, ROUND_HALF_UP)

    def history(self, entry: ServerClassEntry, at: float) -> dict[str, Any]:
        """The history file of one class."""
        last = int(at // AUCTION)
        runs = [slot * AUCTION for slot in range(last - HISTORY, last + 1)]
        return {
            "auction": entry.name,
            "history": [
                {"run_at": run, "hammer_price": float(self.price(entry, run))} for run in runs
            ],
        }

    def percentiles(self, at: float) -> dict[str, Any]:
        """The percentiles file."""
        regions: dict[str, Any] = {
            region.name: {"generation": region.generation, "serverclasses": {}}
            for region in REGIONS
        }
        described = {region.name: region.description for region in REGIONS}
        last = int(at // AUCTION)
        for entry in CLASSES.values():
            # A sample of the day is enough for a percentile, and much faster.
            prices = sorted(
                self.price(entry, slot * AUCTION) for slot in range(last - HISTORY, last, 6)
            )
            regions[entry.region]["serverclasses"][entry.name] = {
                "display_name": entry.display_name,
                "category": entry.category,
                "description": described[entry.region],
                "cpu": str(entry.cpu),
                "memory": entry.memory,
                "market_price": str(self.price(entry, at).quantize(MICRO)),
                **{
                    f"{share}_percentile": float(prices[len(prices) * share // 100])
                    for share in (20, 50, 80)
                },
            }
        return {"regions": regions}

    def comparable(self) -> dict[str, Any]:
        """The file of comparable prices."""
        regions: dict[str, dict[str, Any]] = {region.name: {} for region in REGIONS}
        for entry in CLASSES.values():
            average = entry.on_demand * Decimal("1.5")
            regions[entry.region][entry.name] = {
                "hyperscaler_average_price": f"${average.quantize(MILL)}",
                "comparables": [
                    {"cloud": cloud, "class": kind, "price": f"${(average * share).quantize(MILL)}"}
                    for cloud, kind, share in (
                        ("cloud-a", f"a{entry.cpu}", Decimal("0.9")),
                        ("cloud-b", f"b{entry.cpu}", Decimal("1.1")),
                    )
                ],
            }
        return {"regions": regions}

    def _anchor(self, name: str, hour: int) -> float:
        return 0.8 + 1.2 * self._chance(name, "hour", hour)

    def _chance(self, name: str, what: str, when: int) -> float:
        """A number from 0 to 1 that only depends on the seed and the arguments."""
        return crc32(f"{self.seed}/{name}/{what}/{when}".encode()) / 2**32
