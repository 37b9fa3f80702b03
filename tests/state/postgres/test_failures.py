"""Runs go on whatever happens between them and the server: each VM once, each history whole.

Rules: docs/rules.md#registered-once.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from cutting_proxy import CuttingProxy
from postgres_server import Server
from psycopg.conninfo import conninfo_to_dict

from rsspot import RegistrationWorkflow, StateStore
from rsspot.errors import RegistrationError, StateUnavailable
from rsspot.registration import JoinToken
from rsspot.state.ledger import Failed, TokenIssued

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from cutting_proxy import Cut

    from rsspot.registration import Step, Summary

WHOLE = ["discovered", "token_issued", "submitted", "registered"]


class Machines:
    """An orchestrator that remembers each key that it was told of, and may do mischief."""

    def __init__(self, mischief: Callable[[int], object] = lambda _number: None) -> None:
        self.told: list[str] = []
        self._mischief = mischief

    def issue(self, step: Step) -> JoinToken:
        return JoinToken(f"t-{step.attempt}", "join-me")

    def submit(self, step: Step, _token: JoinToken) -> None:
        self.told.append(step.idempotency_key)
        self._mischief(len(self.told))


class Inventory:
    def __init__(self, count: int) -> None:
        where = {"name": "vms", "namespace": "n", "uid": "u"}
        servers: dict[str, Any] = {f"s{number}": {} for number in range(count)}
        self.spaces: list[Any] = [{"metadata": where, "status": {"assignedServers": servers}}]

    @property
    def inventory(self) -> Any:
        return self

    def list_vmcloudspaces(self) -> list[Any]:
        return self.spaces


def register(
    store: StateStore, machines: Machines, count: int, *, is_async: bool = False, **options: Any
) -> Summary:
    workflow = RegistrationWorkflow(store, target="t", owner="w")
    steps: dict[str, Any] = {"issue_token": machines.issue, "submit": machines.submit}
    options = {"concurrency": 1, "ttl": 30.0, "base_delay": 0.001, **options}
    if is_async:
        return asyncio.run(workflow.arun(Inventory(count), **steps, **options))
    return workflow.run(Inventory(count), **steps, **options)


def is_whole(store: StateStore, machines: Machines, count: int) -> None:
    """Check that each VM was told of once, and that each history is whole."""
    records = store.registrations.list()
    assert sorted(machines.told) == sorted(record.key for record in records)
    assert len(records) == count
    for record in records:
        assert [line.after for line in store.registrations.audit(record.key)] == WHOLE


def port_of(url: str) -> int:
    return int(str(conninfo_to_dict(url.partition("&schema")[0])["port"]))


@pytest.fixture
def proxy(postgres: str) -> Iterator[CuttingProxy]:
    port = int(str(conninfo_to_dict(postgres)["port"]))
    with CuttingProxy(port) as made:
        yield made


@pytest.fixture
def through(fleet_url: str, proxy: CuttingProxy, postgres: str) -> str:
    """The URL of a schema, by way of the proxy."""
    port = str(conninfo_to_dict(postgres)["port"])
    return f"{fleet_url.replace(port, str(proxy.port), 1)}&sslmode=disable&gssencmode=disable"


def sweep(store: StateStore, proxy: CuttingProxy, how: Cut, every: int) -> int:
    """Cut at each position of a run; return how many runs were cut."""
    ledger, cuts = store.registrations, 0
    assert ledger.summary().total == 0
    for position in range(0, 10_000, every):
        store.database.operations.run(_emptied)  # type: ignore[attr-defined]
        machines = Machines()
        proxy.cut(position, how)
        done = register(store, machines, 2, is_async=bool(position // every % 2))
        if not proxy.done:
            return cuts
        cuts += 1
        proxy.cut(-1, how)
        assert done.registered == 2
        is_whole(store, machines, 2)
        assert ledger.summary().registered == 2
    return cuts


def _emptied(_again: bool) -> Any:  # noqa: FBT001 - one flag
    from rsspot.state.postgres.driver import Statement

    for table in ("registrations", "audit", "registration_counts"):
        yield Statement(f'TRUNCATE "{SCHEMA[0]}".{table}', {})


SCHEMA = [""]


@pytest.mark.parametrize("how", ["before", "after", "middle"])
def test_a_connection_that_is_cut_costs_nothing(
    how: Cut, through: str, proxy: CuttingProxy
) -> None:
    with StateStore(through) as store:
        SCHEMA[0] = store.database.connections.where.schema  # type: ignore[attr-defined]
        assert sweep(store, proxy, how, 4) >= 4


@pytest.mark.prove
@pytest.mark.parametrize("how", ["before", "after", "middle"])
def test_a_connection_that_is_cut_anywhere_costs_nothing(
    how: Cut, through: str, proxy: CuttingProxy
) -> None:
    with StateStore(through) as store:
        SCHEMA[0] = store.database.connections.where.schema  # type: ignore[attr-defined]
        assert sweep(store, proxy, how, 1) >= 16


def test_a_lock_that_was_taken_before_the_connection_was_cut_is_held(
    through: str, proxy: CuttingProxy
) -> None:
    with StateStore(through) as store, StateStore(through) as other:
        store.registrations.summary()
        proxy.cut(0, "after")
        held = store.tokens.try_lock("p", 60.0)
        assert proxy.done == 1
        assert held is not None
        assert other.tokens.try_lock("p", 60.0) is None
        held.release()


def test_a_host_that_was_cut_off_for_longer_than_its_lease_changes_nothing(
    through: str, fleet_url: str, proxy: CuttingProxy
) -> None:
    with StateStore(through, busy_timeout=0.5) as cut, StateStore(fleet_url) as other:
        workflow = RegistrationWorkflow(cut, target="t", owner="cut")
        workflow.discover(Inventory(1).spaces)
        (mine,) = cut.registrations.claim(owner="cut", ttl=0.5)
        proxy.partition()
        with pytest.raises(StateUnavailable) as caught:
            cut.registrations.apply(mine, TokenIssued("late"), who="cut")
        assert caught.value.outcome == "unknown"
        taken: list[Any] = []
        while not taken:
            taken = other.registrations.claim(owner="other", ttl=60)
        issued = other.registrations.apply(taken[0], TokenIssued("t"), who="other")
        proxy.heal()  # what was held back arrives now
        with pytest.raises(RegistrationError, match="held by other"):
            cut.registrations.apply(mine, Failed("late"), who="cut")
        time.sleep(0.1)
        assert other.registrations.get(mine.key) == issued
        assert [line.who for line in other.registrations.audit(mine.key)] == ["cut", "other"]


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server that a test may do to what it likes."""
    settings = {"max_connections": "8", "superuser_reserved_connections": "0"}
    settings["synchronous_commit"] = "on"
    with Server({**settings, "reserved_connections": "0"}) as server:
        yield server


