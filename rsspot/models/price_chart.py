"""Draw price histories as SVG, with the standard library only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from rsspot.errors import InvalidInput
from rsspot.models.price_scale import common_places, price_scale, time_ticks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from decimal import Decimal

    from rsspot.models.price import PricePoint
    from rsspot.models.price_scale import PriceScale

__all__ = ["draw_svg"]

COLORS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9")
"""Colors that people with any color vision can tell apart (Okabe and Ito)."""
GREY, BID = "#6e7781", "#c0392b"
LEFT, RIGHT, TOP, BOTTOM, ROW = 62, 76, 26, 44, 16
LABEL_GAP = 12
MIN_WIDTH, MIN_HEIGHT = 200, 120
PERCENTILES = (20, 50, 80)


class Drawable(Protocol):
    """What a chart shows of a price history."""

    server_class: str
    floor: Decimal | None
    on_demand: Decimal | None

    def __iter__(self) -> Iterator[PricePoint]: ...
    def __len__(self) -> int: ...
    @property
    def since(self) -> datetime: ...
    @property
    def until(self) -> datetime: ...
    @property
    def low(self) -> Decimal: ...
    @property
    def mean(self) -> Decimal: ...
    @property
    def high(self) -> Decimal: ...
    def percentile(self, percentile: float) -> Decimal: ...
    def share_below(self, bid: Decimal) -> float: ...


def draw_svg(
    histories: Sequence[Drawable], bids: Sequence[Decimal], *, width: int, height: int
) -> str:
    """Return one picture of the histories and bids. Raises `InvalidInput` for a size too small."""
    if width < MIN_WIDTH or height < MIN_HEIGHT:
        raise InvalidInput(
            f"A chart of {width} by {height} pixels is too small",
            argument="width" if width < MIN_WIDTH else "height",
            hint=f"Ask for {MIN_WIDTH} by {MIN_HEIGHT} pixels or more",
        )
    drawn = [history for history in histories if history]
    body = _Chart(drawn, bids, width, height).body() if drawn else _empty(width, height)
    rows = len(drawn) + bool(bids)
    total = height + ROW * rows
    names = ", ".join(history.server_class for history in histories) or "no class"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{total}" '
        f'viewBox="0 0 {width} {total}" role="img" font-family="sans-serif" font-size="11" '
        f'style="max-width:100%;height:auto"><title>Prices of {_escaped(names)}</title>'
        f"{body}</svg>"
    )


class _Chart:
    """One chart: the scales, and each part of the picture."""

    def __init__(
        self, histories: Sequence[Drawable], bids: Sequence[Decimal], width: int, height: int
    ) -> None:
        self.histories, self.bids = histories, bids
        self.width, self.height = width, height
        self.right, self.bottom = width - RIGHT, height - BOTTOM
        self.start = min(history.since for history in histories)
        self.end = max(history.until for history in histories)
        floors = [history.floor for history in histories if history.floor is not None]
        prices = [point.price for history in histories for point in history]
        self.scale: PriceScale = price_scale(prices, [*floors, *bids])
        self.places = common_places(self.scale.ticks)

    def x(self, time: datetime) -> float:
        length = (self.end - self.start).total_seconds() or 1.0
        share = (time - self.start).total_seconds() / length
        return round(LEFT + share * (self.right - LEFT), 1)

    def y(self, price: Decimal) -> float:
        scale = self.scale
        share = float((min(price, scale.high) - scale.low) / (scale.high - scale.low))
        return round(self.bottom - share * (self.bottom - TOP), 1)

    def body(self) -> str:
        return "".join(
            (
                _text(4, 14, "USD an hour", anchor="start"),
                *self._axes(),
                *self._levels(),
                *(self._line(at, history) for at, history in enumerate(self.histories)),
                *self._spikes(),
                *self._legend(),
            )
        )

    def _axes(self) -> Iterator[str]:
        for price in self.scale.ticks:
            y = self.y(price)
            yield _rule(LEFT, y, self.right, y, GREY, opacity="0.2")
            yield _text(LEFT - 6, y + 4, f"{price:.{self.places}f}", anchor="end")
        room = max(2, (self.right - LEFT) // 70)
        for time, label in time_ticks(self.start, self.end, count=room):
            x = self.x(time)
            yield _rule(x, self.bottom, x, self.bottom + 4, GREY)
            yield _text(x, self.bottom + 16, label)
        yield _rule(LEFT, self.bottom, self.right, self.bottom, GREY)
        span = f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M} UTC"
        yield _text((LEFT + self.right) / 2, self.bottom + 32, span)

    def _levels(self) -> Iterator[str]:
        labels = sorted(self._marked(), key=lambda level: level[0], reverse=True)
        below = 0.0
        for price, color, dashes, label in labels:
            y = self.y(price)
            below = max(y + 4, below + LABEL_GAP)
            yield _rule(LEFT, y, self.right, y, color, dashes=dashes)
            yield _text(self.right + 4, below, label, anchor="start", color=color)

    def _marked(self) -> Iterator[tuple[Decimal, str, str, str]]:
        """Yield each horizontal line: its price, color, dashes and label."""
        if len(self.histories) == 1:
            (history,) = self.histories
            for p in PERCENTILES:
                yield history.percentile(p), GREY, "1 3", f"{p}%"
            if history.on_demand is not None and history.on_demand <= self.scale.high:
                yield history.on_demand, GREY, "8 3", "on demand"
        for at, history in enumerate(self.histories):
            if history.floor is not None:
                yield history.floor, COLORS[at % len(COLORS)], "2 2", "floor"
        for bid in self.bids:
            yield bid, BID, "6 3", f"bid {bid:f}"

    def _line(self, at: int, history: Drawable) -> str:
        steps: list[str] = []
        previous: float | None = None
        for x, y in self._reduced(history):
            if previous is None:
                steps.append(f"M{x:g} {y:g}")
            elif y != previous:
                steps.append(f"H{x:g}V{y:g}")
            previous = y
        steps.append(f"H{self.x(history.until):g}")
        color = COLORS[at % len(COLORS)]
        return f'<path d="{"".join(steps)}" fill="none" stroke="{color}" stroke-width="1.5"/>'

    def _reduced(self, history: Drawable) -> Iterator[tuple[float, float]]:
        """Yield at most four points a pixel: the first, highest, lowest and last in it."""
        column: list[tuple[float, float]] = []
        for point in history:
            here = self.x(point.time), self.y(point.price)
            if column and int(here[0]) != int(column[0][0]):
                yield from _outline(column)
                column = []
            column.append(here)
        yield from _outline(column)

    def _spikes(self) -> Iterator[str]:
        if not self.scale.is_cut:
            return
        for at, history in enumerate(self.histories):
            color = COLORS[at % len(COLORS)]
            columns = {int(self.x(p.time)) for p in history if p.price > self.scale.high}
            for x in sorted(columns):
                yield f'<path d="M{x - 3} {TOP - 2}l3 -5l3 5z" fill="{color}"/>'

    def _legend(self) -> Iterator[str]:
        y = self.height + 4
        for at, history in enumerate(self.histories):
            yield _rule(LEFT, y - 4, LEFT + 18, y - 4, COLORS[at % len(COLORS)])
            facts = [f"low {history.low:f}", f"mean {history.mean:.4f}", f"high {history.high:f}"]
            if history.floor is not None:
                facts.append(f"floor {history.floor:f}")
            if history.on_demand is not None:
                facts.append(f"on demand {history.on_demand:f}")
            yield _text(LEFT + 24, y, f"{history.server_class}: {', '.join(facts)}", anchor="start")
            y += ROW
        if self.bids:
            won = ", ".join(self._won(bid) for bid in self.bids)
            yield _rule(LEFT, y - 4, LEFT + 18, y - 4, BID, dashes="6 3")
            yield _text(LEFT + 24, y, won, anchor="start")

    def _won(self, bid: Decimal) -> str:
        shares = "/".join(f"{history.share_below(bid):.1%}" for history in self.histories)
        return f"bid {bid:f} wins {shares}"


def _outline(column: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    if len(column) <= 4:  # noqa: PLR2004 - as many as there would be
        yield from column
        return
    inner = sorted((min(column, key=lambda at: at[1]), max(column, key=lambda at: at[1])))
    yield from (column[0], *inner, column[-1])


def _rule(
    x1: float, y1: float, x2: float, y2: float, color: str, *, dashes: str = "", opacity: str = ""
) -> str:
    dash = f' stroke-dasharray="{dashes}"' if dashes else ""
    faint = f' stroke-opacity="{opacity}"' if opacity else ""
    return f'<path d="M{x1:g} {y1:g}L{x2:g} {y2:g}" stroke="{color}"{dash}{faint}/>'


def _text(x: float, y: float, text: str, *, anchor: str = "middle", color: str = GREY) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" fill="{color}">{_escaped(text)}</text>'
    )


def _empty(width: int, height: int) -> str:
    return _text(width / 2, height / 2, "No auctions in this time")


def _escaped(text: str) -> str:
    from html import escape

    # SVG is XML, which has no way to write control characters.
    return escape("".join(char if char.isprintable() else " " for char in text))
