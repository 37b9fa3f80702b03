"""Draw charts with characters: price histories, and what bids would have won."""

from __future__ import annotations

import os
import shutil
import sys
from importlib import import_module
from textwrap import fill
from typing import TYPE_CHECKING, Any, Final

from rsspot.cli.output.formatting import format_money
from rsspot.models.price_scale import common_places, price_scale, time_ticks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from decimal import Decimal

    from rsspot.market import Backtest
    from rsspot.models import PriceHistory

__all__ = ["draw_curve", "draw_histories", "uses_ascii"]

MIN_WIDTH, HEIGHT, CURVE_HEIGHT = 30, 18, 12
LABEL_WIDTH: Final = 9
"""Columns that one label of the time axis takes, with its space."""
COLORS: Final = ("cyan", "orange", "green", "magenta", "yellow", "blue")
PERCENTILES: Final = (20, 50, 80)
_ASCII: Final = str.maketrans("┌┐└┘├┤┬┴┼─│·╌", "+++++++++-|.-")


def draw_histories(
    histories: Sequence[PriceHistory], bids: Sequence[Decimal], *, color: bool
) -> str | None:
    """Return a chart of price histories with a summary line for each.

    Returns None if they cannot be drawn, because there is none, or a time or a price is out of
    range.
    """
    drawn = [history for history in histories if history]
    try:
        return _draw(drawn, bids, color=color) if drawn else None
    except (ValueError, ArithmeticError, OSError):
        return None


