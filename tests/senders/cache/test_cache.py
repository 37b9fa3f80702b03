"""What is given again, to whom, and until when (RFC 9111).

Rules: docs/rules.md#tenants, docs/rules.md#freshness, docs/rules.md#authorized-responses.
"""

from __future__ import annotations

import threading
from email.utils import formatdate
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot import CacheConfig, StateStore, errors
from rsspot.senders import CachingSender, Options, Request, Response
from rsspot.senders.cache.freshness import freshness
from rsspot.senders.cache.keys import hashed, key_of
from rsspot.senders.cache.memory import MemoryCache
from rsspot.senders.extending import Send
from rsspot.state.http_cache import HTTPCache

URL = "https://api.example/a/b"


def counting(wire: Any, **headers: str) -> None:
    """Each answer is the number of the request that it is for."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"n": len(wire.requests)}, headers=fields)

    wire.answers = [answer]


def test_a_fresh_answer_is_given_again_and_an_expired_one_is_not(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    assert [wire.get(sender).content["n"] for _ in range(3)] == [1, 1, 1]
    clock.time += 59.9
    assert wire.get(sender).content["n"] == 1
    clock.time += 0.2
    assert wire.get(sender).content["n"] == 2


def test_the_store_and_the_memory_expire_together(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60")
    store = StateStore(":memory:")
    options: dict[str, Any] = {"store": store.http_cache, "partition": "p", "clock": clock}
    assert wire.get(CachingSender(sender=wire.end, **options)).content["n"] == 1
    assert wire.get(CachingSender(sender=wire.end, **options)).content["n"] == 1
    clock.time += 61
    assert wire.get(CachingSender(sender=wire.end, **options)).content["n"] == 2


def test_no_partition_sees_what_another_was_answered(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60")
    store = StateStore(":memory:")
    seen = [
        wire.get(
            CachingSender(sender=wire.end, store=store.http_cache, partition=who, clock=clock)
        ).content["n"]
        for who in ("a", "b", "a", "b")
    ]
    assert seen == [1, 2, 1, 2]


def test_below_sign_in_each_credential_has_its_own_answers(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="public, max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    seen = [
        wire.get(sender, headers={"Authorization": who}).content["n"] for who in ("a", "b", "a")
    ]
    assert seen == [1, 2, 1]


@pytest.mark.parametrize(
    ("headers", "request_headers", "shared", "kept"),
    [
        ({"Cache_Control": "max-age=60"}, {}, True, True),
        ({"Cache_Control": "private, max-age=60"}, {}, True, False),
        ({"Cache_Control": "private, max-age=60"}, {}, False, True),
        ({"Cache_Control": 'private="x, y", max-age=60'}, {}, True, False),
        ({"Cache_Control": 'x="private, no-store", max-age=60'}, {}, True, True),
        ({"Cache_Control": "no-store, max-age=60"}, {}, False, False),
        ({"Cache_Control": "MAX-AGE=60"}, {}, False, True),
        ({"Cache_Control": "max-age=0"}, {}, False, False),
        ({"Cache_Control": "max-age=soon"}, {}, False, False),
        ({"Cache_Control": "no-cache, max-age=60"}, {}, False, False),
        ({"Cache_Control": "s-maxage=60"}, {}, True, True),
        ({"Cache_Control": "s-maxage=60"}, {}, False, False),
        ({"Cache_Control": "max-age=60", "Vary": "*"}, {}, False, False),
        ({"Cache_Control": "max-age=60", "Vary": "Accept, *"}, {}, False, False),
        ({"Cache_Control": "max-age=60"}, {"Authorization": "x"}, True, False),
        ({"Cache_Control": "max-age=60, public"}, {"Authorization": "x"}, True, True),
        ({"Cache_Control": "max-age=60"}, {"Authorization": "x"}, False, True),
        ({"Cache_Control": "max-age=60"}, {"Cache-Control": "no-store"}, False, False),
        ({"Cache_Control": "max-age=60"}, {"Cache-Control": "no-cache"}, False, False),
        ({"Cache_Control": "max-age=60", "Age": "60"}, {}, False, False),
        ({"Cache_Control": "max-age=60", "Age": "30"}, {}, False, True),
        ({"Expires": "0"}, {}, False, False),
        ({}, {}, False, False),
    ],
)
def test_what_is_kept_is_what_the_standard_allows(
    wire: Any,
    clock: Any,
    headers: dict[str, str],
    request_headers: dict[str, str],
    *,
    shared: bool,
    kept: bool,
) -> None:
    counting(wire, **headers)
    sender = CachingSender(sender=wire.end, shared=shared, clock=clock)
    for _ in range(2):
        wire.get(sender, headers=request_headers)
    assert (len(wire.requests) == 1) is kept


def test_expires_is_compared_with_the_servers_own_date(wire: Any, clock: Any) -> None:
    date, later = (formatdate(clock.time + 9999 + more, usegmt=True) for more in (0, 60))
    counting(wire, Expires=later, Date=date)
    sender = CachingSender(sender=wire.end, clock=clock)
    assert [wire.get(sender).content["n"] for _ in range(2)] == [1, 1]
    clock.time += 61
    assert wire.get(sender).content["n"] == 2


def test_an_answer_that_is_old_when_it_comes_is_as_old_as_it_says(wire: Any, clock: Any) -> None:
    past = formatdate(clock.time - 50, usegmt=True)
    for fields in ({"Date": past}, {"Age": "50"}, {"Date": past, "Age": "20"}):
        counting(wire, Cache_Control="max-age=60", **fields)
        sender = CachingSender(sender=wire.end, clock=clock)
        first = wire.get(sender).content
        clock.time += 9
        assert wire.get(sender).content == first
        clock.time += 2
        assert wire.get(sender).content != first
        clock.time -= 11


def test_the_time_that_an_answer_took_is_part_of_its_age(wire: Any, clock: Any) -> None:
    def answer(_request: httpx.Request) -> httpx.Response:
        clock.time += 40
        return httpx.Response(200, json={}, headers={"Cache-Control": "max-age=60", "Age": "15"})

    wire.answers = [answer]
    sender = CachingSender(sender=wire.end, clock=clock)
    for wait, sent in ((0, 1), (4, 1), (2, 2)):
        clock.time += wait
        wire.get(sender)
        assert len(wire.requests) == sent


def test_a_cookie_is_for_who_asked_and_is_kept_nowhere(
    wire: Any, clock: Any, tmp_path: Any
) -> None:
    counting(wire, Cache_Control="max-age=60", Set_Cookie="session=secret", ETag="1")
    with StateStore(tmp_path / "state.db") as store:
        options: dict[str, Any] = {"store": store.http_cache, "partition": "p", "clock": clock}
        sender = CachingSender(sender=wire.end, **options)
        assert "set-cookie" in wire.get(sender).headers
        assert "set-cookie" not in wire.get(sender).headers
        clock.time += 61
        wire.answers = [httpx.Response(304, headers={"Set-Cookie": "session=secret"})]
        wire.get(sender)
        assert "set-cookie" not in wire.get(sender).headers
        kept = repr(store.database.rows("http_cache"))
    assert "etag" in kept
    assert "secret" not in kept


def test_a_304_without_a_date_does_not_keep_the_age_of_what_it_renews(
    wire: Any, clock: Any
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if "if-none-match" in request.headers:
            return httpx.Response(304)
        fields = {"ETag": "1", "Cache-Control": "max-age=60", "Age": "50"}
        return httpx.Response(200, json={}, headers=fields)

    wire.answers = [answer]
    sender = CachingSender(sender=wire.end, clock=clock)
    for wait, sent in ((0, 1), (11, 2), (59, 2)):
        clock.time += wait
        wire.get(sender)
        assert len(wire.requests) == sent


@pytest.mark.parametrize("status", [201, 203, 204, 206, 301, 404, 500])
def test_only_a_plain_success_is_kept(wire: Any, clock: Any, answer: Any, status: int) -> None:
    wire.answers = [answer(status, Cache_Control="max-age=60")]
    sender = CachingSender(sender=wire.end, clock=clock)
    for _ in range(2):
        wire.get(sender)
    assert len(wire.requests) == 2


def test_an_etag_is_asked_about_and_304_makes_the_answer_fresh(wire: Any, clock: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        headers = {"ETag": '"1"', "Cache-Control": "max-age=60"}
        if request.headers.get("if-none-match") == '"1"':
            return httpx.Response(304, headers={**headers, "X-New": "yes"})
        return httpx.Response(200, json={"a": 1}, headers=headers)

    wire.answers = [answer]
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    clock.time += 61
    again = wire.get(sender)
    assert (again.status_code, again.content, again.headers["x-new"]) == (200, {"a": 1}, "yes")
    wire.get(sender)
    assert len(wire.requests) == 2


def test_vary_keeps_apart_what_differs(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60", Vary="Accept-Language, X-A")
    sender = CachingSender(sender=wire.end, clock=clock)
    seen = [
        wire.get(sender, headers={"accept-language": language}).content["n"]
        for language in ("de", "de", "en", "en")
    ]
    assert seen == [1, 1, 2, 2]


def test_each_variant_has_its_answer_and_none_takes_anothers_place(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60", Vary="Accept-Language")
    store = StateStore(":memory:")
    for sender in (
        CachingSender(sender=wire.end, clock=clock),
        CachingSender(sender=wire.end, store=store.http_cache, partition="p", clock=clock),
        CachingSender(sender=wire.end, store=store.http_cache, partition="p", clock=clock),
    ):
        before = len(wire.requests)
        languages = ("de", "en", "de", "en", "fr", "de")
        seen = [
            (language, wire.get(sender, headers={"accept-language": language}).content["n"])
            for language in languages
        ]
        assert len(set(seen)) == 3
        assert len(wire.requests) - before in {3, 0}


def test_the_memory_is_bounded_in_bytes_too(wire: Any, clock: Any) -> None:
    body = {"x": "y" * 1000}
    wire.answers = [httpx.Response(200, json=body, headers={"Cache-Control": "max-age=60"})]
    entries = MemoryCache(max_bytes=3500)
    sender = CachingSender(sender=wire.end, memory=entries, clock=clock)
    for path in ("/a", "/b", "/c", "/d", "/d"):
        wire.get(sender, path)
    assert len(entries) == 3
    assert 3000 < entries.size <= 3500
    wire.get(sender, "/a")
    assert len(wire.requests) == 5
    wire.send(sender, Request("PUT", "https://api.example/a"))
    sender.clear()
    assert entries.size == 0


def test_a_large_body_is_kept_nowhere(
    wire: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rsspot.senders.cache.storing.LARGEST", 10)
    counting(wire, Cache_Control="max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    assert [wire.get(sender).content["n"] for _ in range(2)] == [1, 1]
    wire.answers = [httpx.Response(200, json="x" * 20, headers={"Cache-Control": "max-age=60"})]
    wire.get(sender, "/large")
    assert len(sender.memory) == 1


def test_the_least_recently_used_goes_first(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60")
    sender = CachingSender(2, wire.end, clock=clock)
    seen = [wire.get(sender, path).content["n"] for path in ("/a", "/b", "/a", "/c", "/a", "/b")]
    assert seen == [1, 2, 1, 3, 1, 4]
    assert len(sender.memory) == sender.max_size == 2
    sender.clear()
    assert wire.get(sender, "/a").content["n"] == 5


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("outcome", [200, 500, httpx.ReadError("lost")])
def test_a_write_drops_what_it_can_have_changed_however_it_ends(
    wire: Any, clock: Any, method: str, outcome: Any
) -> None:
    store = StateStore(":memory:")
    options: dict[str, Any] = {"store": store.http_cache, "partition": "p", "clock": clock}
    sender = CachingSender(sender=wire.end, **options)
    counting(wire, Cache_Control="max-age=60")
    for path in ("/a", "/a/b", "/a/b/c", "/ab", "/z"):
        wire.get(sender, path)
    wire.answers = [outcome]
    if isinstance(outcome, Exception):
        with pytest.raises(errors.RequestError):
            wire.send(sender, Request(method, "https://api.example/a/b"))
    else:
        wire.send(sender, Request(method, "https://api.example/a/b"))
    counting(wire, Cache_Control="max-age=60")
    for reader in (sender, CachingSender(sender=wire.end, **options)):
        before = len(wire.requests)
        assert [wire.get(reader, path).content["n"] for path in ("/ab", "/z")] == [4, 5]
        assert len(wire.requests) == before
    assert wire.get(sender, "/a").content["n"] > 6
    assert wire.get(sender, "/a/b").content["n"] > 6
    assert wire.get(sender, "/a/b/c").content["n"] > 6


def until_it_sends(flow: Any) -> None:
    """Carry out what a flow asks for, until it asks for a request to be sent."""
    effect = next(flow)
    while not isinstance(effect, Send):
        effect = flow.send(effect.run())


def test_a_read_that_was_under_way_during_a_write_is_not_kept(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    read = sender.flow(Request("GET", URL))
    until_it_sends(read)
    write = sender.flow(Request("PUT", URL))
    next(write)
    with pytest.raises(StopIteration):
        write.send(Response(URL, {}, 200, {}))
    past = Response(URL, {"Cache-Control": "max-age=60"}, 200, {"n": "past"})
    with pytest.raises(StopIteration):
        read.send(past)
    assert wire.get(sender).content["n"] == 1


@pytest.mark.parametrize("end", ["answer", "error", "abandoned"])
def test_a_read_that_came_and_went_during_a_write_is_forgotten_when_it_ends(
    wire: Any, clock: Any, end: str
) -> None:
    counting(wire, Cache_Control="max-age=60")
    store = StateStore(":memory:")
    options: dict[str, Any] = {"store": store.http_cache, "partition": "p", "clock": clock}
    sender = CachingSender(sender=wire.end, **options)
    write = sender.flow(Request("PUT", URL))
    until_it_sends(write)
    assert [wire.get(sender).content["n"] for _ in range(2)] == [1, 1]
    if end == "abandoned":
        write.close()
        for thread in threading.enumerate():
            if thread.name == "rsspot-drop":
                thread.join()
    else:
        with pytest.raises((StopIteration, errors.ConnectionFailed)):
            finish(write, Response(URL, {}, 200, {}) if end == "answer" else None)
    other = CachingSender(sender=wire.end, **options)
    assert wire.get(other).content["n"] == 2
    assert wire.get(sender).content["n"] == 2


def finish(flow: Any, response: Response | None) -> None:
    """Answer what was sent, or fail it, and carry out what the flow asks for after that."""
    effect = (
        flow.throw(errors.ConnectionFailed("lost")) if response is None else flow.send(response)
    )
    while True:
        effect = flow.send(effect.run())


def test_another_process_that_writes_empties_this_memory_too(
    wire: Any, clock: Any, tmp_path: Any
) -> None:
    counting(wire, Cache_Control="max-age=60")
    stores = [StateStore(tmp_path / "state.db") for _ in range(2)]
    here, there = (
        CachingSender(sender=wire.end, store=store.http_cache, partition="p", clock=clock)
        for store in stores
    )
    assert [wire.get(here).content["n"], wire.get(there).content["n"]] == [1, 1]
    wire.send(there, Request("PUT", URL))
    assert wire.get(here).content["n"] == 3
    for store in stores:
        store.close()


def test_an_answer_that_is_dropped_while_it_is_read_is_not_kept_in_memory(
    wire: Any, clock: Any, tmp_path: Any
) -> None:
    counting(wire, Cache_Control="max-age=60")
    with StateStore(tmp_path / "state.db") as store, StateStore(tmp_path / "state.db") as other:

        class Slow(HTTPCache):
            """While this one hands over what it read, others go on."""

            def read(self, partition: str, key: str) -> Any:
                row, generation = super().read(partition, key)
                if row is not None:
                    other.http_cache.drop("p", ["/a/b"])
                    entries.follow(self.generation())  # as another thread does at its next look
                return row, generation

        wire.get(CachingSender(sender=wire.end, store=store.http_cache, partition="p", clock=clock))
        entries = MemoryCache()
        slow = CachingSender(
            sender=wire.end,
            store=Slow(lambda: store.database),
            partition="p",
            memory=entries,
            clock=clock,
        )
        assert wire.get(slow).content["n"] == 1  # it was asked for before it was dropped
        assert wire.get(slow).content["n"] == 2


def test_an_answer_from_before_another_process_wrote_is_not_kept(
    wire: Any, clock: Any, tmp_path: Any
) -> None:
    # The other process writes after the last look at its generation, and before the answer is put.
    here, there = (StateStore(tmp_path / "state.db") for _ in range(2))
    options: dict[str, Any] = {"store": here.http_cache, "partition": "p", "clock": clock}
    sender = CachingSender(sender=wire.end, **options)

    def answer(_request: httpx.Request) -> httpx.Response:
        there.http_cache.drop("p", ["/a/b"])
        headers = {"Cache-Control": "max-age=60"}
        return httpx.Response(200, json={"n": len(wire.requests)}, headers=headers)

    wire.answers = [answer]
    assert [wire.get(sender).content["n"] for _ in range(2)] == [1, 2]
    assert here.http_cache.get("p", hashed(key_of(Request("GET", URL), "p"))) is None
    for store in (here, there):
        store.close()


def test_no_value_of_a_query_and_no_credential_is_kept_in_clear(
    wire: Any, clock: Any, tmp_path: Any
) -> None:
    counting(wire, Cache_Control="public, max-age=60")
    store = StateStore(tmp_path / "state.db")
    sender = CachingSender(sender=wire.end, store=store.http_cache, partition="p", clock=clock)
    headers = {"Authorization": "Bearer hunter2"}
    for _ in range(2):
        wire.get(sender, "/a?token=hunter2", params={"more": "hunter2"}, headers=headers)
    assert len(wire.requests) == 1
    store.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"/a" in kept
    assert b"hunter2" not in kept


def test_who_changes_an_answer_changes_only_theirs(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    for _ in range(3):
        response = wire.get(sender)
        assert response.content == {"n": 1}
        response.content["n"] = "changed"


def test_a_cache_that_is_turned_off_neither_reads_nor_keeps(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60")
    store = StateStore(":memory:")
    off = CacheConfig(enabled=False)
    options: dict[str, Any] = {"store": store.http_cache, "partition": "p", "clock": clock}
    assert wire.get(CachingSender(sender=wire.end, **options)).content["n"] == 1
    sender = CachingSender(sender=wire.end, config=off, **options)
    assert [wire.get(sender).content["n"] for _ in range(2)] == [2, 3]
    assert len(sender.memory) == 0
    memory = CachingSender(sender=wire.end, config=CacheConfig(backend="memory"), **options)
    assert [wire.get(memory).content["n"] for _ in range(2)] == [4, 4]


class Full:
    """A store that can be read and dropped from, and keeps nothing."""

    def __init__(self, store: StateStore) -> None:
        self._store = store.http_cache

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def put(self, *_: object, **__: object) -> bool:
        raise errors.StateError("The disk is full")


def test_a_store_that_keeps_nothing_any_more_is_still_told_of_writes(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60")
    store = StateStore(":memory:")
    options: dict[str, Any] = {"partition": "p", "clock": clock}
    other = CachingSender(sender=wire.end, store=store.http_cache, **options)
    wire.get(other)
    full: Any = Full(store)
    sender = CachingSender(sender=wire.end, store=full, **options)
    with pytest.warns(RuntimeWarning, match="no longer shared between processes: The disk is full"):
        assert wire.get(sender, "/c").content["n"] == 2
    assert wire.get(sender, "/c").content["n"] == 2
    wire.send(sender, Request("PUT", URL))
    assert wire.get(other).content["n"] == 4


class Broken:
    """A store that can be read and not written."""

    def read(self, partition: str, key: str) -> tuple[None, int]:
        return None, 1

    def generation(self) -> int:
        return 1

    def put(self, *_: object, **__: object) -> None:
        raise errors.StateError("The disk is full")

    drop = clear = put


def test_a_write_that_cannot_be_noted_ends_the_cache_and_says_so_once(
    wire: Any, clock: Any
) -> None:
    counting(wire, Cache_Control="max-age=60")
    entries = MemoryCache()
    broken: Any = Broken()
    options: dict[str, Any] = {"store": broken, "partition": "p", "clock": clock}
    sender, other = (
        CachingSender(sender=wire.end, memory=entries, **options) for _ in ("sync", "async")
    )
    with pytest.warns(RuntimeWarning, match="no longer used: The disk is full"):
        wire.send(sender, Request("PUT", URL))
    for each in (sender, other):
        before = len(wire.requests)
        assert [wire.get(each).content["n"] for _ in range(2)] == [before + 1, before + 2]
    # A warning is an error here: the second write tells nothing any more.
    wire.send(sender, Request("PUT", URL))


def test_an_abandoned_write_still_empties_the_memory(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    flow = sender.flow(Request("PUT", URL))
    next(flow)
    flow.close()
    assert wire.get(sender).content["n"] == 2


def test_bypass_and_secrets_touch_no_cache(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    for options in (Options(cache="bypass"), Options(secret=True)):
        assert wire.get(sender, options=options).content["n"] > 1
    assert wire.get(sender).content["n"] == 1
    assert len(sender.memory) == 1


def test_an_expired_answer_stands_in_for_an_error_where_that_is_allowed(
    wire: Any, clock: Any
) -> None:
    config = CacheConfig(stale_if_error=100)
    for header, served in (("max-age=60", True), ("max-age=60, must-revalidate", False)):
        counting(wire, Cache_Control=header)
        sender = CachingSender(sender=wire.end, config=config, clock=clock)
        wire.get(sender)
        clock.time += 61
        wire.answers = [500]
        assert wire.get(sender).status_code == (200 if served else 500)
        clock.time += 100
        assert wire.get(sender).status_code == 500


def test_an_expired_answer_stands_in_for_a_lost_connection_as_long_as_it_may(
    wire: Any, clock: Any
) -> None:
    counting(wire, Cache_Control="max-age=60, stale-if-error=100")
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    wire.answers = [httpx.ReadError("lost")]
    clock.time += 159
    assert wire.get(sender).content["n"] == 1
    clock.time += 1
    with pytest.raises(errors.ConnectionFailed, match="lost"):
        wire.get(sender)


@pytest.mark.parametrize(
    ("said", "shared", "stands_in"),
    [
        ("max-age=1", True, True),
        ("max-age=1, must-revalidate", False, False),
        ("max-age=1, stale-if-error=0", False, False),
        ("max-age=1, proxy-revalidate", True, False),
        ("max-age=1, proxy-revalidate", False, True),
        ("max-age=1, s-maxage=1", True, False),
        ("max-age=1, s-maxage=1", False, True),
    ],
)
def test_an_expired_answer_never_stands_in_where_the_server_forbids_it(
    wire: Any, clock: Any, said: str, *, shared: bool, stands_in: bool
) -> None:
    counting(wire, Cache_Control=said)
    config = CacheConfig(stale_if_error=600)
    sender = CachingSender(sender=wire.end, shared=shared, config=config, clock=clock)
    wire.get(sender)
    clock.time += 2
    wire.answers = [500]
    assert wire.get(sender).ok is stands_in


def test_where_the_server_is_silent_the_rules_decide(wire: Any, clock: Any) -> None:
    counting(wire)
    sender = CachingSender(
        sender=wire.end, clock=clock, ttl=lambda path: 30.0 if path == "/a" else None
    )
    assert [wire.get(sender, path).content["n"] for path in ("/a", "/a", "/b", "/b")] == [
        1,
        1,
        2,
        3,
    ]
    clock.time += 31
    assert wire.get(sender, "/a").content["n"] == 4


def test_a_memo_lives_as_long_as_its_answer(wire: Any, clock: Any) -> None:
    counting(wire, Cache_Control="max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    first = wire.get(sender)
    assert first.memo is not None
    first.memo["view"] = "shared"
    assert wire.get(sender).memo == {"view": "shared"}
    clock.time += 61
    assert wire.get(sender).memo == {}


@given(
    age=st.integers(0, 1000), lifetime=st.integers(0, 1000), ttl=st.none() | st.floats(0.1, 1000)
)
def test_freshness_is_lifetime_less_age(age: int, lifetime: int, ttl: float | None) -> None:
    headers = {"Cache-Control": f"max-age={lifetime}", "Age": str(age)}
    times = freshness(Response(URL, headers), 1000.0, shared=False, ttl=ttl, stale=0)
    if lifetime <= age:
        assert times is None
    else:
        assert times is not None
        assert times.until == 1000.0 + lifetime - age
