"""What is shared by hosts that use one server, what stays on each, and what is refused."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from rsspot import RegistrationCandidate, StateStore
from rsspot.config.state_location import server_location
from rsspot.errors import StateError, StateUnavailable
from rsspot.redaction.secret import Secret
from rsspot.senders.auth.store import StoredToken
from rsspot.state.ledger import Listing, TokenIssued
from rsspot.state.postgres.administration import migrate_schema
from rsspot.state.postgres.failures import NotSent, busy, connection_error
from rsspot.state.postgres.schema import MARK, TABLES

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

OWN = Secret("refresh-token-of-a-fleet")


def listing(count: int = 1) -> Listing:
    return Listing(
        target="t",
        candidates=tuple(
            RegistrationCandidate(namespace="n", vm_cloudspace="v", server=f"s{each}", target="t")
            for each in range(count)
        ),
    )


def schema_of(url: str) -> str:
    found = server_location(url)
    assert found is not None
    return found.schema


def sql(url: str, *texts: str) -> list[Any]:
    """Run statements as the owner; return the rows of the last."""
    found = server_location(url)
    assert found is not None
    with psycopg.connect(found.url, autocommit=True) as connection:
        rows: list[Any] = []
        for text in texts:
            done = connection.execute(text.replace("{s}", f'"{found.schema}"').encode())
            rows = done.fetchall() if done.description else []
        return rows


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "rsspot"


def test_ledger_and_tokens_are_shared_and_all_else_stays_on_the_host(
    fleet_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = StoredToken("bearer", 2e9, 1e9, "rotated")
    with StateStore(fleet_url) as first, StateStore(fleet_url) as second:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "host1"))
        first.preferences.set("a", 1)
        first.history.add("rsspot regions")
        first.registrations.discover(listing(), who="w")
        first.tokens.put("p", token, OWN)
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "host2"))
        assert second.preferences.get("a") is None
        assert second.history.list() == []
        assert second.tokens.get("p", OWN) == token
        assert [each.server for each in second.registrations.list()] == ["s0"]
    assert (tmp_path / "host1/rsspot/state.db").exists()


def test_a_host_without_a_folder_keeps_its_own_state_in_memory(
    fleet_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with StateStore(fleet_url) as store:
        with pytest.warns(RuntimeWarning, match="are not kept on this host"):
            store.preferences.set("a", 1)
        assert store.preferences.get("a") == 1
        assert store.registrations.discover(listing(), who="w").added == 1


def test_whoever_reads_the_database_without_the_credential_learns_nothing(fleet_url: str) -> None:
    token = StoredToken("access-text", 2e9, 1e9, "rotated-text")
    with StateStore(fleet_url) as store:
        store.tokens.put("p", token, OWN)
        assert store.tokens.get("p", OWN) == token
        assert store.tokens.get("p", Secret("another")) is None
        (row,) = sql(fleet_url, "SELECT t::text, sealed FROM {s}.tokens t")
        for part in (b"access-text", b"rotated-text", b"refresh-token", b"2000000000"):
            assert part not in row[1]
            assert part.decode() not in row[0]
        # Sealed for one partition, it is worth nothing in another; nor is what was changed.
        sql(fleet_url, "UPDATE {s}.tokens SET partition = 'q'")
        assert store.tokens.get("q", OWN) is None
        sql(fleet_url, "UPDATE {s}.tokens SET partition = 'p', sealed = sealed || 'x'::bytea")
        assert store.tokens.get("p", OWN) is None
        store.tokens.put("p", token, OWN)
        assert store.tokens.get("p", OWN) == token


def test_a_token_that_was_renewed_elsewhere_is_not_replaced_by_an_older_one(fleet_url: str) -> None:
    old, new = (StoredToken(text, 2e9, 1e9) for text in ("old", "new"))
    with StateStore(fleet_url) as stalled, StateStore(fleet_url) as other:
        assert stalled.tokens.get("p", OWN) is None
        assert other.tokens.get("p", OWN) is None
        other.tokens.put("p", new, OWN)
        stalled.tokens.put("p", old, OWN)
        assert stalled.tokens.get("p", OWN) == new


def test_a_lock_ends_by_itself_when_its_holder_is_gone(fleet_url: str) -> None:
    with StateStore(fleet_url) as first, StateStore(fleet_url) as second:
        held = first.tokens.try_lock("p", 60.0)
        assert held is not None
        assert second.tokens.try_lock("p", 60.0) is None
        sql(fleet_url, "UPDATE {s}.locks SET ends_at = clock_timestamp()")
        taken = second.tokens.try_lock("p", 60.0)
        assert taken is not None
        held.release()
        assert first.tokens.try_lock("p", 60.0) is None, "who was late has not released it"
        taken.release()
        assert first.tokens.try_lock("p", 60.0) is not None


def test_twenty_threads_and_a_loop_share_a_store(fleet_url: str) -> None:
    with StateStore(fleet_url) as store:
        store.registrations.discover(listing(60), who="w")
        with ThreadPoolExecutor(20) as pool:
            calls = [
                pool.submit(store.registrations.claim, owner=f"w{n}", ttl=60.0) for n in range(60)
            ]
            keys = [record.key for call in calls for record in call.result()]
        assert len(keys) == len({*keys}) == 60
        limit = store.database.connections.pool("work").max_size  # type: ignore[attr-defined]
        assert limit <= 8


def test_a_child_process_has_connections_of_its_own(fleet_url: str) -> None:
    with StateStore(fleet_url) as store:
        ledger = store.registrations
        ledger.discover(listing(2), who="w")
        (mine,) = ledger.claim(owner="parent", ttl=60)
        child = os.fork()
        if child == 0:
            try:
                (other,) = ledger.claim(owner="child", ttl=60)
                ledger.apply(other, TokenIssued("t"), who="child")
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0
        assert ledger.apply(mine, TokenIssued("t"), who="parent").token_id == "t"
        assert ledger.summary().token_issued == 2


def test_names_and_values_are_never_part_of_a_statement(postgres: str) -> None:
    odd = "a\"b'c%s{s}%%; DROP"
    name = "A schema; of-mine é"
    from urllib.parse import quote

    mark = "&" if "?" in postgres else "?"
    with StateStore(f"{postgres}{mark}schema={quote(name)}") as store:
        one = RegistrationCandidate(
            namespace=odd, vm_cloudspace=odd, server=odd, target=odd, payload={odd: odd}
        )
        store.registrations.discover(Listing(target=odd, candidates=(one,)), who=odd)
        (record,) = store.registrations.claim(owner=odd, ttl=5, target=odd)
        assert (record.server, record.owner, record.payload) == (odd, odd, {odd: odd})


# What cannot be used


@contextmanager
def listener(*said: bytes) -> Generator[int]:
    """A server that says what it is told to, whatever it is asked."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    for each in said:
                        connection.recv(4096)
                        connection.sendall(each)
                    connection.recv(4096)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def message(kind: bytes, body: bytes) -> bytes:
    return kind + (len(body) + 4).to_bytes(4, "big") + body