def draw_curve(found: Backtest, *, color: bool) -> str | None:
    """Return a chart of the share of the time that each bid won; None for less than two bids."""
    bids = [float(result.bid) for result in found.results]
    if len(bids) < 2:  # noqa: PLR2004 - no curve
        return None
    plot = _figure(CURVE_HEIGHT)
    shares = [100 * result.share_won for result in found.results]
    plot.plot(bids, shares, marker=_marker(), color=COLORS[0])
    plot.xlim(bids[0], bids[-1])
    plot.ylim(0, 100)
    room = max(2, _width() // 10)
    shown = bids[:: -(-len(bids) // room)]
    plot.xticks(shown, [f"{bid:g}" for bid in shown])
    plot.yticks([0, 25, 50, 75, 100], ["0%", "25%", "50%", "75%", "100%"])
    plot.title(f"{found.server_class}: share of the time won")
    plot.xlabel("bid, USD an hour")
    return _built(plot, color=color)


def uses_ascii() -> bool:
    """Return whether the terminal may show nothing but ASCII, by its encoding and its locale."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        "⠿─│".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return True
    name = _locale()
    charset = name.partition(".")[2].partition("@")[0].lower().replace("-", "")
    return name in {"C", "POSIX"} or charset not in {"", "utf8"}


def _locale() -> str:
    """Return the locale of characters that the user has set, or nothing."""
    known = os.environ.get
    ctype = known("LC_CTYPE")
    if sys.flags.utf8_mode and ctype == "C.UTF-8":
        ctype = None  # Python itself sets it where the locale is C (PEP 538)
    return known("LC_ALL") or ctype or known("LANG") or ""


def _draw(histories: Sequence[PriceHistory], bids: Sequence[Decimal], *, color: bool) -> str:
    prices = [point.price for history in histories for point in history]
    floors = [history.floor for history in histories if history.floor is not None]
    scale = price_scale(prices, [*floors, *bids])
    start = min(history.since for history in histories).astimezone()
    end = max(history.until for history in histories).astimezone()
    plot = _figure(HEIGHT)
    low, high = float(scale.low), float(scale.high)
    span = [start.timestamp(), max(end.timestamp(), start.timestamp() + 1)]
    plot.xlim(*span)
    plot.ylim(low, high)
    for price, mark, label in _levels(histories, bids):
        if price <= scale.high:
            plot.plot(
                span, [float(price)] * 2, marker=mark, color="red" if "bid" in label else "gray"
            )
    for at, history in enumerate(histories):
        marker = _marker() if len(histories) == 1 or not uses_ascii() else "*+ox#@"[at % 6]
        xs, ys = _steps(history, high)
        plot.plot(xs, ys, marker=marker, color=COLORS[at % len(COLORS)])
    for price, _, label in _levels(histories, bids):
        if price <= scale.high:
            plot.text(f" {label}", x=span[1], y=float(price), alignment="right")
    ticks = time_ticks(start, end, None, count=max(2, _width() // LABEL_WIDTH))
    plot.xticks([time.timestamp() for time, _ in ticks], [label for _, label in ticks])
    places = common_places(scale.ticks)
    plot.yticks([float(tick) for tick in scale.ticks], [f"{t:.{places}f}" for t in scale.ticks])
    names = ", ".join(history.server_class for history in histories)
    plot.title(f"{names}, USD an hour")
    plot.xlabel(f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} {_zone(end)}")
    cut = f"prices above {high:.3f} are cut off\n" if scale.is_cut else ""
    summaries = "".join(
        f"{fill(_summary(history, bids), _width(), subsequent_indent='  ')}\n"
        for history in histories
    )
    return f"{_built(plot, color=color)}{cut}{summaries}"


def _levels(
    histories: Sequence[PriceHistory], bids: Sequence[Decimal]
) -> Iterator[tuple[Decimal, str, str]]:
    """Yield each horizontal line: its price, its character and its label."""
    dot, dash = (".", "-") if uses_ascii() else ("·", "╌")
    if len(histories) == 1:
        (history,) = histories
        for p in PERCENTILES:
            yield history.percentile(p), dot, f"{p}%"
        if history.on_demand is not None:
            yield history.on_demand, dash, "on demand"
    for history in histories:
        if history.floor is not None:
            yield history.floor, dot, "floor"
    for bid in bids:
        yield bid, dash, f"bid {bid:f}"


def _steps(history: PriceHistory, high: float) -> tuple[list[float], list[float]]:
    xs: list[float] = []
    ys: list[float] = []
    for point in history:
        time, price = point.time.timestamp(), min(float(point.price), high)
        if ys and ys[-1] != price:  # a price holds until the next auction
            xs.append(time)
            ys.append(ys[-1])
        xs.append(time)
        ys.append(price)
    return xs, ys


def _summary(history: PriceHistory, bids: Sequence[Decimal]) -> str:
    known: dict[str, Decimal | None] = {
        "now": history[-1].price,
        "low": history.low,
        **{f"{p}%": history.percentile(p) for p in PERCENTILES},
        "high": history.high,
        "floor": history.floor,
        "on demand": history.on_demand,
    }
    named = {name: price for name, price in known.items() if price is not None}
    texts = zip(named, format_money([*named.values()]), strict=True)
    won = "".join(f", bid {bid:f} wins {history.share_below(bid):.1%}" for bid in bids)
    facts = ", ".join(f"{name} {text}" for name, text in texts)
    return f"{history.server_class}: {facts}{won} ({len(history)} auctions)"


def _figure(height: int) -> Any:
    plot: Any = import_module("plotext")  # it has no types
    plot.clear_figure()
    plot.theme("clear")
    plot.limitsize(False, False)  # noqa: FBT003 - its interface
    plot.plot_size(_width(), height)
    return plot


def _built(plot: Any, *, color: bool) -> str:
    picture = str(plot.build())
    if not color:
        picture = str(plot.uncolorize(picture))
    if uses_ascii():
        picture = picture.translate(_ASCII)
    return "".join(f"{line.rstrip()}\n" for line in picture.splitlines())


def _width() -> int:
    return max(MIN_WIDTH, shutil.get_terminal_size().columns)


def _marker() -> str:
    return "*" if uses_ascii() else "braille"


def _zone(time: datetime) -> str:
    offset = f"UTC{time:%z}"
    return "UTC" if offset == "UTC+0000" else f"{time:%Z} ({offset[:-2]}:{offset[-2:]})"
