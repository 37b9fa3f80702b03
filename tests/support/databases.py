"""State stores on either database, for tests with one body."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from rsspot import StateStore
from rsspot.config.state_location import server_location
from rsspot.state.postgres.fleet import Fleet
from rsspot.state.sqlite.database import SQLite
from rsspot.state.sqlite.lease_clock import LeaseClock
from rsspot.state.uptime import Uptime

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["everything_in", "fleet", "open_state"]


def fleet(url: str, now: Callable[[], float]) -> Fleet:
    """A database on PostgreSQL for which it is `now`, and whose host keeps its own in memory."""
    where = server_location(url)
    assert where is not None
    local = SQLite(":memory:", 10.0, LeaseClock(now, lambda: Uptime("boot", now())))
    return Fleet(where, 10.0, lambda: local, now=lambda: f"to_timestamp({now()!r})")


def open_state(location: str, now: Callable[[], float] | None = None) -> StateStore:
    """A state store at a path or URL; with `now`, that is the time of its leases."""
    if now is None:
        return StateStore(location)
    if "://" in location:
        return StateStore(":memory:", now=now, database=fleet(location, now))
    return StateStore(location, now=now, since_boot=lambda: Uptime("boot", now()))


def everything_in(location: str, folder: Path) -> bytes:
    """All bytes that are kept: of the files of a folder, and of the tables at a URL."""
    kept = b"".join(path.read_bytes() for path in folder.iterdir() if path.is_file())
    where = server_location(location)
    if where is None:
        return kept
    with psycopg.connect(where.url) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'",
            (f'"{where.schema}"',),
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(
                f'SELECT t::text FROM "{where.schema}"."{table}" t'.encode()  # noqa: S608 - our own names
            )
            kept += "".join(row[0] for row in rows).encode()
    return kept