def old_server(version: str) -> tuple[bytes, ...]:
    parameters = {"server_version": version, "client_encoding": "UTF8", "server_encoding": "UTF8"}
    said = message(b"R", b"\0\0\0\0")
    for name, value in parameters.items():
        said += message(b"S", f"{name}\0{value}\0".encode())
    return (said + message(b"K", b"\0" * 8) + message(b"Z", b"I"),)


def failure(url: str, **options: Any) -> StateError:
    with StateStore(url, busy_timeout=2, **options) as store:
        with pytest.raises(StateError) as caught:
            store.registrations.summary()
        with pytest.raises(StateError):
            asyncio.run(_summary(store))
    assert caught.value.hint
    assert caught.value.__cause__ is None
    return caught.value


async def _summary(store: StateStore) -> object:
    return await asyncio.to_thread(store.registrations.summary)


@pytest.mark.parametrize(
    ("version", "shown"), [("13.14", "13.14"), ("9.6.2", "9.602"), ("12beta1", "12.0")]
)
def test_an_older_server_is_refused(version: str, shown: str) -> None:
    with listener(*old_server(version)) as port:
        error = failure(f"postgresql://u@127.0.0.1:{port}/db?sslmode=disable&gssencmode=disable")
    assert f"PostgreSQL {shown} at" in str(error)
    assert "is too old: rsspot needs 14 or newer" in str(error)


