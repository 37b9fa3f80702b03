"""Draw a price history with characters."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from importlib import import_module
from statistics import median_low
from typing import TYPE_CHECKING, Any

from rsspot.cli.output.formatting import format_money, format_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rsspot.models import PricePoint

__all__ = ["draw"]

MAX_WIDTH, HEIGHT = 100, 16
TICKS = 5
PLACES = 4
TWO_DAYS = 2 * 86400.0


def draw(title: str, points: Sequence[PricePoint], *, color: bool) -> str | None:
    """Return a chart of the prices and a summary line.

    Returns None if they cannot be drawn, because a time or a price is out of range.
    """
    try:
        return _draw(title, points, color=color)
    except (ValueError, ArithmeticError, OSError):
        return None


def _draw(title: str, points: Sequence[PricePoint], *, color: bool) -> str:
    plotext: Any = import_module("plotext")  # it has no types
    width = min(shutil.get_terminal_size().columns, MAX_WIDTH)
    prices = [point.price for point in points]
    times = [point.time.timestamp() for point in points]
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(width, HEIGHT)
    plotext.title(f"{title}, USD an hour")
    plotext.plot(times, [float(price) for price in prices], marker="braille", color="cyan")
    steps = [step / (TICKS - 1) for step in range(TICKS)]
    ticks = [times[0] + (times[-1] - times[0]) * step for step in steps]
    days = times[-1] - times[0] > TWO_DAYS
    plotext.xticks(ticks, [f"{_local(tick):{'%m-%d' if days else '%H:%M'}}" for tick in ticks])
    low, high = float(min(prices)), float(max(prices))
    levels = sorted({round(low + (high - low) * step, PLACES) for step in steps})
    plotext.yticks(levels, [f"{level:.{PLACES}f}" for level in levels])
    picture = str(plotext.build())
    if not color:
        picture = str(plotext.uncolorize(picture))
    lines = "".join(f"{line.rstrip()}\n" for line in picture.splitlines())
    return f"{lines}{_summary(points)}\n"


def _local(time: float) -> datetime:
    return datetime.fromtimestamp(time, UTC).astimezone()


def _summary(points: Sequence[PricePoint]) -> str:
    prices = [point.price for point in points]
    last, low, median, high = format_money(
        [prices[-1], min(prices), median_low(prices), max(prices)]
    )
    since = format_time(points[0].time)
    return (
        f"last {last}, min {low}, median {median}, max {high}: {len(points)} auctions since {since}"
    )