@pytest.mark.parametrize("is_async", [False, True])
def test_a_run_goes_on_after_its_server_was_killed(own_server: Server, *, is_async: bool) -> None:
    def mischief(number: int) -> None:
        if number in {2, 4}:
            own_server.restart()

    machines = Machines(mischief)
    with StateStore(f"{own_server.url()}?schema=killed_{is_async}") as store:
        assert register(store, machines, 5, is_async=is_async).registered == 5
        is_whole(store, machines, 5)


def test_an_async_run_uses_connections_of_its_loop(fleet_url: str) -> None:
    with StateStore(fleet_url) as store:
        database: Any = store.database
        connections = database.connections
        loops: list[int] = []
        machines = Machines(lambda _number: loops.append(len(connections._loops)))
        assert register(store, machines, 3, is_async=True).registered == 3
        is_whole(store, machines, 3)
        assert loops == [1, 1, 1]
        assert not connections._loops, "they end with the loop"


def test_a_run_goes_on_when_its_server_is_away_for_a_while(own_server: Server) -> None:
    threads: list[threading.Thread] = []

    def back() -> None:
        time.sleep(0.4)
        own_server.start()

    def mischief(number: int) -> None:
        if number == 2:
            own_server.stop()
            threads.append(threading.Thread(target=back))
            threads[0].start()

    machines = Machines(mischief)
    with StateStore(f"{own_server.url()}?schema=away", busy_timeout=5) as store:
        assert register(store, machines, 3).registered == 3
        is_whole(store, machines, 3)
    threads[0].join()


