"""What one bid would have won, and paid, in the auctions of the past."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from rsspot.market.series import micros, money
from rsspot.models.quantities import next_rung
from rsspot.quantities import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from rsspot.market.series import Series

__all__ = ["Backtest", "BidResult", "backtest", "rungs"]

WEEK: Final = 604800


@frozen
class BidResult:
    """What one bid would have won in the period of a backtest."""

    bid: Decimal
    """US dollars an hour for one server."""
    share_won: float
    """The share of the time, from 0 to 1, in which the bid reached the market price."""
    interruptions: int
    """How often a server that was won would have been taken away."""
    interruptions_per_week: float
    """The same for a week, at the rate of the period."""
    longest_outage: timedelta
    """The longest time without a server, at the beginning and at the end too."""
    mean_paid: Decimal | None
    """The mean price while it won, but not less than the floor; None if it never won."""


@frozen
class Backtest:
    """A range of bids, replayed against the price history of one class."""

    server_class: str
    """The name of the class."""
    since: datetime
    """When the period begins."""
    until: datetime
    """When it ends."""
    requested: timedelta | None
    """How much history was asked for; None for all that there is."""
    floor: Decimal | None
    """The minimum bid of the class, or None where it is not known."""
    on_demand: Decimal | None
    """The on-demand price of the class, or None where it is not known."""
    results: tuple[BidResult, ...]
    """The result of each bid, lowest first."""

    @property
    def period(self) -> timedelta:
        """The length of the history behind it."""
        return self.until - self.since

    @property
    def is_short(self) -> bool:
        """Whether there was less history than was asked for."""
        return self.requested is not None and self.period < self.requested

    @property
    def basis(self) -> str:
        """The length of the history behind it, in words, and its beginning if it is short."""
        length = format_duration(self.period.total_seconds())
        if not self.is_short or self.requested is None:
            return f"{length} of price history, since {self.since:%Y-%m-%d %H:%M} UTC"
        requested = format_duration(self.requested.total_seconds())
        return (
            f"{length} of price history: {requested} were asked for, "
            f"but the feed begins at {self.since:%Y-%m-%d %H:%M} UTC"
        )

    def lowest(self, share: float) -> BidResult | None:
        """Return the lowest bid that won at least this share of the time, or None.

        Args:
            share: Share of the time from 0 to 1, such as 0.99.
        """
        return next((result for result in self.results if result.share_won >= share), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the backtest as JSON can hold it: money and times as text, lengths in seconds."""
        return {
            "server_class": self.server_class,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "requested_seconds": None if self.requested is None else self.requested.total_seconds(),
            "floor": _text(self.floor),
            "on_demand": _text(self.on_demand),
            "results": [
                {
                    "bid": _text(result.bid),
                    "share_won": result.share_won,
                    "interruptions": result.interruptions,
                    "interruptions_per_week": result.interruptions_per_week,
                    "longest_outage_seconds": result.longest_outage.total_seconds(),
                    "mean_paid": _text(result.mean_paid),
                }
                for result in self.results
            ],
        }

    def _repr_html_(self) -> str:
        from html import escape

        titles = ("bid", "won", "interruptions", "a week", "longest outage", "mean paid")
        head = "".join(f"<th>{title}</th>" for title in titles)
        rows = "".join(
            f"<tr><td>{r.bid:f}</td><td>{r.share_won:.1%}</td><td>{r.interruptions}</td>"
            f"<td>{r.interruptions_per_week:.1f}</td>"
            f"<td>{format_duration(r.longest_outage.total_seconds())}</td>"
            f"<td>{'' if r.mean_paid is None else f'{r.mean_paid:.4f}'}</td></tr>"
            for r in self.results
        )
        caption = escape(f"{self.server_class}: {self.basis}")
        return f"<table><caption>{caption}</caption><tr>{head}</tr>{rows}</table>"


def backtest(
    series: Series,
    *,
    server_class: str,
    bids: Sequence[Decimal] = (),
    period: timedelta | None = None,
    floor: Decimal | None = None,
    on_demand: Decimal | None = None,
) -> Backtest:
    """Return how a range of bids would have done against a series of prices.

    Args:
        series: Prices of the class.
        server_class: Name of the class.
        bids: Bids to replay, in USD an hour (default: each step of the bid ladder, from the floor
            to the lowest that always wins, and at most to the on-demand price).
        period: How much history to use, back from its end (default: all of it).
        floor: Minimum bid of the class, in USD an hour (default: None, not known).
        on_demand: On-demand price of the class, in USD an hour (default: None, not known).
    """
    start = series.start if period is None else series.end - int(period.total_seconds())
    used = series.since(start)
    lowest = 0 if floor is None else micros(floor)
    chosen = sorted({*bids}) or rungs(used.prices, floor=floor, on_demand=on_demand)
    return Backtest(
        server_class=server_class,
        since=datetime.fromtimestamp(used.start, UTC),
        until=datetime.fromtimestamp(used.end, UTC),
        requested=period,
        floor=floor,
        on_demand=on_demand,
        results=tuple(_replay(used, bid, lowest) for bid in chosen),
    )


def rungs(
    prices: Iterable[int], *, floor: Decimal | None, on_demand: Decimal | None
) -> list[Decimal]:
    """Return the steps of the bid ladder that make a difference, lowest first; at least one.

    prices: past prices, in millionths of a dollar.
    floor: the lowest possible bid; None for the lowest past price.
    on_demand: the highest sensible bid, unless it is below the floor; None for no limit.
    """
    ordered = sorted({*prices})
    at = 0
    found = [next_rung(money(ordered[0]) if floor is None else floor)]
    while (at := bisect_right(ordered, micros(found[-1]), at)) < len(ordered):
        rung = next_rung(money(ordered[at]))
        if on_demand is not None and rung > on_demand:
            break
        found.append(rung)
    return found


def _replay(series: Series, bid: Decimal, floor: int) -> BidResult:
    limit = micros(bid)
    won = paid = interruptions = outage = longest = 0
    was_won = False
    for price, seconds in series.held():
        if floor <= limit >= price:
            won += seconds
            paid += seconds * max(price, floor)
            was_won, outage = True, 0
        else:
            interruptions += was_won
            was_won, outage = False, outage + seconds
            longest = max(longest, outage)
    length = series.end - series.start
    return BidResult(
        bid=bid,
        share_won=won / length,
        interruptions=interruptions,
        interruptions_per_week=interruptions * WEEK / length,
        longest_outage=timedelta(seconds=longest),
        mean_paid=money(paid / won) if won else None,
    )


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
