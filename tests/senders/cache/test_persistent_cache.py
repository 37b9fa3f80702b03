"""What the file keeps of answers: bounded, and never searched."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing, nullcontext
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import StateStore
from rsspot.errors import StateError
from rsspot.flow.blocking import block
from rsspot.flow.flow import run
from rsspot.flow.patience import patience, waiting_at_most
from rsspot.senders import CachingSender, Options, Request
from rsspot.senders.cache.keys import hashed
from rsspot.senders.cache.memory import MemoryCache
from rsspot.senders.cache.store import CacheRow, PersistentCache
from rsspot.senders.options import Timeouts
from rsspot.state.sqlite.locks import WRITE, locked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StateStore]:
    with StateStore(tmp_path / "state.db") as opened:
        yield opened


def put(
    store: StateStore, key: str, *, size: int = 10, expires: float = 100.0, **more: Any
) -> bool:
    options: dict[str, Any] = {"max_entries": 1000, **more}
    return store.http_cache.put("p", key, CacheRow("/a", "{}", b"x" * size, expires), **options)


def kept(store: StateStore) -> list[str]:
    with closing(sqlite3.connect(store.path)) as connection:
        rows: list[Any] = connection.execute("SELECT key FROM http_cache ORDER BY id").fetchall()
        (counted,) = connection.execute("SELECT count, bytes FROM cache_size").fetchall()
        real = connection.execute("SELECT count(*), total(length(body)) FROM http_cache").fetchone()
    assert counted == real
    return [row[0] for row in rows]


def test_what_has_expired_goes_a_few_at_a_time(store: StateStore) -> None:
    for number in range(20):
        put(store, f"old{number}")
    put(store, "a", expires=500, now=200)
    assert len(kept(store)) == 13
    put(store, "b", expires=500, now=200)
    put(store, "c", expires=500, now=200)
    assert kept(store) == ["a", "b", "c"]


def test_the_oldest_go_where_there_are_too_many_or_too_many_bytes(
    store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rsspot.state.sqlite.responses.MAX_BYTES", 1000)
    for key in "abc":
        put(store, key, max_entries=2)
    assert kept(store) == ["b", "c"]
    put(store, "d", size=995)
    assert kept(store) == ["d"]
    put(store, "larger than all", size=2000)
    assert kept(store) == ["larger than all"]
    put(store, "e")
    assert kept(store) == ["e"]


def test_an_answer_from_before_a_drop_is_not_kept(store: StateStore) -> None:
    seen = store.http_cache.generation()
    assert put(store, "a", generation=seen)
    store.http_cache.drop("other", ["/z"])
    assert not put(store, "b", generation=seen)
    assert put(store, "c", generation=store.http_cache.generation())
    assert kept(store) == ["a", "c"]


@pytest.mark.parametrize(
    "damage", ["meta = x'00'", "meta = '{}'", "meta = 'x'", "body = '0123456789'"]
)
def test_a_damaged_answer_is_dropped_and_not_on_the_loop(store: StateStore, damage: str) -> None:
    key = hashed("k")
    put(store, key)
    with closing(sqlite3.connect(store.path)) as raw:
        raw.execute(f"UPDATE http_cache SET {damage}")  # noqa: S608 - our own text
        raw.commit()
    cache = PersistentCache(store.http_cache, "p", MemoryCache(), 9)
    flow = cache.look("k", Request("GET", "https://api.example/a"), 0.0)
    opening = next(flow)
    dropping = flow.send(opening.run())
    assert kept(store) == [key]
    dropping.run()
    assert kept(store) == []
    with pytest.raises(StopIteration) as end:
        flow.send(None)
    assert end.value.value is None


@pytest.mark.parametrize("who", ["another client", "another process"])
@pytest.mark.parametrize("what", ["all", "the partition"])
def test_what_another_clears_is_not_returned_from_memory(
    wire: Any, tmp_path: Path, who: str, what: str
) -> None:
    wire.answers = [httpx.Response(200, json={}, headers={"Cache-Control": "max-age=60"})]
    path, partition = tmp_path / "state.db", None if what == "all" else "p"
    with StateStore(path) as store:
        sender = CachingSender(sender=wire.end, store=store.http_cache, partition="p")
        for _ in range(2):
            wire.get(sender)
        assert len(wire.requests) == 1
        if who == "another client":
            with StateStore(path) as other:
                other.http_cache.clear(partition)
        else:
            program = (
                "from rsspot import StateStore\n"
                f"with StateStore({str(path)!r}) as it: it.http_cache.clear({partition!r})"
            )
            subprocess.run([sys.executable, "-c", program], check=True)
        wire.get(sender)
        assert len(wire.requests) == 2


class Watched:
    """A store that notes how long the first call of each kind would wait."""

    def __init__(self, store: StateStore) -> None:
        self._store: Any = store.http_cache
        self.waits: dict[str, float] = {}

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            self.waits.setdefault(name, patience(100.0))
            return getattr(self._store, name)(*args, **kwargs)

        return call


@pytest.mark.parametrize(("total", "wait"), [(8.0, 4.0), (1000.0, 100.0), (None, 100.0)])
def test_a_store_that_another_program_holds_takes_half_of_a_calls_time_at_most(
    wire: Any, store: StateStore, total: float | None, wait: float
) -> None:
    wire.answers = [httpx.Response(200, json={}, headers={"Cache-Control": "max-age=60"})]
    watched: Any = Watched(store)
    sender = CachingSender(sender=wire.end, store=watched, partition="p", shared=False)
    limited = Options(timeouts=Timeouts(total=total))
    for method in ("GET", "POST"):
        wire.send(sender, Request(method, "https://api.example/a", options=limited))
    # Reads of an open store wait for nobody.
    assert watched.waits == {"generation": wait, "read": 100.0, "put": wait, "drop": wait}


def asked(connection: sqlite3.Connection) -> Any:
    return connection.execute("PRAGMA busy_timeout").fetchone()


@pytest.mark.parametrize("opened", [True, False])
@pytest.mark.parametrize("holder", ["another program", "another process of rsspot"])
def test_who_has_little_time_waits_less_for_a_file_and_others_as_before(
    tmp_path: Path, holder: str, *, opened: bool
) -> None:
    path, hours = str(tmp_path / "held.db"), 36_000
    StateStore(path).preferences.set("a", 1)
    with (
        StateStore(path, busy_timeout=hours) as state,
        closing(sqlite3.connect(path, isolation_level=None)) as other,
    ):
        if opened:
            state.preferences.set("a", 2)
        with locked(path, WRITE, 1) if holder == "another process of rsspot" else nullcontext():
            if holder == "another program":
                other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StateError, match=r"is locked|has held"):
                run(waiting_at_most(0.01, block(state.preferences.set, "a", 3)))
        if other.in_transaction:
            other.execute("ROLLBACK")
        database: Any = state.database
        found = database.connections.write(asked)
        assert [*found] == [hours * 1000]
