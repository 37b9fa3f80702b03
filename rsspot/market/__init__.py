"""The market, computed: what a bid would have won, what pools cost, and which ones to buy.

Nothing here does I/O. `client.pricing` reads the prices and calls this; it can also be used alone,
with prices from anywhere. Each name is imported when it is first used.

Packages that it imports: `models`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rsspot.market.cost import Cost, CostLine
    from rsspot.market.plan import Plan, PlannedPool, PlanRequest
    from rsspot.market.planner import make_plan
    from rsspot.market.replay import Backtest, BidResult, backtest
    from rsspot.market.series import Series

__all__ = [
    "Backtest",
    "BidResult",
    "Cost",
    "CostLine",
    "Plan",
    "PlanRequest",
    "PlannedPool",
    "Series",
    "backtest",
    "make_plan",
]

_MODULES = {
    "cost": ("Cost", "CostLine"),
    "plan": ("Plan", "PlanRequest", "PlannedPool"),
    "planner": ("make_plan",),
    "replay": ("Backtest", "BidResult", "backtest"),
    "series": ("Series",),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}


if not TYPE_CHECKING:  # a type checker would accept any name

    def __getattr__(name: str) -> object:
        module = _MODULE_OF.get(name)
        if module is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        value = globals()[name] = getattr(import_module(f"{__name__}.{module}"), name)
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