def test_a_run_goes_on_after_a_while_on_a_standby(own_server: Server) -> None:
    def read_only(value: str) -> None:
        with psycopg.connect(own_server.url(), autocommit=True) as admin:
            admin.execute("SET default_transaction_read_only = off")
            admin.execute(f"ALTER SYSTEM SET default_transaction_read_only = {value}".encode())
            admin.execute("SELECT pg_reload_conf()")

    timer = threading.Timer(0.4, read_only, ["off"])

    def mischief(number: int) -> None:
        if number == 2:
            read_only("on")
            timer.start()

    machines = Machines(mischief)
    with StateStore(f"{own_server.url()}?schema=standby", busy_timeout=5) as store:
        assert register(store, machines, 3).registered == 3
        is_whole(store, machines, 3)
        timer.join()
        read_only("on")
        with StateStore(f"{own_server.url()}?schema=standby", busy_timeout=0.2) as other:
            with pytest.raises(StateUnavailable, match="accepts no writes") as caught:
                RegistrationWorkflow(other, target="u").discover(Inventory(1).spaces)
            assert "target_session_attrs=read-write" in str(caught.value)
        read_only("off")


@contextlib.contextmanager
def replicated(schema: str) -> Generator[tuple[Server, Server, str]]:
    """A server, its standby, which has an empty schema, and the URL of whichever takes writes."""
    settings = {"synchronous_commit": "on", "synchronous_standby_names": ""}
    with Server(settings) as primary, contextlib.closing(Server(settings)) as standby:
        standby.run(
            "pg_basebackup", "-h", "127.0.0.1", "-p", str(primary.port), "-U", "postgres",
            "-D", str(standby.data), "-R", "-X", "stream", "--checkpoint=fast", "--no-sync",
        )  # fmt: skip
        standby.start()
        with StateStore(f"{primary.url()}?schema={schema}") as store:
            store.registrations.summary()
        until(standby, f"SELECT to_regclass('{schema}.audit') IS NOT NULL")
        places = f"127.0.0.1:{primary.port},127.0.0.1:{standby.port}"
        url = f"postgresql://postgres@{places}/postgres?target_session_attrs=read-write"
        yield primary, standby, f"{url}&schema={schema}"


def until(server: Server, query: str) -> None:
    """Wait until a query returns true."""
    ends = time.monotonic() + 30
    with psycopg.connect(server.url(), autocommit=True) as connection:
        while connection.execute(query.encode()).fetchone() != (True,):
            assert time.monotonic() < ends
            time.sleep(0.01)


def test_a_run_goes_on_at_a_standby_that_was_promoted() -> None:
    with replicated("promoted") as (primary, standby, url):
        with StateStore(f"{standby.url()}?schema=promoted", busy_timeout=0.3) as alone:
            assert alone.registrations.summary().total == 0
            with pytest.raises(StateUnavailable, match="accepts no writes"):
                RegistrationWorkflow(alone, target="t").discover(Inventory(1).spaces)

        def mischief(number: int) -> None:
            if number == 2:
                primary.stop()  # in order: it waits until its standby has all
                standby.run("pg_ctl", "promote", "-D", str(standby.data))

        machines = Machines(mischief)
        with StateStore(url) as store:
            assert register(store, machines, 4).registered == 4
            is_whole(store, machines, 4)


