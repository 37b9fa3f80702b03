"""For how long, and for which requests, a stored response is reused (RFC 9111, 4, 4.2 and 5)."""

from __future__ import annotations

import json
from email.utils import formatdate
from math import inf
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot import CacheConfig, StateStore, errors
from rsspot.senders import CachingSender, ExtendingSender, Request, Response
from rsspot.senders.cache.directives import ANY, delta_seconds, parse_directives, request_directives
from rsspot.senders.cache.entry import CacheEntry
from rsspot.senders.cache.freshness import freshness
from rsspot.senders.cache.http_date import strict_http_date
from rsspot.senders.headers import Headers

URL = "https://api.example/a/b"
NOW = 784_111_777.0
"""Sun, 06 Nov 1994 08:49:37 GMT: the moment of the examples in RFC 9110."""


def replying(wire: Any, **fields: str) -> None:
    """Each response is the number of the request that it is for."""
    headers = {name.replace("_", "-"): value for name, value in fields.items()}

    def reply(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"n": len(wire.requests)}, headers=headers)

    wire.answers = [reply]


def sent(wire: Any, sender: Any, **headers: str) -> int:
    """How many requests have been sent after one more call."""
    wire.get(sender, headers={name.replace("_", "-"): text for name, text in headers.items()})
    return len(wire.requests)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Sun, 06 Nov 1994 08:49:37 GMT", NOW),
        ("Sunday, 06-Nov-94 08:49:37 GMT", NOW),
        ("Sun Nov  6 08:49:37 1994", NOW),
        ("Sun Nov 06 08:49:37 1994", NOW),
        ("sun, 06 nov 1994 08:49:37 gmt", NOW),
        ("Sun, 06 Nov 1994 08:49:37 UTC", NOW),
        ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799.0),
        ("Mon, 29 Feb 2016 00:00:00 GMT", 1_456_704_000.0),
        ("Monday, 01-Jan-44 00:00:00 GMT", 2_335_219_200.0),
        ("Monday, 01-Jan-45 00:00:00 GMT", -788_918_400.0),
        *(
            (text, None)
            for text in (
                "Sun, 06 Nov 1994 08:49:37 EST",
                "Sun, 06 Nov 1994 08:49:37 +0000",
                "Sun, 06 Nov 1994 08:49:37 +0200",
                "Sun, 06 Nov 1994 08:49:37 AEST",
                "Sun, 06 Nov 1994 08:49:37 Z",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 06 Nov 94 08:49:37 GMT",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 8:49:37 GMT",
                "Sun,  06 Nov 1994 08:49:37 GMT",
                "Sun 06 Nov 1994 08:49:37 GMT",
                "Sun, 06-Nov-1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08.49.37 GMT",
                "Sun, 06 Nov 1994 24:00:00 GMT",
                "Sun, 06 Nov 1994 08:60:37 GMT",
                "Sun, 06 Nov 1994 08:49:61 GMT",
                "Sun, 31 Feb 1994 08:49:37 GMT",
                "Sun, 06 Foo 1994 08:49:37 GMT",
                "Xxx, 06 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 0000 08:49:37 GMT",
                "Sun, \u0660\u0666 Nov 1994 08:49:37 GMT",
                "Sunday, 29-Feb-95 08:49:37 GMT",
                "1994-11-06T08:49:37Z",
                "784111777",
                "0",
                "-1",
                "now",
                "",
                None,
            )
        ),
    ],
)
def test_a_date_is_read_in_its_three_forms_and_in_no_other(
    text: str | None, moment: float | None
) -> None:
    assert strict_http_date(text, NOW) == moment


@given(st.text(), st.floats(allow_nan=False))
def test_no_text_is_too_odd_to_be_judged_a_date(text: str, now: float) -> None:
    assert strict_http_date(text, now) is None
    strict_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("max-age=60, no-store", {"max-age": "60", "no-store": None}),
        ("MAX-AGE=60,,, Public ,", {"max-age": "60", "public": None}),
        (
            'private="Set-Cookie, max-age=9", max-age=1',
            {"private": "Set-Cookie, max-age=9", "max-age": "1"},
        ),
        (r'x="a\"b, no-store, \\", max-age=1', {"x": 'a"b, no-store, \\', "max-age": "1"}),
        ('max-age="60"', {"max-age": "60"}),
        ("max-age='60'", {"max-age": "'60'"}),
        ("max-age= 60", {"max-age": " 60"}),
        ("max-age=60 ", {"max-age": "60"}),
        ("max-age", {"max-age": None}),
        ("max-age=", {"max-age": ""}),
        ("max-age=1, max-age=1", {"max-age": "1"}),
        ("max-age=1, max-age=2", {"max-age": ""}),
        ("no-cache, no-cache=x", {"no-cache": ""}),
        ('x="open, no-store', {"x": '"open', "no-store": None}),
        ("no-store junk, public", {"no-store": None, "public": None}),
        ('="x", public', {"x": None, "public": None}),
        ("", {}),
    ],
)
def test_directives_are_told_apart_with_their_quoted_values(
    text: str, found: dict[str, str | None]
) -> None:
    assert parse_directives({"Cache-Control": text}) == found


