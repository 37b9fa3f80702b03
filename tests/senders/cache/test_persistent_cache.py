"""What the file keeps of answers: bounded, and never searched."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import StateStore
from rsspot.senders.cache.keys import hashed
from rsspot.senders.cache.memory import MemoryCache
from rsspot.senders.cache.store import CacheRow, PersistentCache

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    monkeypatch.setattr("rsspot.state.sqlite.database.MAX_BYTES", 1000)
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
    shelf = PersistentCache(store.http_cache, "p", MemoryCache(), 9)
    flow = shelf.look("k", "https://api.example/a", 0.0)
    opening = next(flow)
    dropping = flow.send(opening.run())
    assert kept(store) == [key]
    dropping.run()
    assert kept(store) == []
    with pytest.raises(StopIteration) as end:
        flow.send(None)
    assert end.value.value is None
