"""The times in the ledger: one for people, and one for leases."""

from __future__ import annotations

import math
import time
import warnings
from typing import TYPE_CHECKING, NamedTuple

from rsspot.errors import StateError
from rsspot.state.database import LATEST
from rsspot.state.uptime import uptime

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from rsspot.state.database import FromNow
    from rsspot.state.uptime import Uptime

__all__ = ["LeaseClock", "Moment"]

DAY = 86400.0
WALL = "wall clock"
"""The name of the boot on platforms without a clock since the boot."""

KNOWN = "SELECT value FROM meta WHERE name = ?"
KEEP = "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)"
CLOCK, SEEN = "lease_clock", "lease_time"


class Moment(NamedTuple):
    """The time of a transaction: seconds since the epoch for people, and seconds for leases."""

    wall: float
    lease: float

    def at(self, value: FromNow) -> float:
        """Return a duration from now as seconds since the epoch, within the years of a datetime."""
        return min(self.wall + value, LATEST)


class LeaseClock:
    """Determines when leases end, independently of changes of the wall clock.

    Leases and due times are measured since the start of the machine, and are void after a restart.
    If the platform does not provide that time, they are measured by the wall clock as this process
    first read it, and by the monotonic clock of the process from then on. This time is never before
    the latest time in the file. A wall clock that is more than a day ahead of it is reported once,
    and ignored.
    """

    def __init__(
        self,
        now: Callable[[], float] = time.time,
        since_boot: Callable[[], Uptime | None] = uptime,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now = now
        self._since_boot = since_boot
        self._monotonic = monotonic
        self._anchor: tuple[float, float] | None = None

    def moment(self, connection: sqlite3.Connection, *, writing: bool) -> Moment:
        """Return the time according to the file. Only a writer updates the file."""
        wall = self.wall()
        since_boot = self._since_boot()
        name = WALL if since_boot is None else since_boot.boot
        known = _value(connection, CLOCK)
        lease = since_boot.seconds if since_boot else self._without_boot(connection, wall)
        if writing:
            if since_boot is None:
                connection.execute(KEEP, (SEEN, repr(lease)))
            if known != name:
                _rebase(connection, Moment(wall, lease), first=known is None)
                connection.execute(KEEP, (CLOCK, name))
        return Moment(wall, lease)

    def is_current(self, connection: sqlite3.Connection) -> bool:
        """Return whether the due times in the file are times of this clock."""
        since_boot = self._since_boot()
        return _value(connection, CLOCK) == (WALL if since_boot is None else since_boot.boot)

    def wall(self) -> float:
        """Return seconds since the epoch. Raises `StateError` for an invalid date."""
        wall = self._now()
        if not (math.isfinite(wall) and 0 <= wall <= LATEST):
            raise StateError(
                f"The clock of this machine says {wall!r}, which is not a valid time",
                hint="Set the clock",
            )
        return float(wall)

    def _without_boot(self, connection: sqlite3.Connection, wall: float) -> float:
        seen = _seen(connection)
        latest = -math.inf if seen is None else seen
        if self._anchor is None:
            start = max(wall, latest)
            if seen is not None and wall > latest + DAY:
                start = latest
                warnings.warn(
                    f"The clock of this machine is {(wall - latest) / DAY:.0f} days ahead of the "
                    "state file. Leases continue from the latest time in the file",
                    RuntimeWarning,
                    stacklevel=2,
                )
            self._anchor = start, self._monotonic()
        start, began = self._anchor
        return max(start + self._monotonic() - began, latest)


def _value(connection: sqlite3.Connection, name: str) -> str | None:
    found = connection.execute(KNOWN, (name,)).fetchone()
    return None if found is None else str(found[0])


def _seen(connection: sqlite3.Connection) -> float | None:
    try:
        seen = float(_value(connection, SEEN) or "")
    except ValueError:
        return None
    return seen if 0 <= seen <= LATEST else None


def _rebase(connection: sqlite3.Connection, moment: Moment, *, first: bool) -> None:
    """Convert due times to this clock. A remaining wait is never longer than the whole wait."""
    if not first:
        # No holder of a lease from before is still running.
        connection.execute(
            "UPDATE registrations SET owner = NULL, lease_id = NULL, due_at = updated_at, "
            "version = version + 1 WHERE due_at IS NOT NULL AND owner IS NOT NULL"
        )
    connection.execute(
        "UPDATE registrations SET due_on = ? + max(0, min(due_at - ?, due_at - updated_at)) "
        "WHERE due_at IS NOT NULL",
        (moment.lease, moment.wall),
    )
