"""Preferences, tokens, cached answers and history, over every kind of database.

Rules: docs/rules.md#event-loop, docs/rules.md#secrets.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot import AsyncSpotClient, StateStore
from rsspot.errors import InvalidInput, StateError
from rsspot.redaction.redact import redact
from rsspot.redaction.secret import Secret
from rsspot.senders.auth.store import StoredToken
from rsspot.senders.cache.store import CacheRow
from rsspot.state.http_cache import DAMAGED
from rsspot.state.ledger.candidate import identity
from rsspot.state.sqlite.connections import Connections

if TYPE_CHECKING:
    from pathlib import Path

    from rsspot.sandbox import SpotSandbox


OWN = Secret("a refresh token")


def test_preferences_are_json_values_by_name(store: StateStore) -> None:
    kept = store.preferences
    assert kept.get("a") is None
    assert kept.get("a", 7) == 7
    kept.set("a", None)
    assert kept.get("a", 7) is None
    kept.set("b", {"x": [1, "ä"]})
    assert kept.items() == {"a": None, "b": {"x": [1, "ä"]}}
    kept.delete("a")
    kept.delete("a")
    assert kept.items() == {"b": {"x": [1, "ä"]}}


def test_a_preference_that_cannot_be_read_is_named(store: StateStore) -> None:
    store.database.put("preferences", {"name": "a", "value": "{"})
    with pytest.raises(StateError, match=r"preference 'a' cannot be read.*set it again"):
        store.preferences.get("a")


def test_tokens_are_kept_by_partition_and_never_shown(store: StateStore) -> None:
    token = StoredToken("access-text", 2e9, 1e9, "refresh-text")
    store.tokens.put("host/credential", token, OWN)
    assert store.tokens.get("host/credential", OWN) == token
    assert store.tokens.get("other/credential", OWN) is None
    assert "text" not in repr(token)
    store.tokens.delete("host/credential")
    assert store.tokens.get("host/credential", OWN) is None


def test_a_token_whose_times_are_whole_numbers_is_read_again(store: StateStore) -> None:
    token = StoredToken("access-text", 2_000_000_000, 1_000_000_000)
    store.tokens.put("p", token, OWN)
    assert store.tokens.get("p", OWN) == token


def test_a_damaged_answer_comes_empty_and_makes_way_for_the_next(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with StateStore(path) as store:
        for key in ("bad", "good"):
            store.http_cache.put("p", key, CacheRow("/a", "{}", b"[]", 4e9), max_entries=9)
        with sqlite3.connect(path) as raw:
            raw.execute("UPDATE http_cache SET meta = x'00' WHERE key = 'bad'")
        raw.close()
        assert store.http_cache.get("p", "bad") == DAMAGED
        assert store.http_cache.get("p", "good") == CacheRow("/a", "{}", b"[]", 4e9)
        store.http_cache.put("p", "bad", CacheRow("/a", "{}", b"{}", 4e9), max_entries=9)
        assert store.http_cache.get("p", "bad") == CacheRow("/a", "{}", b"{}", 4e9)


def test_history_is_searched_and_suggests_the_last_first(store: StateStore, now: Any) -> None:
    for command in ("regions list", "pools list", "Regions get x", "pools list"):
        now.time += 1
        store.history.add(command)
    assert [each.command for each in store.history.list(2)] == ["Regions get x", "pools list"]
    assert store.history.list()[-1].at == now.time
    assert [each.command for each in store.history.search("REGIONS")] == [
        "regions list", "Regions get x",
    ]  # fmt: skip
    assert store.history.suggest("pools") == ["pools list"]
    assert store.history.suggest("", limit=2) == ["pools list", "Regions get x"]
    store.history.clear()
    assert store.history.list() == []


PART = st.from_regex(r"[A-Za-z0-9_\-]{8,60}", fullmatch=True)
SECRETS = (
    "rsspot login --refresh-token {}",
    "rsspot login --refresh-token={}",
    "rsspot login --token '{}'",
    "RSSPOT_REFRESH_TOKEN={} rsspot regions list",
    "curl -H 'Authorization: Bearer {}' https://host",
    'curl -d \'{{"password": "{}"}}\' https://host',
    "curl https://user:{}@host/path",
    "psql postgres://user:{}@host/db",
    "rsspot api --client-secret  {}",
)


@pytest.mark.parametrize("command", SECRETS)
@given(secret=st.from_regex(r"[A-Za-z0-9_\-]{6,40}", fullmatch=True))
def test_secrets_are_taken_out_before_anything_is_written(command: str, secret: str) -> None:
    if secret in command:
        return
    kept = redact(command.format(secret))
    assert secret not in kept
    assert kept.split()[0] in {"rsspot", "RSSPOT_REFRESH_TOKEN=[secret]", "curl", "psql"}


@given(parts=st.lists(PART, min_size=3, max_size=3))
def test_what_looks_like_a_jwt_is_taken_out_wherever_it_stands(parts: list[str]) -> None:
    jwt = ".".join(parts)
    assert jwt not in redact(f"echo {jwt}, and more")


def test_what_is_no_secret_stays() -> None:
    for command in (
        "rsspot cloudspaces create demo --region us-central-dfw-2",
        "kubectl get pods -n kube-system",
        "curl https://spot.rackspace.com/apis/ngpc.rxt.io/v1/regions",
    ):
        assert redact(command) == command


@pytest.mark.parametrize("piece", ["x", "-", "a-", "a.", "http://", "a://", '"'])
def test_long_texts_are_redacted_in_a_moment(piece: str) -> None:
    # Quadratic time would take minutes here.
    assert redact(piece * 50_000) == piece * 50_000


def test_the_history_has_no_secret_on_disk(tmp_path: Path) -> None:
    with StateStore(tmp_path / "state.db") as store:
        store.history.add("rsspot login --token verysecret")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"verysecret" not in kept
    assert b"rsspot login" in kept


TEXTS = st.text(max_size=8)
WHOS = st.tuples(TEXTS, TEXTS, TEXTS, TEXTS, TEXTS)


@given(one=WHOS, other=WHOS)
def test_the_key_of_a_vm_is_unambiguous(
    one: tuple[str, str, str, str, str], other: tuple[str, str, str, str, str]
) -> None:
    def meant(who: tuple[str, str, str, str, str]) -> tuple[object, ...]:
        namespace, cloudspace, uid, server, target = who
        return (namespace, bool(uid), uid or cloudspace, server, target)

    assert (identity(*one) == identity(*other)) == (meant(one) == meant(other))


def test_the_key_of_a_vm_never_changes() -> None:
    assert identity("n", "c", "u", "s", "t") == "c2dd34b87b11985e4cf42ef38ec0df97afec329e"
    assert identity("n", "c", "", "s", "t") == "7f88fe7d1972bdf2ee75e4d16b10dc40c3b04b86"


def test_from_async_code_no_commit_and_no_lock_waits_in_the_loop(
    sandbox: SpotSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: set[int] = set()
    writing = Connections.write

    def spied(self: Connections, work: Any) -> Any:
        waiting.add(threading.get_ident())
        return writing(self, work)

    monkeypatch.setattr(Connections, "write", spied)

    async def main() -> None:
        options: dict[str, Any] = {**sandbox.client_options(), "state": tmp_path / "state.db"}
        async with AsyncSpotClient(**options) as client:
            for _ in range(2):
                await client.regions.list()
            await client.cloudspaces.create("demo", region="us-central-dfw-2")

    asyncio.run(main())
    assert waiting
    assert threading.get_ident() not in waiting


def test_from_async_code_no_command_that_gives_the_token_runs_in_the_loop(
    sandbox: SpotSandbox,
) -> None:
    asked: list[int] = []

    def command() -> str:
        asked.append(threading.get_ident())
        return sandbox.refresh_token

    async def main() -> None:
        options: dict[str, Any] = {**sandbox.client_options(), "refresh_token": command}
        async with AsyncSpotClient(**options) as client:
            await asyncio.gather(*(client.regions.get("uk-lon-1") for _ in range(20)))
            assert len(asked) == 1
            await client.cloudspaces.create("demo", region="us-central-dfw-2")
            sandbox.advance(minutes=60)
            await client.cloudspaces.kubeconfig("demo")

    asyncio.run(main())
    assert threading.get_ident() not in asked


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("value", "x'00'"),
        ("value", "CAST(x'ff' AS TEXT)"),
        ("expires_at", "'soon'"),
        ("expires_at", "9e999"),
        ("obtained_at", "x'00'"),
        ("refresh_token", "x'00'"),
    ],
)
def test_a_damaged_token_is_none_and_is_replaced(column: str, value: str, tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with StateStore(path) as store:
        token = StoredToken("access", 2e9, 1.8e9, "rotated")
        store.tokens.put("p", token, OWN)
        with sqlite3.connect(path) as raw:
            raw.execute(f"UPDATE tokens SET {column} = {value}")  # noqa: S608 - a column of ours
        raw.close()
        assert store.tokens.get("p", OWN) is None
        store.tokens.put("p", token, OWN)
        assert store.tokens.get("p", OWN) == token


@pytest.mark.parametrize(
    "odd",
    [float("nan"), float("inf"), object(), {1, 2}, "\ud800"],
    ids=lambda value: type(value).__name__,
)
def test_a_preference_that_would_not_be_read_again_is_refused(odd: Any, store: StateStore) -> None:
    store.preferences.set("a", 1)
    if odd == "\ud800":
        store.preferences.set("a", odd)  # JSON has an escape for it
        assert store.preferences.get("a") == odd
        return
    with pytest.raises(InvalidInput, match="The preference 'a' cannot be stored as JSON"):
        store.preferences.set("a", odd)
    assert store.preferences.get("a") == 1


@pytest.mark.parametrize("value", ["'{'", "x'00'", "''"])
def test_a_damaged_preference_is_an_error_that_names_it(value: str, tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    with StateStore(path) as store:
        store.preferences.set("a", 1)
        with sqlite3.connect(path) as raw:
            raw.execute(f"UPDATE preferences SET value = {value}")  # noqa: S608 - a column of ours
        raw.close()
        with pytest.raises(StateError, match="The preference 'a' cannot be read"):
            store.preferences.get("a")


def test_what_the_file_cannot_hold_is_an_error_of_ours(tmp_path: Path) -> None:
    with StateStore(tmp_path / "state.db") as store:
        for call in (
            lambda: store.preferences.set("a\ud800", 1),
            lambda: store.preferences.get("a\ud800"),
            lambda: store.http_cache.get("p\ud800", "k"),
        ):
            with pytest.raises(InvalidInput, match="cannot store this"):
                call()


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf"), 10**400, "10", True, None])
def test_a_busy_timeout_is_a_duration(value: Any) -> None:
    with pytest.raises(InvalidInput, match="busy_timeout must be a number of seconds"):
        StateStore(":memory:", busy_timeout=value)
