"""What an administrator has set for the role or the pooler changes nothing, or is explained."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from rsspot import RegistrationCandidate, StateStore
from rsspot.config.state_location import server_location
from rsspot.errors import StateUnavailable
from rsspot.redaction.secret import Secret
from rsspot.senders.auth.store import StoredToken
from rsspot.state.ledger import Failed, Listing, Registered, Retried, Submitted, TokenIssued
from rsspot.state.postgres.failures import outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EXPIRY = datetime(2031, 2, 3, 4, 5, 6, 123456, UTC)
VM = RegistrationCandidate(namespace="n", vm_cloudspace="v", server="s", target="t")
OWN = Secret("refresh-token-of-a-fleet")


def use(store: StateStore) -> None:
    """Do everything that a run and the commands do."""
    ledger = store.registrations
    names = ("s1", "сервер", "NULL")
    listing = Listing(
        target="t",
        candidates=tuple(
            RegistrationCandidate(namespace="n", vm_cloudspace="v", server=each, target="t")
            for each in names
        ),
        complete=frozenset({"n"}),
    )
    assert ledger.discover(listing, who="w").added == 3
    assert ledger.discover(listing, who="w").added == 0
    assert ledger.agree_lease("t", 60.0) == 60.0
    claimed = ledger.claim(3, owner="w", ttl=60.0, target="t")
    assert {record.server for record in claimed} == {*names}
    assert ledger.heartbeat(claimed, ttl=60.0) == []
    issued = ledger.apply_all([(record, TokenIssued("t-1", EXPIRY)) for record in claimed], who="w")
    assert [record.token_expires_at for record in issued] == [EXPIRY] * 3
    done = ledger.apply(ledger.apply(issued[0], Submitted(), who="w"), Registered(), who="w")
    failed = ledger.apply(issued[1], Failed("NULL", retry_in=0.0), who="w")
    ledger.apply(failed, Retried(), who="w")
    assert ledger.release(issued[2])
    assert [line.after for line in ledger.audit(done.key)] == [
        "discovered",
        "token_issued",
        "submitted",
        "registered",
    ]
    assert ledger.get(done.key).token_expires_at == EXPIRY
    assert ledger.summary("t").registered == 1
    with StateStore(":memory:") as other:
        copy = other.registrations
        assert copy.import_lines(ledger.export()).added == 3
        for record in copy.list():
            assert copy.audit(record.key) == ledger.audit(record.key)
    token = StoredToken("access-text", 2e9, 1e9, "rotated-text")
    store.tokens.put("p", token, OWN)
    assert store.tokens.get("p", OWN) == token
    lock = store.tokens.try_lock("p", 60.0)
    assert lock is not None
    lock.release()


@pytest.fixture
def role(postgres: str, fleet_url: str) -> Iterator[Callable[..., str]]:
    """Make a role with settings; return its URL."""
    with StateStore(fleet_url) as store:
        store.registrations.summary()
    found = server_location(fleet_url)
    assert found is not None
    name = f"role_of_{found.schema}"
    parts = conninfo_to_dict(found.url)
    with psycopg.connect(postgres, autocommit=True) as connection:

        def make(*settings: str) -> str:
            def run(text: str) -> None:
                connection.execute(text.encode())

            run(f'CREATE ROLE "{name}" LOGIN')
            run(f'GRANT USAGE ON SCHEMA "{found.schema}" TO "{name}"')
            tables = f'ALL TABLES IN SCHEMA "{found.schema}"'
            run(f'GRANT SELECT, INSERT, UPDATE, DELETE ON {tables} TO "{name}"')
            for setting in settings:
                run(f'ALTER ROLE "{name}" {setting}')
            where = f"{parts['host']}:{parts['port']}/{parts['dbname']}"
            return f"postgresql://{name}@{where}?schema={found.schema}"

        yield make
        connection.execute(f'DROP OWNED BY "{name}"'.encode())
        connection.execute(f'DROP ROLE "{name}"'.encode())


SETTINGS = {
    "default_transaction_isolation": "'serializable'",
    "default_transaction_deferrable": "on",
    "statement_timeout": "1",
    "lock_timeout": "1",
    "idle_in_transaction_session_timeout": "1",
    "timezone": "'Pacific/Chatham'",
    "datestyle": "'SQL, DMY'",
    "intervalstyle": "'sql_standard'",
    "bytea_output": "'escape'",
    "extra_float_digits": "-15",
    "search_path": "nowhere",
    "array_nulls": "off",
    "standard_conforming_strings": "off",
    "client_encoding": "'LATIN1'",
    "plan_cache_mode": "'force_generic_plan'",
    "synchronous_commit": "off",
}


def test_what_is_set_for_the_role_changes_nothing(role: Callable[..., str]) -> None:
    url = role(*(f"SET {name} = {value}" for name, value in SETTINGS.items()))
    with StateStore(url, busy_timeout=10.0) as store:
        use(store)


def test_sessions_that_the_server_ends_while_they_are_idle_are_replaced(
    role: Callable[..., str], postgres: str
) -> None:
    url = role("SET idle_session_timeout = 100")
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE 'role_of_%'"
    with StateStore(url) as store, psycopg.connect(postgres, autocommit=True) as watcher:
        assert store.registrations.summary().total == 0
        while (watcher.execute(sessions).fetchone() or (1,))[0]:
            time.sleep(0.01)
        assert store.registrations.summary().total == 0


def test_a_role_that_is_read_only_is_explained_and_changes_nothing(
    role: Callable[..., str], fleet_url: str
) -> None:
    url = role("SET default_transaction_read_only = on")
    with StateStore(url, busy_timeout=0.1) as store:
        with pytest.raises(StateUnavailable, match="accepts no writes") as refused:
            store.registrations.discover(Listing(target="t", candidates=(VM,)), who="w")
        assert refused.value.outcome == "not done"
        assert "default_transaction_read_only" in str(refused.value)
    with StateStore(fleet_url) as store:
        assert store.registrations.summary().total == 0


def test_a_role_without_connections_to_spare_is_explained(role: Callable[..., str]) -> None:
    url = role("CONNECTION LIMIT 0")
    with (
        StateStore(url, busy_timeout=0.1) as store,
        pytest.raises(StateUnavailable, match="too many connections for role") as refused,
    ):
        store.registrations.summary()
    assert "Raise max_connections" in str(refused.value)


@pytest.mark.parametrize(
    "error", [errors.DiskFull(), errors.OutOfMemory(), errors.TransactionTimeout()], ids=repr
)
def test_a_statement_that_lacked_something_for_a_while_is_tried_again(error: psycopg.Error) -> None:
    assert outcome_of(error) == "not done"
