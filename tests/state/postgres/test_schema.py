"""The schema: made, migrated while workers run, checked; and what a pooler leaves of it all."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from postgres_server import free_port
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from rsspot import RegistrationCandidate, StateStore
from rsspot.cli.app import run as run_command
from rsspot.config.state_location import server_location
from rsspot.errors import StateError
from rsspot.flow.flow import arun
from rsspot.state.ledger import Listing, TokenIssued
from rsspot.state.postgres import opening
from rsspot.state.postgres.administration import examine_server, migrate_schema
from rsspot.state.postgres.driver import Statement
from rsspot.state.postgres.failures import NotSent
from rsspot.state.postgres.pool import AsyncPool
from rsspot.state.postgres.schema import CURRENT, MIGRATIONS, Migration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rsspot.config.state_location import ServerLocation

NEXT = Migration(
    before=("ALTER TABLE {s}.registrations ADD COLUMN colour text DEFAULT '100 %'",),
    after=("ALTER TABLE {s}.registrations DROP COLUMN damaged CASCADE",),
)


@pytest.fixture
def where(fleet_url: str) -> ServerLocation:
    found = server_location(fleet_url)
    assert found is not None
    return found


def listing(*servers: str) -> Listing:
    return Listing(
        target="t",
        candidates=tuple(
            RegistrationCandidate(namespace="n", vm_cloudspace="v", server=each, target="t")
            for each in servers
        ),
    )


def test_a_schema_is_made_once_by_however_many_come_first(fleet_url: str) -> None:
    stores = [StateStore(fleet_url) for _ in range(6)]
    threads = [
        threading.Thread(
            target=store.registrations.discover, args=(listing("a"),), kwargs={"who": "w"}
        )
        for store in stores
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stores[0].registrations.summary().total == 1
    for store in stores:
        store.close()


def test_old_and_new_workers_run_side_by_side_during_an_upgrade(
    where: ServerLocation, fleet_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = (*MIGRATIONS, NEXT)
    with StateStore(fleet_url) as old:
        old.registrations.discover(listing("a", "b"), who="old")
        monkeypatch.setattr(opening, "CURRENT", CURRENT + 1)
        with StateStore(fleet_url) as new, pytest.raises(StateError, match="needs 2") as caught:
            new.registrations.summary()
        assert "rsspot state migrate" in str(caught.value)
        assert migrate_schema(where, migrations=newer) == ["2 before"]
        assert migrate_schema(where, migrations=newer) == []
        with StateStore(fleet_url) as new:
            (one,) = new.registrations.claim(owner="new", ttl=60)
            (two,) = old.registrations.claim(owner="old", ttl=60)
            assert new.registrations.apply(one, TokenIssued("t"), who="new").token_id == "t"
            assert old.registrations.apply(two, TokenIssued("t"), who="old").token_id == "t"
        monkeypatch.setattr(opening, "CURRENT", CURRENT)
        with StateStore(fleet_url) as another:
            assert another.registrations.summary().token_issued == 2
        assert migrate_schema(where, after=True, migrations=newer) == ["2 after"]
        with (
            StateStore(fleet_url) as another,
            pytest.raises(StateError, match="supports 1") as caught,
        ):
            another.registrations.summary()
        assert "Upgrade rsspot" in str(caught.value)
        with pytest.raises(StateError, match=r"supports 1.*Upgrade rsspot; nothing was changed"):
            migrate_schema(where)


def test_a_migration_that_fails_changes_nothing(where: ServerLocation) -> None:
    broken = Migration(before=("CREATE TABLE {s}.half (a int)", "CREATE TABLE {s}.half (a int)"))
    migrate_schema(where)
    with pytest.raises(StateError, match="already exists"):
        migrate_schema(where, migrations=(*MIGRATIONS, broken))
    assert examine_server(where).version == CURRENT
    with psycopg.connect(where.url) as raw:
        found = raw.execute("SELECT to_regclass(%s)", (f'"{where.schema}".half',)).fetchone()
        assert found == (None,)


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = run_command(arguments)
    said = capsys.readouterr()
    return status, said.out, said.err


def test_commands_check_and_migrate(
    fleet_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RSSPOT_STATE_PATH", fleet_url)
    status, out, err = command(capsys, "state", "check")
    assert status == 3
    assert "There are no tables of rsspot" in err
    schema = fleet_url.rpartition("=")[2]
    assert command(capsys, "state", "migrate")[::2] == (
        0,
        f"Schema {schema} is ready. Applied parts of migrations: 1 before, 1 after.\n",
    )
    assert command(capsys, "state", "migrate")[2] == f"Schema {schema} is up to date.\n"
    status, out, err = command(capsys, "--output", "json", "state", "check")
    assert (status, err) == (0, "")
    report = json.loads(out)
    assert (report["version"], report["needed"], report["problems"]) == (CURRENT, CURRENT, [])
    with StateStore(fleet_url) as store:
        store.registrations.discover(listing("a"), who="w")
    assert command(capsys, "state", "forget", "--older-than", "0d")[2] == "0 lines were deleted.\n"
    monkeypatch.setenv("RSSPOT_STATE_PATH", "/nowhere/state.db")
    status, _, err = command(capsys, "state", "check")
    assert status == 3
    assert "The state is in a file" in err


BOUNCER = "/usr/sbin/pgbouncer"


@pytest.fixture(params=["", "ignore_startup_parameters = options"], ids=["refuses", "drops"])
def bouncer(request: pytest.FixtureRequest, postgres: str) -> Iterator[int]:
    """The port of a pooler in transaction mode, with two connections to the server.

    It refuses the settings of a session, or drops them without a word.
    """
    program = shutil.which("pgbouncer") or BOUNCER
    if not shutil.which(program) or sys.platform == "win32":
        pytest.skip("pgbouncer is not installed")  # a system package, not one of ours
    # Not in `tmp_path`: whom it runs as must get there, and each pytest that begins closes the
    # folder of all of them to others.
    with tempfile.TemporaryDirectory(prefix="rsspot-bouncer-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o755)
        for _ in range(3):  # somebody else may get the port first
            port = free_port()
            process = start_bouncer(program, folder, port, postgres, request.param)
            if process is not None:
                break
        else:
            pytest.fail(f"pgbouncer did not start: {(folder / 'log').read_text()[-2000:]}")
        try:
            yield port
        finally:
            process.kill()
            process.wait()


def start_bouncer(
    program: str, folder: Path, port: int, postgres: str, more: str
) -> subprocess.Popen[bytes] | None:
    """Start it and wait until it passes connections on; None where it ended instead."""
    found = conninfo_to_dict(postgres)
    users = folder / "users.txt"
    users.write_text(f'"{found["user"]}" ""\n')
    settings = folder / "bouncer.ini"
    settings.write_text(
        f"[databases]\n{found['dbname']} = host={found['host']} port={found['port']} "
        f"user=postgres\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
        f"unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\n"
        f"server_login_retry = 0.1\nauth_file = {users}\n{more}\n"
    )
    for each in (users, settings):
        each.chmod(0o644)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [program, *(["-u", "nobody"] if os.geteuid() == 0 else []), str(settings)],
            stdout=log,
            stderr=log,
        )
    url = f"postgresql://postgres@127.0.0.1:{port}/{found['dbname']}?connect_timeout=5"
    ends = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < ends:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return process
    process.kill()
    process.wait()
    return None


def test_a_pooler_in_transaction_mode_is_noticed_and_everything_but_waking_works(
    bouncer: int, fleet_url: str
) -> None:
    found = conninfo_to_dict(fleet_url.partition("?")[0])
    schema = fleet_url.rpartition("=")[2]
    url = f"postgresql://postgres@127.0.0.1:{bouncer}/{found['dbname']}?schema={schema}"
    with StateStore(url) as store, StateStore(url) as other:
        ledger = store.registrations
        ledger.discover(listing(*(f"s{n}" for n in range(20))), who="w")
        for n in range(20):
            (record,) = (store, other)[n % 2].registrations.claim(owner=f"w{n}", ttl=60)
            ledger.apply(record, TokenIssued("t"), who=f"w{n}")
        assert ledger.summary().token_issued == 20
        database: Any = store.database
        assert database.connections.is_pooled
        assert len([*ledger.export()]) == 22
        lock = store.tokens.try_lock("p", 60.0)
        assert lock is not None
        assert other.tokens.try_lock("p", 60.0) is None
        lock.release()
    where = server_location(url)
    assert where is not None
    assert examine_server(where).is_pooled


def test_operations_run_in_an_event_loop_too_and_end_with_it(fleet_url: str) -> None:
    with StateStore(fleet_url) as store:
        store.registrations.discover(listing(*(f"s{n}" for n in range(8))), who="w")
        database: Any = store.database
        operations, leases = database.operations, database._leases

        async def many() -> list[Any]:
            claims = [
                arun(
                    operations.flow(
                        leases.claim(1, owner="w", ttl=60.0, where={"target": "t"}, held=())
                    )
                )
                for _ in range(8)
            ]
            slow = asyncio.ensure_future(arun(operations.flow(asleep)))
            await asyncio.sleep(0.05)
            slow.cancel()
            with pytest.raises(asyncio.CancelledError):
                await slow
            return await asyncio.gather(*claims)

        def asleep(_again: bool) -> Any:  # noqa: FBT001 - one flag
            yield Statement("SELECT pg_sleep(5)", {})

        for _ in range(2):
            found = asyncio.run(many())
            assert len({row["key"] for rows in found for row in rows}) in {8, 0}
        assert store.registrations.summary().total == 8


def test_a_loop_ends_while_operations_connect_and_wait_for_a_connection(fleet_url: str) -> None:
    with StateStore(fleet_url, busy_timeout=600) as store:
        assert store.registrations.summary().total == 0
        database: Any = store.database
        connections, operations = database.connections, database.operations

        def locked(_again: bool) -> Any:  # noqa: FBT001 - one flag
            yield Statement("SELECT pg_advisory_xact_lock(7)::text", {})

        async def leave(seconds: float) -> list[asyncio.Task[Any]]:
            waiting = [asyncio.ensure_future(arun(operations.flow(locked))) for _ in range(12)]
            await asyncio.sleep(seconds)
            assert not any(task.done() for task in waiting)
            return waiting

        # None of them ever gets the lock: a loop that waited for one would never end.
        with psycopg.connect(connections.where.url) as holder:
            holder.execute("SELECT pg_advisory_xact_lock(7)")
            for n in range(10):
                tasks = asyncio.run(leave(n * 0.005))
                assert all(task.cancelled() for task in tasks)
                assert not connections._loops


def test_a_pool_of_a_loop_hands_on_what_it_takes_back(fleet_url: str) -> None:
    with StateStore(fleet_url) as store:
        database: Any = store.database

        async def use() -> None:
            pool = AsyncPool(database.connections.aconnect, 2, 0.2)
            one, two = await pool.take(), await pool.take()
            with pytest.raises(NotSent, match="in use"):
                await pool.take()
            tasks = [asyncio.ensure_future(pool.take()) for _ in range(2)]
            await asyncio.sleep(0)
            await one.execute(b"BEGIN")
            await pool.put(one)
            tasks[0].cancel()  # whose turn it was
            assert await tasks[1] is one
            assert one.info.transaction_status == TransactionStatus.IDLE
            await one.close()
            await pool.put(one)
            await pool.put(two)
            assert await pool.take() is two
            other = await pool.take()
            assert other is not one
            await pool.put(other)
            await pool.close()
            assert other.closed
            await pool.put(two)
            assert two.closed

        asyncio.run(use())
