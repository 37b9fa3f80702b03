"""Leases hold whatever clocks do: those of people, and those of machines that start anew."""

from __future__ import annotations

import random
import sqlite3
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import RegistrationCandidate, StateStore
from rsspot.errors import RegistrationError, StateError
from rsspot.state.ledger import Failed, Listing, Skipped
from rsspot.state.sqlite.database import SQLite
from rsspot.state.sqlite.lease_clock import DAY, LeaseClock
from rsspot.state.uptime import Uptime, uptime

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.state.ledger import Ledger

FIXTURES = Path(__file__).parents[1] / "fixtures" / "state"
T = 1_800_000_000.0


class Host:
    """A process with a clock that may be wrong, on a machine that it shares with others."""

    machine = 5000.0
    boot = "first"

    def __init__(self, path: Path, *, has_boot: bool = True) -> None:
        self.wall = T
        self.monotonic = 70.0
        since_boot = (lambda: Uptime(Host.boot, Host.machine)) if has_boot else (lambda: None)
        clock = LeaseClock(lambda: self.wall, since_boot, lambda: self.monotonic)
        self.store = StateStore(path, database=SQLite(str(path), 10.0, clock))

    @property
    def ledger(self) -> Ledger:
        return self.store.registrations


def pass_time(seconds: float, *hosts: Host) -> None:
    Host.machine += seconds
    for host in hosts:
        host.wall += seconds
        host.monotonic += seconds


@pytest.fixture(params=[True, False], ids=["boot clock", "wall clock"])
def has_boot(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def hosts(tmp_path: Path, has_boot: bool) -> Iterator[tuple[Host, Host]]:  # noqa: FBT001 - a fixture
    Host.machine, Host.boot = 5000.0, "first"
    made = Host(tmp_path / "s.db", has_boot=has_boot), Host(tmp_path / "s.db", has_boot=has_boot)
    yield made
    for each in made:
        each.store.close()


def discovered(ledger: Ledger, count: int = 1) -> None:
    candidates = (
        RegistrationCandidate(namespace="n", vm_cloudspace="v", server=f"s{each}", target="t")
        for each in range(count)
    )
    ledger.discover(Listing(target="t", candidates=tuple(candidates)), who="w")


@pytest.mark.parametrize("ahead", [90.0, -90.0, 3600.0, -3600.0, 400 * DAY, -400 * DAY])
@pytest.mark.filterwarnings("ignore:The clock of this machine is:RuntimeWarning")
def test_a_lease_holds_against_a_process_whose_clock_is_wrong(
    ahead: float, hosts: tuple[Host, Host], *, has_boot: bool
) -> None:
    a, b = hosts
    discovered(a.ledger, 6)
    assert len(a.ledger.claim(6, owner="a", ttl=60)) == 6
    b.wall += ahead
    if not has_boot and 60 < ahead < DAY:
        pytest.skip("without a clock of the machine, what is ahead by less than a day is believed")
    assert b.ledger.claim(6, owner="b", ttl=60) == []
    pass_time(59, a, b)
    assert b.ledger.claim(6, owner="b", ttl=60) == []
    pass_time(2, a, b)
    assert len(b.ledger.claim(6, owner="b", ttl=60)) == 6, "a lease ends, whatever clocks say"


@pytest.mark.parametrize("step", [61.0, 3600.0, -3600.0, 366 * DAY, -366 * DAY])
def test_a_clock_that_steps_while_a_process_runs_moves_no_lease(
    step: float, hosts: tuple[Host, Host]
) -> None:
    a, _ = hosts
    discovered(a.ledger)
    (held,) = a.ledger.claim(owner="a", ttl=60)
    a.wall += step
    assert a.ledger.claim(owner="x", ttl=60) == []
    assert a.ledger.next_due("t") == 60.0
    with pytest.raises(RegistrationError, match="held by a for another 60 s"):
        a.ledger.apply(held, Skipped("no"), who="x")
    pass_time(60, a)
    assert a.ledger.next_due("t") == 0.0
    assert len(a.ledger.claim(owner="x", ttl=60)) == 1


def test_times_for_people_are_those_of_the_wall_clock(hosts: tuple[Host, Host]) -> None:
    a, _ = hosts
    discovered(a.ledger)
    a.wall += 1000
    (held,) = a.ledger.claim(owner="a", ttl=60)
    assert held.lease_until == datetime.fromtimestamp(T + 1060, UTC)
    failed = a.ledger.apply(held, Failed("no", retry_in=30), who="a")
    assert failed.updated_at == datetime.fromtimestamp(T + 1000, UTC)
    assert a.ledger.audit(held.key)[-1].at == T + 1000


def test_a_lease_of_an_earlier_start_of_the_machine_is_none(tmp_path: Path) -> None:
    Host.machine, Host.boot = 5000.0, "first"
    a = Host(tmp_path / "s.db")
    discovered(a.ledger, 3)
    held, failed = a.ledger.claim(2, owner="a", ttl=3600)
    a.ledger.apply(failed, Failed("no", retry_in=100), who="a")
    a.store.close()
    Host.machine, Host.boot = 7.0, "second"
    b = Host(tmp_path / "s.db")
    b.wall += 40
    assert b.ledger.next_due("t") == 0.0, "also where nothing has been written since"
    record = b.ledger.get(held.key)
    assert (record.owner, record.lease_id, record.due_in) == (None, None, 0.0)
    assert b.ledger.get(failed.key).due_in == 60.0, "what is left of a wait is waited"
    with pytest.raises(RegistrationError, match="has changed since"):
        b.ledger.apply(held, Skipped("late"), who="a")
    assert len(b.ledger.claim(9, owner="b", ttl=60)) == 2
    b.store.close()


def test_a_wait_is_no_longer_than_it_was_whatever_the_clock_says_after_a_start(
    tmp_path: Path,
) -> None:
    Host.machine, Host.boot = 5000.0, "first"
    a = Host(tmp_path / "s.db")
    discovered(a.ledger)
    (held,) = a.ledger.claim(owner="a", ttl=60)
    a.ledger.apply(held, Failed("no", retry_in=100), who="a")
    a.store.close()
    Host.machine, Host.boot = 7.0, "second"
    b = Host(tmp_path / "s.db")
    b.wall -= 365 * DAY
    assert b.ledger.next_due("t") == 100.0
    b.store.close()


def test_a_clock_far_ahead_of_the_file_is_reported_once_and_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    a, b = Host(path, has_boot=False), Host(path, has_boot=False)
    discovered(a.ledger)
    a.ledger.claim(owner="a", ttl=60)
    b.wall += 3 * DAY
    with pytest.warns(RuntimeWarning, match="is 3 days ahead of the state file"):
        assert b.ledger.claim(owner="b", ttl=60) == []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        pass_time(61, a, b)
        (taken,) = b.ledger.claim(owner="b", ttl=60)
        assert a.ledger.claim(owner="a", ttl=60) == []
        pass_time(61, a, b)
        assert [each.key for each in a.ledger.claim(owner="a", ttl=60)] == [taken.key]
    a.store.close()
    b.store.close()


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), -1.0, 1e12])
def test_a_clock_that_says_no_time_is_an_error_that_says_so(wrong: float, tmp_path: Path) -> None:
    host = Host(tmp_path / "s.db")
    host.wall = wrong
    with pytest.raises(StateError, match=r"The clock of this machine says .*Set the clock"):
        discovered(host.ledger)
    host.store.close()


