"""Transactions on one file, each with its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator

    from rsspot.state.sqlite.connections import Connections
    from rsspot.state.sqlite.lease_clock import LeaseClock, Moment

__all__ = ["Transactions"]

T = TypeVar("T")


class Transactions:
    """Run work over `connections`, with the time by `clock` at which it runs."""

    def __init__(self, connections: Connections, clock: LeaseClock) -> None:
        self._connections = connections
        self._clock = clock
        self._clock_is_current = False

    def write(self, work: Callable[[sqlite3.Connection, Moment], T]) -> T:
        """Run `work` in a transaction, with the time of that transaction."""
        clock = self._clock
        return self._connections.write(
            lambda connection: work(connection, clock.moment(connection, writing=True))
        )

    def read(self, work: Callable[[sqlite3.Connection, Moment], T]) -> T:
        """Run `work`, which only reads, with the current time."""
        self._bring_clock_up_to_date()
        clock = self._clock
        return self._connections.read(
            lambda connection: work(connection, clock.moment(connection, writing=False))
        )

    def read_pages(
        self, pages: Callable[[sqlite3.Connection, Moment], Iterable[list[T]]]
    ) -> Iterator[list[T]]:
        """Yield pages of one snapshot, with its time."""
        self._bring_clock_up_to_date()
        clock = self._clock
        yield from self._connections.read_pages(
            lambda connection: pages(connection, clock.moment(connection, writing=False))
        )

    def _bring_clock_up_to_date(self) -> None:
        if not self._clock_is_current:
            if not self._connections.read(self._clock.is_current):
                self.write(lambda _connection, _moment: None)
            self._clock_is_current = True
