"""The columns of pools of all kinds: what a pool has, what it bids, and what servers cost now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rsspot.cli.output.column import Column
from rsspot.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from rsspot import SpotClient
    from rsspot.cli.output.column import Columns
    from rsspot.cli.session import Session
    from rsspot.models import Pool, ServerClass

__all__ = ["known_classes", "market_price", "pool_columns", "show_pool", "show_pools"]

LOST = frozenset({"lost", "losing", "outbid", "error", "failed"})


def show_pools(session: Session, spot: SpotClient, pools: Sequence[Pool[Any]]) -> None:
    """Show pools, with what a server of their class costs now."""
    classes = known_classes(spot) if pools and session.reads_columns else {}
    session.show([*pools], pool_columns(classes))


def show_pool(session: Session, spot: SpotClient, pool: Pool[Any]) -> None:
    """Show the details of a pool, and why its bid is losing, if it is."""
    classes = known_classes(spot) if session.reads_columns else {}
    market = market_price(pool, classes)
    more = [("market price", market), ("problem", pool.explain_loss(market))]
    session.show_one(pool, more=more)


def pool_columns(classes: Mapping[str, ServerClass]) -> Columns[Pool[Any]]:
    """Return the columns; `classes` are the server classes by name."""

    def now(pool: Pool[Any]) -> Decimal | None:
        known = classes.get(_server_class(pool) or "")
        if known is not None and pool.kind == "ondemand":
            return known.on_demand_price
        return market_price(pool, classes)

    return (
        Column("NAME", lambda item: item.key or item.name, is_id=True),
        Column("CLOUDSPACE", lambda item: item.owner, 2),
        Column("CLASS", _server_class, 4),
        Column("KIND", lambda item: item.kind, 6),
        Column("HAS", lambda item: item.progress, right=True, color=_color),
        Column("BID", lambda item: None if item.kind == "autopilot" else item.price, 1),
        Column("NOW", now, 3),
        Column(
            "BUDGET",
            lambda item: item.price if item.kind == "autopilot" else None,
            5,
            optional=True,
        ),
        Column("STATUS", lambda item: item.status, color=_color),
        Column("ID", lambda item: item.name if item.key else None, 9, is_id=True, optional=True),
        Column("IMAGE", lambda item: getattr(item, "image", None), 8, optional=True),
        Column(
            "PROBLEM",
            lambda item: item.explain_loss(market_price(item, classes)),
            7,
            wraps=True,
            optional=True,
            below=True,
        ),
    )


def market_price(pool: Pool[Any], classes: Mapping[str, ServerClass]) -> Decimal | None:
    """Return what a server of the pool's class costs at the market now, if it is known."""
    known = classes.get(_server_class(pool) or "")
    return None if known is None else known.market_price


def known_classes(spot: SpotClient) -> dict[str, ServerClass]:
    """Return the server classes by name; none where they cannot be read."""
    try:
        found = spot.with_options(timeout=10).server_classes.list()
    except RequestError:
        return {}
    return {item.name: item for item in found}


def _server_class(pool: Pool[Any]) -> str | None:
    return getattr(pool, "server_class", None)  # autopilot pools have several


def _color(pool: Pool[Any]) -> str:
    if pool.is_ready:
        return "green"
    return "red" if pool.status.casefold() in LOST else "yellow"
