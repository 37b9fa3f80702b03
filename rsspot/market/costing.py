"""The cost of one part of a cloudspace at current market prices."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from attrs import evolve

from rsspot.market.cost import ZERO, CostLine, total
from rsspot.models.autopilot import AutopilotNodePool
from rsspot.models.node_pools import SpotNodePool
from rsspot.models.vms import VMPool
from rsspot.quantities import HOURS_PER_MONTH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rsspot.models.catalog import ServerClass
    from rsspot.models.cloudspace import Cloudspace
    from rsspot.models.node_pools import OnDemandNodePool

__all__ = [
    "HA_CONTROL_PLANE_PER_MONTH",
    "billed_price",
    "control_plane_cost",
    "pool_cost",
    "servers_cost",
]

HA_CONTROL_PLANE_PER_MONTH: Final = Decimal(40)
"""US dollars for a control plane with high availability; one without is free."""
HOURLY: Final = frozenset({"", "1h", "1h0m0s"})


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
    line = (
        _autopilot_cost(pool) if isinstance(pool, AutopilotNodePool) else _pool_cost(pool, classes)
    )
    return evolve(line, key=pool.key or "")


def _pool_cost(
    pool: SpotNodePool | OnDemandNodePool | VMPool, classes: Mapping[str, ServerClass]
) -> CostLine:
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
        now=total(won * (price or ZERO) for won, _, price in bought) if is_known else None,
        expected=total(w * (price or ZERO) for _, w, price in bought) if is_known else None,
        maximum=pool.budget_per_hour,
    )


def _on_demand(known: ServerClass | None) -> Decimal | None:
    if known is None or known.on_demand_interval not in HOURLY:
        return None
    return known.on_demand_price