def test_waits_of_the_first_version_of_the_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "s.db"
    raw = sqlite3.connect(path)
    raw.executescript((FIXTURES / "version-1.sql").read_text("utf-8"))
    column = raw.execute("SELECT * FROM registrations").fetchone()
    names = [each[1] for each in raw.execute("PRAGMA table_info(registrations)")]
    row = dict(zip(names, column, strict=True))

    def add(number: int, **other: Any) -> None:
        values = {**row, "position": number, "key": f"k{number}", **other}
        marks = ", ".join("?" * len(values))
        raw.execute(f"INSERT INTO registrations VALUES ({marks})", [*values.values()])  # noqa: S608 - columns of ours

    add(2, owner="old", due_at=T + 50, updated_at=T - 10)
    add(3, due_at=T + 500, updated_at=T - 10)
    add(4, due_at=None, status="registered")
    add(5, due_at=T - 500)
    raw.commit()
    raw.close()
    path.chmod(0o600)
    Host.machine, Host.boot = 5000.0, "first"
    host = Host(path)
    waits = {each.key: each.due_in for each in host.ledger.list() if each.key.startswith("k")}
    assert waits == {"k2": 50.0, "k3": 500.0, "k4": None, "k5": 0.0}
    assert host.ledger.summary("omni").total == 5
    leased = host.ledger.get("k2")
    assert (leased.owner, leased.is_leased) == ("old", True)
    pass_time(51, host)
    assert "k2" in {each.key for each in host.ledger.claim(9, owner="new", ttl=60)}
    host.store.close()


def test_the_clock_of_this_machine_goes_on_and_says_which_start_it_counts_from() -> None:
    first, second = uptime(), uptime()
    if first is None or second is None:
        pytest.skip("this platform has no such clock")
    assert first.boot == second.boot
    assert 0 < first.seconds <= second.seconds


@pytest.mark.filterwarnings("ignore:The clock of this machine is:RuntimeWarning")
@pytest.mark.parametrize("seed", range(20))
def test_clocks_that_jump_at_random_give_no_record_to_two(
    seed: int, hosts: tuple[Host, Host]
) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    discovered(hosts[0].ledger, 5)
    ends: dict[str, tuple[str, float]] = {}
    for host in hosts:
        host.ledger.next_due("t")  # it has looked at its clock before that jumps
    for _ in range(150):
        host = chance.choice(hosts)
        host.wall = T + chance.choice([0, 1, -1, 30, -4000, 90000, -1e8, 1e8]) * chance.random()
        pass_time(chance.choice([0, 0.5, 5, 20]), *hosts)
        name = f"w{hosts.index(host)}"
        for record in host.ledger.claim(2, owner=name, ttl=30):
            owner, until = ends.get(record.key, ("", 0.0))
            assert until <= Host.machine, f"{owner} holds it"
            ends[record.key] = name, Host.machine + 30
    assert len(ends) == 5
