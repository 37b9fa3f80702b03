"""Read the data of a plan, and check its request."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, TypeAlias

from rsspot.errors import InvalidInput
from rsspot.market.plan import STRATEGIES, PlanRequest
from rsspot.models.names import did_you_mean
from rsspot.models.quantities import count
from rsspot.quantities import parse_rate, parse_size

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Share", "read_request"]

Share: TypeAlias = Decimal | float | str
"""A share from 0 to 1, such as 0.99 or ``"99%"``."""

MAX_POOLS = 3
"""Pools of a plan, where the caller does not say."""
MOST_POOLS = 6
MOST_NODES = 1000
"""The vendor's guideline for an account (docs/api-facts.md#account-limits)."""
HUNDRED = 100
_RANGE = re.compile(r"\s*(\d{1,3})\s*(?:(?:\.\.|-)\s*(\d{1,3})\s*)?")


def read_request(
    *,
    cpus: Any,
    memory: int | str | None,
    nodes: int | None,
    regions: Iterable[str] | None,
    availability: Share | None,
    budget: Decimal | str | int | None,
    pools: Any,
    strategy: str,
) -> PlanRequest:
    """Return a request for a plan, from what a caller passed. Raises `InvalidInput`."""
    preset = STRATEGIES.get(strategy)
    if preset is None:
        raise InvalidInput(
            f"strategy is {strategy!r:.80}; there are {', '.join(STRATEGIES)}",
            argument="strategy",
            hint=did_you_mean(str(strategy), STRATEGIES),
        )
    wanted = Decimal(0) if cpus is None else _read_cpus(cpus)
    size = 0 if memory is None else parse_size("memory", memory)
    if not wanted and not size and nodes is None:
        raise InvalidInput(
            "A plan needs a number of CPUs, an amount of memory, or a number of servers",
            argument="cpus",
            hint='Pass cpus=32, memory="128GB" or nodes=3',
        )
    number = count("nodes", nodes, 1)
    if number is not None and number > MOST_NODES:
        raise InvalidInput(f"nodes is {number}; {MOST_NODES} is the maximum", argument="nodes")
    low, high = (1, MAX_POOLS) if pools is None else _read_pools(pools)
    if number is not None and low > number:
        raise InvalidInput(
            f"{low} pools need at least {low} servers, not {number}",
            argument="pools",
            hint=f"Ask for {low} servers or more",
        )
    names = (regions,) if isinstance(regions, str) else tuple(regions or ())
    return PlanRequest(
        cpus=wanted,
        memory=size,
        nodes=number,
        regions=names,
        availability=preset.availability if availability is None else _read_share(availability),
        budget=None if budget is None else parse_rate("budget", budget),
        pools=(low, high),
        strategy=strategy,
        fewest=preset.fewest,
    )


def _read_cpus(value: Any) -> Decimal:
    try:
        amount = Decimal(-1) if isinstance(value, bool) else Decimal(str(value))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise InvalidInput(f"cpus is {value!r:.80}, which is not a number of CPUs", argument="cpus")
    if amount > HUNDRED * MOST_NODES:
        raise InvalidInput(
            f"cpus is {value!r:.80}, which is too many for one plan",
            argument="cpus",
            hint=f"Plan at most {HUNDRED * MOST_NODES:,} at a time",
        )
    return amount


def _read_share(value: Share) -> Decimal:
    text = str(value).strip()
    try:
        amount = Decimal(text.removesuffix("%")) / (HUNDRED if text.endswith("%") else 1)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite():
        amount = Decimal(-1)
    if isinstance(value, bool) or not 0 <= amount <= 1:
        meant = amount / HUNDRED
        raise InvalidInput(
            f"availability is {value!r:.80}, which is not a share from 0 to 1",
            argument="availability",
            hint=f"Did you mean {meant.normalize():f}?"
            if 1 < amount <= HUNDRED
            else "Write a share such as 0.99 or 99%",
        )
    return amount


def _read_pools(value: Any) -> tuple[int, int]:
    low: Any = value
    high: Any = value
    if isinstance(value, str):
        match = _RANGE.fullmatch(value)
        low, high = (int(match[1]), int(match[2] or match[1])) if match else (0, 0)
    elif isinstance(value, tuple | list):
        pair: list[Any] = [*value]  # pyright: ignore[reportUnknownArgumentType] - of anything
        low, high = pair if len(pair) == 2 else (0, 0)  # noqa: PLR2004 - a pair
    if type(low) is not int or type(high) is not int or not 1 <= low <= high <= MOST_POOLS:
        raise InvalidInput(
            f"pools is {value!r:.80}, which is not a number of pools from 1 to {MOST_POOLS}",
            argument="pools",
            hint="Write a number or a range, such as 2 or 2..4",
        )
    return low, high
