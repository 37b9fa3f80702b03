"""The market: prices over time, which follow from the seed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any
from zlib import crc32

from rsspot.sandbox.world.catalogue import CLASSES, REGIONS

if TYPE_CHECKING:
    from rsspot.sandbox.world.catalogue import ServerClassEntry

__all__ = ["AUCTION_INTERVAL", "MILL", "Market"]

AUCTION_INTERVAL = 300
"""Seconds between two auctions."""
MAX_HISTORY = 288
"""Number of auctions in the price history: one day."""
MILL = Decimal("0.001")
MICRO = Decimal("0.000001")


class Market:
    """Prices between the floor and twice the floor, with rare jumps above.

    They follow from the seed and the time since `epoch`, so they are the same in every run.
    """

    def __init__(self, seed: int, epoch: float) -> None:
        self.seed = seed
        self.restart(epoch)

    def restart(self, epoch: float) -> None:
        """Count time from another epoch."""
        self.epoch: float = epoch // AUCTION_INTERVAL * AUCTION_INTERVAL
        self._percentiles: tuple[int, dict[str, Any]] | None = None

    def used_by_others(self, entry: ServerClassEntry) -> int:
        """Return the number of servers of a class that other users have."""
        return int(entry.capacity * (0.4 + 0.2 * self._chance(entry.name, "taken", 0)))

    def price(self, entry: ServerClassEntry, at: float) -> Decimal:
        """Return the price of the last auction before `at`."""
        return self._price(entry, self._slot(at))

    def _slot(self, at: float) -> int:
        return int((at - self.epoch) // AUCTION_INTERVAL)

    def _run_at(self, slot: int) -> int:
        return int(self.epoch) + slot * AUCTION_INTERVAL

    def _price(self, entry: ServerClassEntry, slot: int) -> Decimal:
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
        """Return the price history file of one class."""
        last = self._slot(at)
        return {
            "auction": entry.name,
            "history": [
                {"run_at": self._run_at(slot), "hammer_price": float(self._price(entry, slot))}
                for slot in range(last - MAX_HISTORY, last + 1)
            ],
        }

    def percentiles(self, at: float) -> dict[str, Any]:
        """Return the percentiles file, which changes with each auction."""
        last = self._slot(at)
        if self._percentiles is None or self._percentiles[0] != last:
            self._percentiles = last, self._make_percentiles(last)
        return self._percentiles[1]

    def _make_percentiles(self, last: int) -> dict[str, Any]:
        regions: dict[str, Any] = {
            region.name: {"generation": region.generation, "serverclasses": {}}
            for region in REGIONS.values()
        }
        for entry in CLASSES.values():
            # Every sixth auction is enough for percentiles, and much faster.
            prices = sorted(self._price(entry, slot) for slot in range(last - MAX_HISTORY, last, 6))
            regions[entry.region]["serverclasses"][entry.name] = {
                "display_name": entry.display_name,
                "category": entry.category,
                "description": REGIONS[entry.region].description,
                "cpu": str(entry.cpu),
                "memory": entry.memory,
                "market_price": str(self._price(entry, last).quantize(MICRO)),
                **{
                    f"{share}_percentile": float(prices[len(prices) * share // 100])
                    for share in (20, 50, 80)
                },
            }
        return {"regions": regions}

    def comparable(self) -> dict[str, Any]:
        """Return the file of comparable prices."""
        regions: dict[str, dict[str, Any]] = {name: {} for name in REGIONS}
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
        """Return a number from 0 to 1 that depends only on the seed and the arguments."""
        return crc32(f"{self.seed}/{name}/{what}/{when}".encode()) / 2**32
