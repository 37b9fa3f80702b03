"""What pools and control planes cost (docs/api-facts.md#costs)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from rsspot.models.node_pools import AutopilotNodePool, SpotNodePool
from rsspot.models.vms import VMPool
from rsspot.quantities import HOURS_PER_MONTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rsspot.models.catalog import ServerClass
    from rsspot.models.cloudspace import Cloudspace
    from rsspot.models.node_pools import OnDemandNodePool

__all__ = [
    "HA_CONTROL_PLANE_PER_MONTH",
    "Cost",
    "CostLine",
    "billed_price",
    "control_plane_cost",
    "pool_cost",
    "servers_cost",
]

HA_CONTROL_PLANE_PER_MONTH: Final = Decimal(40)
"""US dollars for a control plane with high availability; one without is free."""
HOURLY: Final = frozenset({"", "1h", "1h0m0s"})
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
    """What all servers that it wants cost at the market price; 0 while it bids less than that."""
    maximum: Decimal | None
    """What it costs at most: all servers that it wants, at its bid, budget or fixed price."""

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
        return _total(line.now for line in self.lines)

    @property
    def expected(self) -> Decimal:
        """US dollars an hour for all servers that are wanted, at the market price."""
        return _total(line.expected for line in self.lines)

    @property
    def maximum(self) -> Decimal:
        """US dollars an hour at most: all servers, at their bids, budgets or fixed prices."""
        return _total(line.maximum for line in self.lines)

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


def billed_price(known: ServerClass | None) -> Decimal | None:
    """Return what a server won at auction costs now: the market price, but at least the floor."""
    prices = () if known is None else (known.market_price, known.min_bid_price)
    return max((price for price in prices if price is not None), default=None)


def control_plane_cost(cloudspace: Cloudspace) -> CostLine:
    """Return the cost of the control plane of a cloudspace."""
    monthly = HA_CONTROL_PLANE_PER_MONTH if cloudspace.ha_control_plane else ZERO
    price = monthly / HOURS_PER_MONTH
    return CostLine(
        name="control plane",
        kind="control plane",
        owner=cloudspace.name,
        server_class="",
        servers=0,
        wanted=0,
        price=price,
        bid=None,
        now=price,
        expected=price,
        maximum=price,
    )


def pool_cost(
    pool: SpotNodePool | OnDemandNodePool | AutopilotNodePool | VMPool,
    classes: Mapping[str, ServerClass],
) -> CostLine:
    """Return the cost of a pool.

    pool: the pool.
    classes: the known server classes by their names.
    """
    if isinstance(pool, AutopilotNodePool):
        return _autopilot_cost(pool)
    wanted = pool.desired or 0
    if isinstance(pool, SpotNodePool) and pool.autoscaling:
        wanted = max(wanted, pool.max_nodes or 0)
    return servers_cost(
        classes.get(pool.server_class),
        name=pool.name,
        owner=pool.owner,
        server_class=pool.server_class,
        servers=pool.won if isinstance(pool, SpotNodePool | VMPool) else pool.reserved_count or 0,
        wanted=wanted,
        bid=None if pool.kind == "ondemand" else pool.price,
        kind=pool.kind,
    )


def servers_cost(
    known: ServerClass | None,
    *,
    wanted: int,
    bid: Decimal | None,
    kind: str,
    name: str = "",
    owner: str = "",
    server_class: str = "",
    servers: int = 0,
) -> CostLine:
    """Return the cost of servers of one class.

    known: the class, or None where it is not known.
    wanted: the number of servers that are wanted.
    bid: the bid for one server; None for a fixed price.
    kind: ``spot`` or ``ondemand``.
    name: the name of the pool.
    owner: what the pool belongs to.
    server_class: the name of the class.
    servers: the number of servers that there are.
    """
    if bid is None:
        price = most = _on_demand(known)
        expected = None if price is None else wanted * price
    else:
        price, most = billed_price(known), bid
        expected = None if price is None else ZERO if price > bid else wanted * price
    return CostLine(
        name=name,
        kind=kind,
        owner=owner,
        server_class=server_class,
        servers=servers,
        wanted=wanted,
        price=price,
        bid=bid,
        now=None if price is None else servers * price,
        expected=expected,
        maximum=None if most is None else max(wanted, servers) * most,
    )


def _autopilot_cost(pool: AutopilotNodePool) -> CostLine:
    bought = [(one.won_nodes or 0, one.desired_nodes, one.market_price) for one in pool.allocations]
    is_known = all(price is not None for won, wanted, price in bought if won or wanted)
    return CostLine(
        name=pool.name,
        kind="autopilot",
        owner=pool.owner,
        server_class=", ".join(dict.fromkeys(one.server_class for one in pool.allocations)),
        servers=sum(won for won, _, _ in bought),
        wanted=sum(wanted for _, wanted, _ in bought),
        price=None,
        bid=pool.budget_per_hour,
        now=_total(won * (price or ZERO) for won, _, price in bought) if is_known else None,
        expected=_total(w * (price or ZERO) for _, w, price in bought) if is_known else None,
        maximum=pool.budget_per_hour,
    )


def _on_demand(known: ServerClass | None) -> Decimal | None:
    if known is None or known.on_demand_interval not in HOURLY:
        return None
    return known.on_demand_price


def _total(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), ZERO)


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
