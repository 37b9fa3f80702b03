"""The input and the result of a search for the cheapest pools."""

from __future__ import annotations

from typing import Final

from attrs import field, frozen

__all__ = ["MAX_STEPS", "MILLION", "Candidate", "Choice", "Demand", "Solution", "Steps"]

MAX_STEPS: Final = 150_000
"""Steps after which a search ends with the best so far."""
MILLION: Final = 1_000_000


@frozen(eq=False)
class Candidate:
    """One class that may be bought, in one region."""

    name: str
    cpu: int
    """Thousandths of a CPU."""
    memory: int
    """Bytes."""
    price: int
    """What one server is expected to cost, in millionths of a dollar an hour."""
    bids: tuple[int, ...]
    """The bids to choose from, lowest first, in millionths of a dollar an hour."""
    won: tuple[int, ...]
    """The pieces of the timeline that each of the bids wins."""
    known: int
    """The pieces of the timeline of which the price is known."""
    limit: int = MILLION
    """The number of servers that there are."""


@frozen
class Demand:
    """The requested capacity."""

    cpu: int = 0
    """Thousandths of a CPU, at least."""
    memory: int = 0
    """Bytes, at least."""
    nodes: int | None = None
    """The number of servers, exactly; None for any."""
    min_pools: int = 1
    max_pools: int = 3
    share: int = 0
    """Millionths of the time in which all of it has to be there."""
    budget: int | None = None
    """Millionths of a dollar an hour that the bids may come to; None for any."""
    fewest: bool = False
    """Whether few servers matter more than a low price."""
    by_bids: bool = False
    """Whether the sum of the bids is to be low, rather than the expected cost."""


@frozen
class Choice:
    """Servers of one class, at one bid."""

    candidate: Candidate
    count: int
    bid: int


@frozen
class Solution:
    """The result of a search."""

    key: tuple[int, int]
    """The costs that were minimized, the most important first."""
    choices: tuple[Choice, ...]
    won: int = field(eq=False)
    """The pieces of time in which all that was asked for is there."""
    known: int = field(eq=False)
    """The pieces of time of which all prices are known."""


class Steps:
    """The steps that are left for a search, or for several that share them."""

    def __init__(self, left: int = MAX_STEPS) -> None:
        self.left = left