@given(st.text(alphabet='ab=",\\ \t', max_size=60))
def test_no_cache_control_is_too_odd_to_be_read(text: str) -> None:
    # Whatever comes before it, a directive after a comma outside of quotes is found.
    assert "no-store" in parse_directives(
        {"Cache-Control": f"{text.replace(chr(34), '')}, no-store"}
    )
    parse_directives({"Cache-Control": text})


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("60", 60.0),
        ("060", 60.0),
        ("9" * 5000, 2.0**31),
        ("2147483649", 2.0**31),
        *((text, None) for text in ("-1", "1.5", "1e3", "+1", " 1", "\u0661", "1s", "", None)),
    ],
)
def test_seconds_are_whole_and_bounded(text: str | None, seconds: float | None) -> None:
    assert delta_seconds(text) == seconds


PLUS_60 = formatdate(1_800_000_060, usegmt=True)
DATE = formatdate(1_800_000_000, usegmt=True)


@pytest.mark.parametrize(
    ("fields", "fresh"),
    [
        ({"Expires": PLUS_60}, True),
        ({"Expires": PLUS_60, "Date": DATE}, True),
        ({"Expires": PLUS_60.replace("GMT", "UTC")}, True),
        ({"Expires": PLUS_60.replace("GMT", "EST")}, False),
        ({"Expires": PLUS_60.replace("GMT", "-0500")}, False),
        ({"Expires": PLUS_60.replace(" GMT", "")}, False),
        ({"Expires": PLUS_60, "Date": DATE.replace("GMT", "EST")}, False),
        ({"Expires": PLUS_60, "Date": "yesterday"}, False),
        ({"Expires": f"{PLUS_60}, {PLUS_60}"}, False),
        ({"Expires": ""}, False),
        ({"Expires": "0"}, False),
        ({"Expires": "-1"}, False),
        ({"Expires": "0", "Cache-Control": "max-age=60"}, True),
        ({"Expires": PLUS_60, "Cache-Control": "max-age=0"}, False),
        ({"Cache-Control": "max-age=60", "Date": "yesterday"}, True),
        ({"Cache-Control": "max-age=60", "Age": "59, 70"}, True),
        ({"Cache-Control": "max-age=60", "Age": "70, 0"}, False),
        ({"Cache-Control": "max-age=60", "Age": "60"}, False),
        ({"Cache-Control": "max-age=60", "Age": "old"}, True),
        ({"Cache-Control": "max-age=60", "Age": "-70"}, True),
        ({"Cache-Control": "max-age=60", "Age": "70.5"}, True),
        ({"Cache-Control": 'no-cache="a, b", max-age=60'}, False),
        ({"Cache-Control": 'x="no-store, no-cache", max-age=60'}, True),
        ({"Cache-Control": 'x="y, max-age=60"'}, False),
        ({"Cache-Control": "max-age=60, max-age=90"}, False),
        ({"Cache-Control": "max-age=60, max-age=60"}, True),
        ({"Cache-Control": "max-age=60", "Pragma": "no-cache"}, True),
        ({"Cache-Control": "max-age=60, immutable, unknown=1"}, True),
        ({"Cache-Control": "no-store, must-understand, max-age=60"}, True),
        ({"Cache-Control": f"max-age={'9' * 400}"}, True),
    ],
    ids=str,
)
def test_a_response_is_fresh_only_as_far_as_its_fields_can_be_read(
    wire: Any, clock: Any, fields: dict[str, str], *, fresh: bool
) -> None:
    wire.answers = [httpx.Response(200, headers=fields)]
    sender = CachingSender(sender=wire.end, shared=False, clock=clock)
    sent(wire, sender)
    assert (sent(wire, sender) == 1) is fresh


