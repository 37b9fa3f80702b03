"""The scales of a price chart: which range it shows, and where the ticks are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Final

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

__all__ = ["PriceScale", "price_scale", "time_ticks"]

SPIKE: Final = Decimal(2)
"""A highest price above this multiple of the usual ones is cut off, so that they stay readable."""
USUAL: Final = 98
"""The percentile up to which prices are usual."""
MARGIN: Final = Decimal("0.06")
_STEPS: Final = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_PERIODS: Final = (
    *(timedelta(minutes=count) for count in (1, 5, 10, 15, 30)),
    *(timedelta(hours=count) for count in (1, 2, 3, 6, 12)),
    *(timedelta(days=count) for count in (1, 2, 7, 14, 30, 91, 182, 365)),
)
MONDAY: Final = datetime(2024, 1, 1)  # noqa: DTZ001 - in whichever zone the chart has


@frozen
class PriceScale:
    """The range of prices that a chart shows, in US dollars an hour."""

    low: Decimal
    high: Decimal
    is_cut: bool
    """Whether prices above `high` are cut off."""
    ticks: tuple[Decimal, ...]


def price_scale(
    prices: Iterable[Decimal], lines: Iterable[Decimal] = (), *, count: int = 5
) -> PriceScale:
    """Return a scale for some prices, at least one of them.

    prices: what is drawn.
    lines: further prices that have to be in the picture, such as bids.
    count: about how many ticks there are.
    """
    ordered, shown = sorted(prices), sorted(lines)
    usual = max([ordered[min(len(ordered) - 1, len(ordered) * USUAL // 100)], *shown])
    is_cut = ordered[-1] > usual * SPIKE
    high = usual if is_cut else max(ordered[-1], usual)
    low = min([ordered[0], *shown])
    room = (high - low) * MARGIN or max(high * MARGIN, Decimal("0.001"))
    low, high = max(Decimal(0), low - room), high + room * (3 if is_cut else 1)
    return PriceScale(low, high, is_cut, _price_ticks(low, high, count))


def time_ticks(
    start: datetime, end: datetime, zone: tzinfo | None = UTC, *, count: int = 6
) -> list[tuple[datetime, str]]:
    """Return round times from `start` to `end`, each with its label.

    zone: the zone that times are round in and written in; None is the local one.
    count: the maximum number of ticks.
    """
    period = next((p for p in _PERIODS if (end - start) / p <= count - 1), _PERIODS[-1])
    first = start.astimezone(zone)
    offset = (first.replace(tzinfo=None) - MONDAY) % period
    moment = first if not offset else first + (period - offset)
    days = period >= timedelta(days=1)
    ticks: list[tuple[datetime, str]] = []
    while moment <= end:
        local = moment.astimezone(zone)
        midnight = (local.hour, local.minute) == (0, 0)
        ticks.append((local, f"{local:%m-%d}" if days or midnight else f"{local:%H:%M}"))
        moment += period
    return ticks or [(first, f"{first:%H:%M}")]


def common_places(amounts: Sequence[Decimal]) -> int:
    """Return the number of decimal places that these amounts need, at least two."""
    return max([2, *(-int(amount.normalize().as_tuple().exponent) for amount in amounts)])


def _price_ticks(low: Decimal, high: Decimal, count: int) -> tuple[Decimal, ...]:
    rough = (high - low) / max(1, count)
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(factor * power for factor in _STEPS if factor * power >= rough)
    first = (low / step).to_integral_value(ROUND_CEILING)
    last = (high / step).to_integral_value(ROUND_FLOOR)
    return tuple(step * (first + at) for at in range(int(last - first) + 1))