def test_what_is_no_postgresql_is_refused() -> None:
    with listener(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        error = failure(f"postgresql://u@127.0.0.1:{port}/db?sslmode=disable&gssencmode=disable")
    assert "another program than PostgreSQL listens there" in str(error)


def test_a_host_that_is_not_there_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    error = failure(f"postgresql://u:pw@127.0.0.1:{port}/db")
    assert isinstance(error, StateUnavailable)
    assert "Cannot connect to PostgreSQL at postgresql://u@127.0.0.1" in str(error)
    assert "refused. Is the server running on that host" in str(error)
    assert "Check the host and port in the URL" in str(error)
    assert "pw@" not in str(error)


def test_a_database_or_role_that_is_not_there_is_refused(postgres: str) -> None:
    found = conninfo_to_dict(postgres)
    place = f"{found['host']}:{found['port']}"
    assert "Name an existing database" in str(failure(f"postgresql://postgres@{place}/nowhere"))
    error = failure(f"postgresql://nobody:{'pw' * 3}@{place}/postgres")
    assert "Check the user in the URL" in str(error)
    assert "pwpwpw" not in str(error)


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ('role "app" is not permitted to log in', "Grant the role LOGIN"),
        ('pg_hba.conf rejects connection for host "192.0.2.1", no encryption', "pg_hba.conf, with"),
        ('database "x" is not currently accepting connections', "Allow connections to that"),
    ],
)
def test_what_the_server_does_not_allow_is_not_taken_for_a_wrong_host(said: str, hint: str) -> None:
    where = server_location("postgresql://app@db.example/x")
    assert where is not None
    error = connection_error(NotSent(f"connection failed: FATAL:  {said}"), where)
    assert not isinstance(error, StateUnavailable)
    assert hint in str(error)


def test_connections_that_are_all_in_use_are_not_taken_for_a_wrong_host() -> None:
    where = server_location("postgresql://app@db.example/x")
    assert where is not None
    error = connection_error(busy(), where)
    assert isinstance(error, StateUnavailable)
    assert "fewer threads or tasks" in str(error)
    assert "host and port" not in str(error)


def test_tls_that_is_demanded_and_absent_is_refused(fleet_url: str) -> None:
    error = failure(f"{fleet_url}&sslmode=require")
    assert "server does not support SSL" in str(error)
    assert "Turn on TLS at the server, or lower sslmode" in str(error)


@pytest.mark.parametrize(
    ("wrong", "said", "hint"),
    [
        ("options=-c%20nope%3D1", "unrecognized configuration parameter", "Correct that parameter"),
        ("client_encoding=nope", "client_encoding", "Correct that parameter"),
        ("connect_timeout=soon", "connect_timeout", "Correct that parameter"),
        ("target_session_attrs=nope", "target_session_attrs", "Correct that parameter"),
        ("port=99999", "invalid port number", "Correct that parameter"),
        ("sslmode=nope", "sslmode", "Check sslmode"),
        ("target_session_attrs=standby", "not in hot standby mode", "read-write in the URL"),
        ("channel_binding=require", "channel binding required", "Lower channel_binding"),
        ("require_auth=scram-sha-256", "authentication method", "or require_auth in the URL"),
    ],
)
def test_a_parameter_that_is_wrong_is_named_and_not_tried_again(
    wrong: str, said: str, hint: str, fleet_url: str
) -> None:
    error = failure(f"{fleet_url}&{wrong}")
    assert not isinstance(error, StateUnavailable)
    assert said in str(error)
    assert hint in str(error)


def test_a_service_file_that_is_wrong_is_refused_without_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "services"
    file.write_text("[fleet]\ns3cret\n")
    monkeypatch.setenv("PGSERVICEFILE", str(file))
    error = failure("postgresql:///?service=fleet")
    assert "line 2. Correct that line of the service file" in str(error)
    assert "s3cret" not in str(error)