def test_what_a_standby_lacked_is_done_again_with_the_same_keys_and_never_by_an_old_lease() -> None:
    with replicated("lagging") as (primary, standby, url), StateStore(url) as store:
        ledger = store.registrations
        held: list[Any] = []

        def mischief(number: int) -> None:
            if number == 2:
                written = "pg_current_wal_lsn()"
                with psycopg.connect(primary.url()) as connection:
                    (place,) = connection.execute(f"SELECT {written}::text".encode()).fetchone()  # type: ignore[misc]
                until(standby, f"SELECT pg_last_wal_replay_lsn() >= '{place}'")
                with psycopg.connect(standby.url(), autocommit=True) as connection:
                    connection.execute("ALTER SYSTEM SET primary_conninfo = ''")
                    connection.execute("SELECT pg_reload_conf()")
                until(standby, "SELECT count(*) = 0 FROM pg_stat_wal_receiver")
                held.extend(ledger.claim(owner="old", ttl=60))
            elif number == 4:
                primary.stop(signal.SIGQUIT)
                standby.run("pg_ctl", "promote", "-D", str(standby.data))
                again = ledger.claim(6, owner="new", ttl=1)
                (mine,) = [record for record in again if record.key == held[0].key]
                assert mine.version == held[0].version, "a version is there twice"
                with pytest.raises(RegistrationError, match="held by new"):
                    ledger.apply(held[0], TokenIssued("late"), who="old")
                assert ledger.heartbeat(held, ttl=60) == [mine.key]
                assert not ledger.release(held[0])

        machines = Machines(mischief)
        assert register(store, machines, 6, ttl=1.0).registered == 6
        records = {record.key for record in ledger.list()}
        assert {*machines.told} == records, "an orchestrator that honours keys has each once"
        assert len(machines.told) > len(records), "nothing had to be done again"
        for key in records:
            assert [line.after for line in ledger.audit(key)] == WHOLE


def test_a_run_waits_for_a_connection_when_the_server_has_none_left(own_server: Server) -> None:
    url = f"{own_server.url()}?schema=full"
    others: list[psycopg.Connection[Any]] = []

    def fill() -> None:
        while True:
            try:
                others.append(psycopg.connect(own_server.url()))
            except psycopg.OperationalError:
                return

    def leave() -> None:
        while others:
            others.pop().close()

    machines = Machines()
    with StateStore(url) as store:
        store.registrations.summary()
        fill()
        with (
            StateStore(url, busy_timeout=0.2) as late,
            pytest.raises(StateUnavailable, match="too many clients") as caught,
        ):
            late.registrations.summary()
        assert "Raise max_connections" in str(caught.value)
        # With the one connection that it has, it goes on.
        assert register(store, machines, 3, concurrency=4).registered == 3
        leave()
        is_whole(store, machines, 3)


def test_waiting_workers_are_woken_and_look_again_when_the_connection_has_gone(
    through: str, fleet_url: str, proxy: CuttingProxy
) -> None:
    def soon(check: Callable[[], bool]) -> None:
        ends = time.monotonic() + 20
        while not check():
            assert time.monotonic() < ends
            time.sleep(0.01)

    with StateStore(through) as store, StateStore(fleet_url) as other:
        ledger = store.registrations
        RegistrationWorkflow(other, target="t", owner="o").discover(Inventory(1).spaces)
        ledger.summary()
        signal = ledger.signal()
        assert signal is not None
        soon(lambda: signal.is_live)
        seen = signal.count
        (held,) = other.registrations.claim(owner="o", ttl=60)
        other.registrations.apply(held, TokenIssued("t"), who="o")
        time.sleep(0.2)
        assert signal.count == seen, "nothing became due"
        assert other.registrations.release(other.registrations.get(held.key))
        soon(lambda: signal.count > seen)
        proxy.drop()
        soon(lambda: not signal.is_live)
        seen = signal.count
        soon(lambda: signal.is_live)
        assert signal.count > seen, "what came meanwhile may have been missed"
