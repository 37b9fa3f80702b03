"""Transactions on one file, each with its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

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
        clock, connections = self._clock, self._connections
        if not self._clock_is_current:
            if not connections.read(clock.is_current):
                self.write(lambda _connection, _moment: None)
            self._clock_is_current = True
        return connections.read(
            lambda connection: work(connection, clock.moment(connection, writing=False))
        )