def test_options_in_the_environment_count(fleet_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGOPTIONS", "-c default_transaction_read_only=on")
    assert "accepts no writes" in str(failure(fleet_url))


def test_a_service_that_is_not_defined_is_refused(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("PGSERVICEFILE", str(tmp_path / "none"))
    assert "service" in str(failure("postgresql:///?service=none"))


OURS = (
    f"CREATE TABLE {{s}}.{MARK} (number bigint, part text)",
    f"INSERT INTO {{s}}.{MARK} VALUES (1, 'before'), (1, 'after')",  # noqa: S608 - our own name
)
ANOTHER = "is used by another program: it has "


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (("CREATE TABLE {s}.invoices (id int)",), f"{ANOTHER}invoices"),
        (("CREATE TABLE {s}.registrations (id int)",), f"{ANOTHER}registrations"),
        (("CREATE VIEW {s}.audit AS SELECT 1",), f"{ANOTHER}audit"),
        ((f"CREATE TABLE {{s}}.{MARK} (id int)",), f"{ANOTHER}{MARK}"),
        ((f"CREATE TABLE {{s}}.{MARK} (number int, part int)",), f"{ANOTHER}{MARK}"),
        (OURS[:1], f"{ANOTHER}{MARK}"),
        ((f"CREATE VIEW {{s}}.{MARK} AS SELECT 1::bigint AS number, 'x' AS part",), ANOTHER),
        (OURS, "lacks tables or columns of rsspot: audit, leases, locks"),
        (
            (*OURS, *(f"CREATE TABLE {{s}}.{name} (name text)" for name in TABLES)),
            "lacks tables or columns of rsspot: audit.after",
        ),
        (("CREATE SEQUENCE {s}.registrations",), "has something else of this name"),
        (("CREATE TYPE {s}.locks AS ENUM ()",), "has something else of this name"),
    ],
)
def test_a_schema_of_something_else_is_refused_and_not_touched(
    made: tuple[str, ...], said: str, fleet_url: str
) -> None:
    sql(fleet_url, "CREATE SCHEMA {s}", *made)
    count = "SELECT count(*) FROM pg_class WHERE relnamespace = '{s}'::regnamespace"
    before = sql(fleet_url, count)
    error = failure(fleet_url)
    assert said in str(error)
    assert "ame an empty schema in the URL" in str(error)
    where = server_location(fleet_url)
    assert where is not None
    with pytest.raises(StateError) as refused:
        migrate_schema(where)
    assert str(refused.value) == str(error)
    assert sql(fleet_url, count) == before


def test_a_role_without_rights_is_refused(fleet_url: str, postgres: str) -> None:
    role = f"r_{os.getpid()}_{threading.get_ident() % 10000}"
    schema = schema_of(fleet_url)
    sql(fleet_url, f"DROP ROLE IF EXISTS {role}", f"CREATE ROLE {role} LOGIN PASSWORD 'x'")
    url = fleet_url.replace("postgres@", f"{role}:x@", 1)
    error = failure(url)
    assert f"role {role} may not create them" in str(error)
    assert "rsspot state migrate" in str(error)
    with StateStore(fleet_url) as owner:
        owner.registrations.discover(listing(), who="w")
    assert f"lacks USAGE on schema {schema}" in str(failure(url))
    sql(fleet_url, f"GRANT USAGE ON SCHEMA {{s}} TO {role}")
    assert "GRANT USAGE ON SCHEMA" in str(failure(url))
    sql(
        fleet_url,
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {{s}} TO {role}",
    )
    with StateStore(url) as store:
        ledger = store.registrations
        ledger.discover(listing(3), who="w")
        (record,) = ledger.claim(owner="w", ttl=60)
        assert ledger.heartbeat([record], ttl=60) == []
        ledger.apply(record, TokenIssued("t"), who="w")
        store.tokens.put("p", StoredToken("b", None, 1.0), OWN)
        lock = store.tokens.try_lock("p", 5.0)
        assert lock is not None
        lock.release()
        assert ledger.summary().total == 3
        assert len([*ledger.export()]) == 5
    for right in RIGHTS:
        sql(fleet_url, f"REVOKE {right} FROM {role}")
        told = str(failure(url))
        assert f"{role} lacks {right.replace('{s}.', '').replace('{s}', schema)} at" in told
        assert f'TO "{role}"' in told
        sql(fleet_url, f"GRANT {right} TO {role}")


RIGHTS = [
    "USAGE on schema {s}",
    f"SELECT on {{s}}.{MARK}",
    *(
        f"{right} on {{s}}.{table}"
        for table in TABLES
        for right in ("SELECT", "INSERT", "UPDATE", "DELETE")
    ),
]
"""All that the role of the workers needs: without any one of them, no run begins."""


def test_a_database_that_cannot_hold_all_names_is_refused(fleet_url: str, postgres: str) -> None:
    name = f"latin_{os.getpid()}"
    sql(
        fleet_url,
        f"CREATE DATABASE {name} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
    )
    url = f"{postgres.rpartition('/')[0]}/{name}"
    assert "has the encoding LATIN1" in str(failure(url))
