"""What pools and control planes cost (docs/api-facts.md#costs)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from rsspot.quantities import HOURS_PER_MONTH

if TYPE_CHECKING:
    from collections.abc import Iterable


__all__ = ["ZERO", "Cost", "CostLine", "total"]

ZERO: Final = Decimal(0)
AT_RISK: Final = Decimal("0.2")
"""The share of the bid below which a pool is at risk."""


@frozen
class CostLine:
    """The cost of one pool or control plane, in US dollars an hour."""

    name: str
    """The name of the pool, or ``control plane``."""
    kind: str
    """``spot``, ``ondemand``, ``autopilot`` or ``control plane``."""
    owner: str
    """The cloudspace or VM cloudspace that it belongs to."""
    server_class: str
    """The class of the servers; empty where there is none, or several."""
    servers: int
    """The number of servers that it has."""
    wanted: int
    """The number of servers that it wants; with autoscaling, at most."""
    price: Decimal | None
    """What one server costs now; None where that is not known or differs."""
    bid: Decimal | None
    """The bid for one server, or the budget of an autopilot pool; None for a fixed price."""
    now: Decimal | None
    """What the servers that it has cost at the market price; None where no price is known."""
    expected: Decimal | None
    """The cost of all servers that it wants at the market price; 0 while its bid is lower."""
    maximum: Decimal | None
    """The maximum cost: all servers that it wants, at its bid, budget or fixed price."""
    key: str = ""
    """The key or name that it was created with here; empty where it has none."""

    @property
    def title(self) -> str:
        """What a person calls it: its key, else its name."""
        return self.key or self.name

    @property
    def room(self) -> Decimal | None:
        """How far the market price is below the bid, as a share of the bid; negative if above.

        None where there is no bid for one server, or no price is known.
        """
        if self.kind == "autopilot" or not self.bid or self.price is None:
            return None
        return 1 - self.price / self.bid

    @property
    def risk(self) -> str:
        """``losing``, ``at risk`` (less than a fifth of the bid is left), ``safe``, or ``none``.

        A fixed price has none; it is empty where the price is not known, and for autopilot pools.
        """
        if self.bid is None:
            return "none"
        room = self.room
        if room is None:
            return ""
        return "losing" if room < 0 else "at risk" if room < AT_RISK else "safe"


@frozen
class Cost:
    """What something costs, by pool and in total, in US dollars.

    Totals leave out what has no known price: `unknown` names it.
    """

    lines: tuple[CostLine, ...]
    """The cost of each pool and control plane."""
    missing: tuple[str, ...] = ()
    """What could not be read, and so is not counted, such as ``autopilot pools``."""

    @property
    def now(self) -> Decimal:
        """US dollars an hour for the servers that there are, at the market price."""
        return total(line.now for line in self.lines)

    @property
    def expected(self) -> Decimal:
        """US dollars an hour for all requested servers, at the market price."""
        return total(line.expected for line in self.lines)

    @property
    def maximum(self) -> Decimal:
        """Maximum US dollars an hour: all servers, at their bids, budgets or fixed prices."""
        return total(line.maximum for line in self.lines)

    @property
    def now_per_month(self) -> Decimal:
        """`now` for a month of 730 hours."""
        return self.now * HOURS_PER_MONTH

    @property
    def expected_per_month(self) -> Decimal:
        """`expected` for a month of 730 hours."""
        return self.expected * HOURS_PER_MONTH

    @property
    def maximum_per_month(self) -> Decimal:
        """`maximum` for a month of 730 hours."""
        return self.maximum * HOURS_PER_MONTH

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names of the pools that have no known price."""
        return tuple(line.name for line in self.lines if line.now is None)

    def to_dict(self) -> dict[str, Any]:
        """Return the cost as JSON can hold it: money as exact text."""
        totals = ("now", "expected", "maximum")
        return {
            "lines": [
                {
                    "name": line.name,
                    "kind": line.kind,
                    "owner": line.owner,
                    "server_class": line.server_class,
                    "servers": line.servers,
                    "wanted": line.wanted,
                    **{name: _text(getattr(line, name)) for name in ("price", "bid", *totals)},
                }
                for line in self.lines
            ],
            "per_hour": {name: _text(getattr(self, name)) for name in totals},
            "per_month": {
                name: _text(round(getattr(self, f"{name}_per_month"), 2)) for name in totals
            },
            "unknown": [*self.unknown],
            "missing": [*self.missing],
        }

    def _repr_html_(self) -> str:
        from html import escape

        titles = ("what", "of", "class", "servers", "now", "expected", "at most")
        head = "".join(f"<th>{title}</th>" for title in titles)
        rows = [
            (line.name, line.owner, line.server_class, f"{line.servers}/{line.wanted}",
             _text(line.now), _text(line.expected), _text(line.maximum))
            for line in self.lines
        ]  # fmt: skip
        totals = (_text(self.now), _text(self.expected), _text(self.maximum))
        rows.append(("total an hour", "", "", "", *totals))
        cells = ("".join(f"<td>{escape(str(cell or ''))}</td>" for cell in row) for row in rows)
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        return f"<table><caption>USD an hour</caption><tr>{head}</tr>{body}</table>"


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """Return the sum of what is known."""
    return sum((amount for amount in amounts if amount is not None), ZERO)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
