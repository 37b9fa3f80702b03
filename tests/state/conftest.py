"""Databases of every kind, and stores over them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from databases import fleet

from rsspot import StateStore
from rsspot.state.sqlite.database import SQLite
from rsspot.state.sqlite.lease_clock import LeaseClock
from rsspot.state.uptime import Uptime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.state.database import Database


def _plain(now: Moments) -> Any:
    # Tests are not a package, so a neighbour is loaded by its path.
    spec = importlib.util.spec_from_file_location("plain", Path(__file__).with_name("plain.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Plain(now)


class Moments:
    """A time that tests move: what the wall clock says, and how long the machine has run."""

    def __init__(self) -> None:
        self.time = 1_800_000_000.0
        self.ahead = 0.0
        """What the wall clock is wrong by."""
        self.boot = "first"

    def __call__(self) -> float:
        return self.time + self.ahead

    def since_boot(self) -> Uptime:
        return Uptime(self.boot, self.time - 1_700_000_000.0)


@pytest.fixture
def now() -> Moments:
    return Moments()


@pytest.fixture(params=["sqlite file", "sqlite memory", "postgres", "plain"])
def database(request: pytest.FixtureRequest, tmp_path: Path, now: Moments) -> Iterator[Database]:
    """Each implementation of the interface in turn. A new one is a line here."""
    made: Database
    if request.param == "plain":
        made = _plain(now)
    elif request.param == "postgres":
        made = fleet(request.getfixturevalue("fleet_url"), now)
    else:
        path = ":memory:" if "memory" in request.param else str(tmp_path / "state.db")
        made = SQLite(path, 10.0, LeaseClock(now, now.since_boot))
    yield made
    made.close()


@pytest.fixture
def store(database: Database, now: Moments) -> StateStore:
    return StateStore(":memory:", now=now, database=database)