def test_a_time_of_our_own_is_only_for_what_the_server_says_nothing_about(
    wire: Any, clock: Any
) -> None:
    for fields in ({"Expires": "0"}, {"Cache-Control": "max-age=x"}, {"Cache-Control": "no-cache"}):
        wire.answers = [httpx.Response(200, headers=fields)]
        sender = CachingSender(sender=wire.end, clock=clock, ttl=lambda _: 60.0)
        before = len(wire.requests)
        assert [sent(wire, sender) for _ in range(2)] == [before + 1, before + 2]


def test_a_local_time_zone_changes_no_expiry(
    wire: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    replying(wire, Expires="Fri Jan 15 08:01:00 2027", Date="Fri Jan 15 08:00:00 2027")
    sender = CachingSender(sender=wire.end, clock=clock)
    assert [sent(wire, sender) for _ in range(2)] == [1, 1]
    clock.time += 61
    assert sent(wire, sender) == 2
    monkeypatch.undo()
    time.tzset()


def test_what_is_reused_says_how_old_it_is(wire: Any, clock: Any) -> None:
    store = StateStore(":memory:")
    options: dict[str, Any] = {"store": store.http_cache, "partition": "p", "clock": clock}
    replying(wire, Cache_Control="max-age=60", Age="7, 9", Date=formatdate(clock.time - 5))
    sender = CachingSender(sender=wire.end, **options)
    assert wire.get(sender).headers["age"] == "7, 9"
    for reader in (sender, CachingSender(sender=wire.end, **options)):
        assert wire.get(reader).headers["Age"] == "7"
    clock.time += 10.9
    for reader in (sender, CachingSender(sender=wire.end, **options)):
        assert wire.get(reader).headers["Age"] == "17"
    assert len(wire.requests) == 1


def test_an_age_is_never_negative_whatever_the_servers_clock_says(wire: Any, clock: Any) -> None:
    replying(wire, Cache_Control="max-age=60", Date=formatdate(clock.time + 9999, usegmt=True))
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    assert wire.get(sender).headers["age"] == "0"


def test_what_is_reused_in_place_of_an_error_says_how_old_it_is(wire: Any, clock: Any) -> None:
    replying(wire, Cache_Control="max-age=60, stale-if-error=600")
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    clock.time += 100
    for failure in (500, httpx.ReadError("lost")):
        wire.answers = [failure]
        assert wire.get(sender).headers["age"] == "100"


@pytest.mark.parametrize("stored", [False, True])
@pytest.mark.parametrize("back", [0.5, 3600, 40 * 365 * 86_400])
def test_what_was_stored_later_than_now_is_not_fresh(
    wire: Any, clock: Any, back: float, *, stored: bool
) -> None:
    store = StateStore(":memory:")
    options: dict[str, Any] = {"store": store.http_cache, "partition": "p", "clock": clock}
    config = CacheConfig(stale_if_error=1e9)
    replying(wire, Cache_Control="max-age=2000000000", ETag='"1"')
    sender = CachingSender(sender=wire.end, config=config, **options)
    wire.get(sender)
    clock.time -= back
    reader = CachingSender(sender=wire.end, config=config, **options) if stored else sender
    wire.answers = [httpx.Response(304)]
    assert sent(wire, reader, Cache_Control="max-stale") == 2
    assert "if-none-match" in wire.requests[-1].headers
    assert sent(wire, reader) == 2  # what was confirmed is from now
    clock.time -= back
    wire.answers = [500]
    assert wire.get(reader).status_code == 500


def test_a_newer_response_of_another_process_counts_though_the_clock_was_set_back(
    wire: Any, clock: Any, tmp_path: Any
) -> None:
    stores = [StateStore(tmp_path / "state.db") for _ in range(2)]
    here, there = (
        CachingSender(sender=wire.end, store=store.http_cache, partition="p", clock=clock)
        for store in stores
    )
    replying(wire, Cache_Control="max-age=3600")
    wire.get(here)
    clock.time -= 7200
    assert wire.get(there).content["n"] == 2
    assert wire.get(here).content["n"] == 2
    for store in stores:
        store.close()


@pytest.mark.parametrize(
    ("said", "age", "reused"),
    [
        ("no-cache", 1, False),
        ('no-cache="x"', 1, False),
        ("max-age=0", 0, False),
        ("max-age=10", 10, True),
        ("max-age=10", 11, False),
        ("max-age=10, max-age=90", 1, False),
        ("max-age=ten", 1, False),
        ("max-age", 1, False),
        ('max-age="10"', 10, True),
        ("min-fresh=50", 10, True),
        ("min-fresh=51", 10, False),
        ("min-fresh=x", 10, False),
        ("max-stale", 1000, True),
        ("max-stale=40", 100, True),
        ("max-stale=40", 101, False),
        ("max-stale=x", 61, False),
        ("max-stale=40, max-age=100", 100, True),
        ("max-stale=40, max-age=99", 100, False),
        ("max-stale=40, min-fresh=1", 70, False),
        ("max-stale, no-cache", 1, False),
        ("no-store", 1, True),
        ("no-transform, unknown", 1, True),
        ('x="no-cache, max-age=0"', 1, True),
    ],
)
def test_a_request_is_given_what_it_asks_for(
    wire: Any, clock: Any, said: str, age: float, *, reused: bool
) -> None:
    replying(wire, Cache_Control="max-age=60", ETag='"1"')
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    clock.time += age
    assert (sent(wire, sender, Cache_Control=said) == 1) is reused
    if not reused:
        assert wire.requests[-1].headers["if-none-match"] == '"1"'


@pytest.mark.parametrize(
    ("said", "shared", "reused"),
    [
        ("max-age=1", True, True),
        ("max-age=1, must-revalidate", False, False),
        ("max-age=1, no-cache", False, False),
        ("max-age=1, proxy-revalidate", True, False),
        ("max-age=1, proxy-revalidate", False, True),
        ("max-age=1, s-maxage=1", True, False),
    ],
)
def test_who_takes_stale_responses_is_given_none_that_must_be_validated(
    wire: Any, clock: Any, said: str, *, shared: bool, reused: bool
) -> None:
    replying(wire, Cache_Control=said, ETag='"1"')
    sender = CachingSender(sender=wire.end, shared=shared, clock=clock)
    wire.get(sender)
    clock.time += 2
    assert (sent(wire, sender, Cache_Control="max-stale") == 1) is reused


@pytest.mark.parametrize("said", ["no-cache", "max-age=0", "max-age=900", "min-fresh=1"])
def test_who_wants_no_stale_response_is_given_none_in_place_of_an_error(
    wire: Any, clock: Any, said: str
) -> None:
    replying(wire, Cache_Control="max-age=60, stale-if-error=600")
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    clock.time += 61
    wire.answers = [500]
    assert wire.get(sender, headers={"Cache-Control": said}).status_code == 500
    wire.answers = [httpx.ReadError("lost")]
    with pytest.raises(errors.ConnectionFailed):
        wire.get(sender, headers={"Cache-Control": said})
    assert wire.get(sender).status_code == 200


@pytest.mark.parametrize("pragma", ["no-cache", "No-Cache, x"])
def test_pragma_is_obeyed_where_there_is_no_cache_control(
    wire: Any, clock: Any, pragma: str
) -> None:
    replying(wire, Cache_Control="max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    assert sent(wire, sender) == 1
    assert sent(wire, sender, Pragma=pragma, Cache_Control="max-age=60") == 1
    assert sent(wire, sender, Pragma=pragma) == 2
    assert sent(wire, sender, Pragma="x") == 2


def test_only_what_is_stored_is_given_to_who_asks_for_no_more(wire: Any, clock: Any) -> None:
    replying(wire, Cache_Control="max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    only = {"Cache-Control": "only-if-cached"}
    assert wire.get(sender, headers=only).status_code == 504
    assert wire.requests == []
    wire.get(sender)
    assert wire.get(sender, headers=only).content == {"n": 1}
    head = wire.send(sender, Request("HEAD", URL, headers=only))
    assert head.status_code == 504
    clock.time += 61
    assert wire.get(sender, headers=only).status_code == 504
    assert wire.get(sender, headers={"Cache-Control": "only-if-cached, max-stale"}).ok
    assert len(wire.requests) == 1


def test_a_request_that_says_nothing_costs_no_parsing() -> None:
    assert request_directives(Headers({"Accept": "*/*"})) is ANY


@pytest.mark.parametrize("fields", [{"Location": "/z"}, {"Content-Location": "../../z?x=1"}])
@pytest.mark.parametrize(("status", "dropped"), [(201, True), (303, True), (404, False)])
def test_what_the_response_to_a_write_names_is_dropped(
    wire: Any, clock: Any, fields: dict[str, str], status: int, *, dropped: bool
) -> None:
    replying(wire, Cache_Control="max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    assert wire.get(sender, "/z").content == {"n": 1}
    wire.answers = [httpx.Response(status, headers=fields)]
    wire.send(sender, Request("POST", URL))
    replying(wire, Cache_Control="max-age=60")
    assert wire.get(sender, "/z").content == {"n": 3 if dropped else 1}


@pytest.mark.parametrize(
    "location",
    ["https://other.example/z", "http://api.example/z", "https://api.example:8/z", "//[x", "\x00"],
)
def test_what_is_of_another_origin_is_not_dropped(wire: Any, clock: Any, location: str) -> None:
    replying(wire, Cache_Control="max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender, "/z")
    wire.answers = [httpx.Response(201, headers={"Location": location})]
    wire.send(sender, Request("POST", URL))
    assert sent(wire, CachingSender(sender=wire.end, memory=sender.memory, clock=clock)) == 3
    replying(wire, Cache_Control="max-age=60")
    assert wire.get(sender, "/z").content == {"n": 1}


@pytest.mark.parametrize("path", ["/a/%62", "/x/../a/b", "/a/./b"])
def test_a_write_drops_what_is_stored_however_its_path_is_written(
    wire: Any, clock: Any, path: str
) -> None:
    replying(wire, Cache_Control="max-age=60")
    sender = CachingSender(sender=wire.end, clock=clock)
    for read, write in (("/a/b", path), (path, "/a/b")):
        before = wire.get(sender, read).content
        wire.send(sender, Request("PUT", f"https://api.example{write}"))
        assert wire.get(sender, read).content != before


def test_header_fields_of_the_connection_are_not_stored(wire: Any, clock: Any) -> None:
    replying(
        wire,
        Cache_Control="max-age=60",
        Connection="X-Hop",
        X_Hop="1",
        Keep_Alive="1",
        Proxy_Authenticate="Basic",
        Upgrade="x",
        X_Any="kept",
    )
    sender = CachingSender(sender=wire.end, clock=clock)
    assert "x-hop" in wire.get(sender).headers
    headers = wire.get(sender).headers
    assert headers["x-any"] == "kept"
    assert not headers.has_any(
        {"connection", "x-hop", "keep-alive", "proxy-authenticate", "upgrade"}
    )


class Assigning(ExtendingSender):
    """A sender of one's own that gives its responses other header fields."""

    def __init__(self, sender: Any, fields: Any) -> None:
        super().__init__(sender)
        self.fields = fields

    def flow(self, request: Request) -> Any:
        response = yield from super().flow(request)
        response.headers = self.fields
        return response


@pytest.mark.parametrize(
    "fields",
    [
        {"cache-control": "max-age=60", "x": "1"},
        {"CACHE-CONTROL": "max-age=60", "X-Number": 5},
        httpx.Headers({"Cache-Control": "max-age=60"}),
        Headers({"Cache-Control": "max-age=60"}),
    ],
)
def test_a_sender_of_ones_own_may_set_any_mapping_as_header_fields(
    wire: Any, clock: Any, fields: Any
) -> None:
    wire.answers = [200]
    sender = CachingSender(sender=Assigning(wire.end, fields), clock=clock)
    for _ in range(2):
        headers = wire.get(sender).headers
        assert isinstance(headers, Headers)
        assert headers["Cache-Control"] == "max-age=60"
    assert len(wire.requests) == 1


def test_header_fields_of_a_response_are_texts_whoever_gives_them() -> None:
    response = Response(URL, {"Age": 5}, 200)  # type: ignore[dict-item]
    assert response.headers["age"] == "5"
    response.headers = None
    assert dict(response.headers) == {}


@pytest.mark.parametrize(
    "damage",
    [
        {"headers": [[1, "x"]]},
        {"headers": [["x", None]]},
        {"headers": [["x"]]},
        {"stored_at": inf},
        {"age": float("nan")},
        {"fresh_until": "soon"},
        {"vary": [["x"]]},
        {"stored_at": None},
    ],
    ids=str,
)
def test_a_damaged_entry_is_none(damage: dict[str, Any]) -> None:
    entry = CacheEntry(
        URL, "/a/b", Headers({"A": "b"}), b"", fresh_until=2.0, stale_until=3.0, stored_at=1.0,
        age=0.5, vary=(("x", None),),
    )  # fmt: skip
    known = CacheEntry.from_meta(URL, "/a/b", entry.to_meta(), b"")
    assert known is not None
    assert known.to_meta() == entry.to_meta()
    content = {**json.loads(entry.to_meta()), **damage}
    assert CacheEntry.from_meta(URL, "/a/b", json.dumps(content), b"") is None


@given(st.dictionaries(st.text(), st.text()))
def test_no_header_fields_of_a_server_are_too_odd_for_the_cache(fields: dict[str, str]) -> None:
    response = Response(URL, {**fields, "Cache-Control": "max-age=60"})
    for ttl in (None, 1.0):
        assert freshness(response, NOW, shared=True, ttl=ttl, stale=0) is not None
