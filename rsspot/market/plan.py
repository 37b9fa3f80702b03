"""A plan: which pools to buy in one region, what to bid, and the history behind it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from attrs import frozen

from rsspot.quantities import HOURS_PER_MONTH, format_duration

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

__all__ = ["STRATEGIES", "Plan", "PlanRequest", "PlannedPool", "Preset", "Strategy", "pool_key"]

Strategy: TypeAlias = Literal["max-value", "balanced", "max-performance"]


@frozen
class Preset:
    """The settings of a strategy; each can be overridden."""

    availability: Decimal
    """The minimum share of the time in which the full capacity is available."""
    fewest: bool
    """Whether few large servers matter more than a low price."""
    words: str


STRATEGIES: Final[Mapping[str, Preset]] = {
    "max-value": Preset(Decimal("0.95"), fewest=False, words="cheapest, available 95% of the time"),
    "balanced": Preset(Decimal("0.99"), fewest=False, words="cheapest, available 99% of the time"),
    "max-performance": Preset(
        Decimal("0.999"), fewest=True, words="fewest servers, available 99.9% of the time"
    ),
}


@frozen
class PlanRequest:
    """The request for a plan."""

    cpus: Decimal
    """The minimum number of CPUs."""
    memory: int
    """The minimum memory in bytes."""
    nodes: int | None
    """The number of servers, or None for any."""
    regions: tuple[str, ...]
    """The regions to choose one from; empty for all."""
    availability: Decimal
    """The minimum share of the time, from 0 to 1, in which all of it is available."""
    budget: Decimal | None
    """The maximum sum of the bids, in US dollars an hour."""
    pools: tuple[int, int]
    """The lowest and the highest number of pools."""
    strategy: str
    """The name of the strategy."""
    fewest: bool = False
    """Whether few servers are better than cheap ones."""

    def __str__(self) -> str:
        parts = [
            f"{self.cpus.normalize():f} CPUs" if self.cpus else "",
            f"{_gigabytes(self.memory)} of memory" if self.memory else "",
            "" if self.nodes is None else f"{self.nodes} servers",
        ]
        return ", ".join(part for part in parts if part)


@frozen
class PlannedPool:
    """Servers of one class to buy, at one bid. Prices are US dollars an hour."""

    server_class: str
    """The name of the class."""
    count: int
    """The number of servers."""
    bid: Decimal
    """The bid for one server."""
    price: Decimal
    """The mean price of one server over the history, at least its floor."""
    share_won: float
    """The share of the time that the bid alone would have won."""
    cpus: Decimal
    """The CPUs of all its servers."""
    memory: int
    """The bytes of memory of all its servers."""
    reason: str
    """Why this class and this bid, in one line."""

    @property
    def expected(self) -> Decimal:
        """What all its servers cost at the mean price."""
        return self.count * self.price

    @property
    def maximum(self) -> Decimal:
        """What all its servers cost at most."""
        return self.count * self.bid


@frozen
class Plan:
    """The pools to buy in one region, with what the price history says about them."""

    request: PlanRequest
    """The request that it meets."""
    region: str
    """The region of all its pools."""
    pools: tuple[PlannedPool, ...]
    """The pools to buy."""
    availability: float
    """The share of the time in which the full capacity would have been available."""
    interruptions_per_week: float
    """How often a week some of the capacity would have been missing."""
    longest_outage: timedelta
    """The longest time in which some of the capacity would have been missing."""
    since: datetime
    """When the history that all of its pools share begins."""
    until: datetime
    """When that history ends."""
    is_exact: bool
    """Whether it is proven to be the best; otherwise it is the best that was found in time."""
    compared: int
    """The number of classes that were considered."""

    @property
    def expected(self) -> Decimal:
        """US dollars an hour at the mean prices of the history."""
        return sum((pool.expected for pool in self.pools), Decimal(0))

    @property
    def maximum(self) -> Decimal:
        """US dollars an hour at most: all servers at their bids."""
        return sum((pool.maximum for pool in self.pools), Decimal(0))

    @property
    def expected_per_month(self) -> Decimal:
        """`expected` for a month of 730 hours."""
        return self.expected * HOURS_PER_MONTH

    @property
    def maximum_per_month(self) -> Decimal:
        """`maximum` for a month of 730 hours."""
        return self.maximum * HOURS_PER_MONTH

    @property
    def nodes(self) -> int:
        """The number of servers."""
        return sum(pool.count for pool in self.pools)

    @property
    def cpus(self) -> Decimal:
        """The CPUs of all servers."""
        return sum((pool.cpus for pool in self.pools), Decimal(0))

    @property
    def memory(self) -> int:
        """The bytes of memory of all servers."""
        return sum(pool.memory for pool in self.pools)

    @property
    def basis(self) -> str:
        """The length of the history behind the plan, and whether it is optimal, in one line."""
        length = format_duration((self.until - self.since).total_seconds())
        method = (
            "the best of all combinations"
            if self.is_exact
            else "the best that was found in time, perhaps not the best of all"
        )
        return (
            f"{length} of price history, {self.since:%Y-%m-%d %H:%M} to "
            f"{self.until:%Y-%m-%d %H:%M} UTC, of {self.compared} classes; {method}"
        )

    def commands(self, cloudspace: str, *, key: str = "plan") -> list[str]:
        """Return the commands that buy the pools, for a shell.

        The same commands again buy nothing more.

        Args:
            cloudspace: Name of the cloudspace, which is in the region of the plan.
            key: Name of this purchase (default: ``"plan"``).
        """
        from shlex import join

        return [
            join(
                (
                    *("rsspot", "pools", "create", "spot", cloudspace),
                    *("--class", pool.server_class, "--count", str(pool.count)),
                    *("--bid", f"{pool.bid:f}", "--key", pool_key(key, at)),
                )
            )
            for at, pool in enumerate(self.pools, 1)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as JSON can hold it: money and times as text."""
        request = self.request
        return {
            "request": {
                "cpus": f"{request.cpus:f}",
                "memory": request.memory,
                "nodes": request.nodes,
                "regions": [*request.regions],
                "availability": f"{request.availability:f}",
                "budget": None if request.budget is None else f"{request.budget:f}",
                "pools": [*request.pools],
                "strategy": request.strategy,
            },
            "region": self.region,
            "pools": [
                {
                    "server_class": pool.server_class,
                    "count": pool.count,
                    "bid": f"{pool.bid:f}",
                    "price": f"{pool.price:f}",
                    "share_won": pool.share_won,
                    "cpus": f"{pool.cpus:f}",
                    "memory": pool.memory,
                    "expected": f"{pool.expected:f}",
                    "maximum": f"{pool.maximum:f}",
                    "reason": pool.reason,
                }
                for pool in self.pools
            ],
            "per_hour": {"expected": f"{self.expected:f}", "maximum": f"{self.maximum:f}"},
            "per_month": {
                "expected": f"{self.expected_per_month:.2f}",
                "maximum": f"{self.maximum_per_month:.2f}",
            },
            "availability": self.availability,
            "interruptions_per_week": self.interruptions_per_week,
            "longest_outage_seconds": self.longest_outage.total_seconds(),
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "is_exact": self.is_exact,
        }

    def __str__(self) -> str:
        lines = [f"{self.region}: {self.request}", *(f"  {pool.reason}" for pool in self.pools)]
        return "\n".join([*lines, *self.summary()])

    def summary(self) -> list[str]:
        """Return the cost of the plan, its availability, and the history behind it."""
        outage = format_duration(self.longest_outage.total_seconds())
        return [
            (
                f"expected {self.expected:.4f} USD an hour "
                f"({self.expected_per_month:.2f} a month), "
                f"at most {self.maximum:.4f} ({self.maximum_per_month:.2f})"
            ),
            (
                f"available {self.availability:.2%} of the time, {self.interruptions_per_week:.1f} "
                f"interruptions a week, longest outage {outage}"
            ),
            f"based on {self.basis}",
        ]

    def _repr_html_(self) -> str:
        from html import escape

        titles = ("class", "servers", "bid", "expected", "at most", "won", "why")
        head = "".join(f"<th>{title}</th>" for title in titles)
        rows = "".join(
            f"<tr><td>{escape(pool.server_class)}</td><td>{pool.count}</td><td>{pool.bid:f}</td>"
            f"<td>{pool.expected:.4f}</td><td>{pool.maximum:f}</td><td>{pool.share_won:.1%}</td>"
            f"<td style='text-align:left'>{escape(pool.reason)}</td></tr>"
            for pool in self.pools
        )
        notes = "<br>".join(map(escape, self.summary()))
        caption = escape(f"{self.region}: {self.request}")
        return f"<table><caption>{caption}</caption><tr>{head}</tr>{rows}</table><p>{notes}</p>"


def pool_key(key: str, number: int) -> str:
    """Return the key of one pool of a purchase, so that it is bought once."""
    return f"{key}-{number}"


def _gigabytes(amount: int) -> str:
    return f"{amount / 2**30:g} GiB" if amount % 2**30 == 0 else f"{amount / 10**9:g} GB"
