"""Conditional requests: the cache's own, and those of who calls (RFC 9111, section 4.3)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from rsspot import CacheConfig, StateStore
from rsspot.senders import CachingSender, Request, Response
from rsspot.senders.cache.validation import confirms, validators
from rsspot.senders.headers import Headers

URL = "https://api.example/a/b"
LATER, LATEST = (f"Sun, 06 Nov 2026 08:{minute}:37 GMT" for minute in (49, 50))


class Origin:
    """A server of one resource, which evaluates conditions as RFC 9110 has it."""

    def __init__(self, body: str = "v1", **fields: str) -> None:
        self.body = body
        self.fields = {name.replace("_", "-"): value for name, value in fields.items()}
        self.seen: list[httpx.Request] = []

    def change(self, body: str, **fields: str) -> None:
        self.body = body
        self.fields = {name.replace("_", "-"): value for name, value in fields.items()}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        tag, since = (request.headers.get(n) for n in ("if-none-match", "if-modified-since"))
        fields = {"Cache-Control": "max-age=60", **self.fields}
        known = {self.fields.get("ETag"), "*"}
        if tag is not None:
            unchanged = not known.isdisjoint(part.strip() for part in tag.split(","))
        else:
            unchanged = since is not None and since >= self.fields.get("Last-Modified", "Z")
        if unchanged:
            return httpx.Response(304, headers=fields)
        if "range" in request.headers:
            return httpx.Response(206, text=self.body[:1], headers=fields)
        return httpx.Response(200, text=self.body, headers=fields)


OWN = [
    {"If-None-Match": '"v2"'},
    {"If-None-Match": '"v1", "v2"'},
    {"If-None-Match": "*"},
    {"If-Modified-Since": LATEST},
    {"If-Match": '"v2"'},
    {"If-Unmodified-Since": LATEST},
    {"Range": "bytes=0-0"},
    {"Range": "bytes=0-0", "If-Range": '"v2"'},
]


@pytest.mark.parametrize("own", OWN, ids=str)
@pytest.mark.parametrize("stored", [{}, {"ETag": '"v1"'}, {"Last-Modified": LATER}], ids=str)
@pytest.mark.parametrize("expired", [False, True])
def test_a_callers_own_condition_is_for_the_server_and_makes_nothing_fresh(
    wire: Any, clock: Any, own: dict[str, str], stored: dict[str, str], *, expired: bool
) -> None:
    origin = Origin(**{name.replace("-", "_"): value for name, value in stored.items()})
    wire.answers = [origin]
    sender = CachingSender(sender=wire.end, clock=clock)
    assert wire.get(sender).text == "v1"
    clock.time += 61 if expired else 1
    origin.change("v2", ETag='"v2"', Last_Modified=LATEST)
    reply = wire.get(sender, headers=own)
    assert len(origin.seen) == 2
    for name in ("if-none-match", "if-modified-since", "if-range", "range"):
        assert origin.seen[-1].headers.get(name) == Headers(own).get(name)
    again = wire.get(sender)
    if reply.status_code == 200 or expired:
        assert (again.text, again.headers["etag"]) == ("v2", '"v2"')
    else:
        assert reply.status_code in {206, 304}
        assert (again.text, again.headers.get("etag")) == ("v1", stored.get("ETag"))
    clock.time += 61
    assert wire.get(sender).text == "v2"


@pytest.mark.parametrize(
    "news",
    [
        {"ETag": '"v2"'},
        {"ETag": 'W/"v2"'},
        {"ETag": '"v2"', "Last-Modified": LATER},
        {"Last-Modified": LATEST},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "stored",
    [
        {"ETag": '"v1"', "Last-Modified": LATER},
        {"ETag": 'W/"v1"', "Last-Modified": LATER},
        {"Last-Modified": LATER},
    ],
    ids=str,
)
def test_a_304_for_another_response_makes_nothing_fresh(
    wire: Any, clock: Any, stored: dict[str, str], news: dict[str, str]
) -> None:
    store = StateStore(":memory:")
    options: dict[str, Any] = {"store": store.http_cache, "partition": "p", "clock": clock}
    fresh = {"Cache-Control": "max-age=60"}

    def answer(request: httpx.Request) -> httpx.Response:
        if len(wire.requests) == 1:
            return httpx.Response(200, text="v1", headers={**fresh, **stored})
        if "if-none-match" in request.headers or "if-modified-since" in request.headers:
            return httpx.Response(304, headers={**fresh, **news})
        return httpx.Response(200, text="v2", headers={**fresh, **news})

    wire.answers = [answer]
    sender = CachingSender(sender=wire.end, **options)
    wire.get(sender)
    clock.time += 61
    for reader in (sender, sender, CachingSender(sender=wire.end, **options)):
        assert wire.get(reader).text == "v2"
    assert len(wire.requests) == 3
    assert "if-none-match" not in wire.requests[-1].headers


@pytest.mark.parametrize(
    ("stored", "news", "confirmed"),
    [
        ({"ETag": '"1"'}, {"ETag": '"1"'}, True),
        ({"ETag": '"1"'}, {"ETag": 'W/"1"'}, True),
        ({"ETag": 'W/"1"'}, {"ETag": 'W/"1"'}, True),
        ({"ETag": 'W/"1"'}, {"ETag": '"1"'}, False),
        ({"ETag": '"1"'}, {"ETag": '"2"'}, False),
        ({"ETag": '"1"'}, {}, True),
        ({"ETag": '"1"', "Last-Modified": LATER}, {"ETag": '"1"', "Last-Modified": LATEST}, True),
        ({"Last-Modified": LATER}, {"Last-Modified": LATER}, True),
        ({"Last-Modified": LATER}, {"Last-Modified": LATEST}, False),
        ({"Last-Modified": LATER}, {"ETag": '"1"'}, False),
        ({"Last-Modified": LATER}, {}, True),
    ],
)
def test_a_304_is_about_the_response_whose_validators_it_has(
    stored: dict[str, str], news: dict[str, str], *, confirmed: bool
) -> None:
    assert confirms(Headers(news), Headers(stored)) is confirmed


@pytest.mark.parametrize(
    "fields",
    [
        {"ETag": '"caf\xe9"'},
        {"ETag": '"\u65e5"'},
        {"ETag": "*"},
        {"ETag": '"a", "b"'},
        {"ETag": '"a\x7f"'},
        {"ETag": ""},
        {"Last-Modified": "caf\xe9"},
        {"Last-Modified": "yesterday"},
        {"Last-Modified": "Sun, 06 Nov 2026 08:49:37 CET"},
    ],
    ids=ascii,
)
def test_what_cannot_be_sent_back_or_matches_more_is_no_validator(
    wire: Any, clock: Any, fields: dict[str, str]
) -> None:
    assert validators(Headers(fields)) == {}
    sent = {
        "Cache-Control": "max-age=60",
        **{name: value.encode("utf-8") for name, value in fields.items()},
    }
    wire.answers = [lambda _: httpx.Response(200, headers=sent)]  # type: ignore[arg-type]
    sender = CachingSender(sender=wire.end, clock=clock)
    for expected in (1, 1, 2, 2):
        if expected == 2 and len(wire.requests) == 1:
            clock.time += 61
        assert wire.get(sender).status_code == 200
        assert len(wire.requests) == expected
    assert not {"if-none-match", "if-modified-since"} & wire.requests[-1].headers.keys()


def test_both_validators_are_sent_back(wire: Any, clock: Any) -> None:
    origin = Origin(ETag='"v1"', Last_Modified=LATER)
    wire.answers = [origin]
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    clock.time += 61
    assert wire.get(sender).text == "v1"
    assert origin.seen[-1].headers["if-none-match"] == '"v1"'
    assert origin.seen[-1].headers["if-modified-since"] == LATER


def test_a_304_that_nobody_asked_for_changes_nothing(wire: Any, clock: Any) -> None:
    wire.answers = [Origin()]
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    clock.time += 61
    wire.answers = [httpx.Response(304, headers={"Cache-Control": "max-age=60"})]
    assert [wire.get(sender).status_code for _ in range(2)] == [304, 304]


def test_a_304_updates_all_header_fields_but_those_of_the_body_and_the_connection(
    wire: Any, clock: Any
) -> None:
    wire.answers = [Origin(ETag='"v1"', X_Old="1", X_Both="1", Content_Type="text/plain")]
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    clock.time += 61
    news = {
        "ETag": '"v1"',
        "Cache-Control": "max-age=60",
        "X-Both": "2",
        "X-New": "2",
        "X-Hop": "2",
        "Connection": "close, X-Hop",
        "Content-Encoding": "gzip",
        "Content-Range": "bytes 0-0/1",
        "Content-Length": "0",
        "Content-Type": "text/html",
        "Transfer-Encoding": "chunked",
    }
    wire.answers = [httpx.Response(304, headers=news)]
    for response in (wire.get(sender), wire.get(sender)):
        headers = response.headers
        assert [headers.get(name) for name in ("x-old", "x-both", "x-new")] == ["1", "2", "2"]
        assert (headers["content-type"], headers["content-length"]) == ("text/html", "2")
        assert not headers.has_any(
            {"x-hop", "connection", "content-encoding", "content-range", "transfer-encoding"}
        )
    assert len(wire.requests) == 2


def test_what_a_304_forbids_to_store_is_stored_no_more(wire: Any, clock: Any) -> None:
    wire.answers = [Origin(ETag='"v1"')]
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    clock.time += 61
    wire.answers = [httpx.Response(304, headers={"Cache-Control": "no-store"})]
    assert wire.get(sender).text == "v1"
    assert len(sender.memory) == 0


@pytest.mark.parametrize("status", [401, 403, 404, 410, 204])
def test_what_is_no_longer_so_stands_in_for_no_later_error(
    wire: Any, clock: Any, status: int
) -> None:
    store = StateStore(":memory:")
    options: dict[str, Any] = {"store": store.http_cache, "partition": "p", "clock": clock}
    config = CacheConfig(stale_if_error=600)
    wire.answers = [Origin(ETag='"v1"')]
    sender = CachingSender(sender=wire.end, config=config, **options)
    wire.get(sender)
    clock.time += 61
    wire.answers = [status, 500]
    for reader in (sender, sender, CachingSender(sender=wire.end, config=config, **options)):
        assert not wire.get(reader).text.startswith("v1")


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_says_nothing_about_a_response_leaves_it(wire: Any, clock: Any, status: int) -> None:
    origin = Origin(ETag='"v1"')
    wire.answers = [origin]
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    clock.time += 61
    wire.answers = [status]
    assert wire.get(sender).status_code == status
    wire.answers = [origin]
    assert wire.get(sender).text == "v1"
    assert wire.requests[-1].headers["if-none-match"] == '"v1"'


@pytest.mark.parametrize(
    ("fields", "seen"),
    [
        ({}, 2),
        ({"ETag": '"v1"', "X-New": "1"}, 2),
        ({"ETag": '"v2"'}, 3),
        ({"Last-Modified": LATEST}, 3),
        ({"Content-Length": "3"}, 3),
        ({"Cache-Control": "no-store"}, 3),
    ],
    ids=str,
)
def test_a_head_updates_what_is_stored_or_makes_it_invalid(
    wire: Any, clock: Any, fields: dict[str, str], seen: int
) -> None:
    store = StateStore(":memory:")
    options: dict[str, Any] = {"store": store.http_cache, "partition": "p", "clock": clock}
    origin = Origin(ETag='"v1"', Last_Modified=LATER)
    wire.answers = [origin]
    sender = CachingSender(sender=wire.end, **options)
    wire.get(sender)
    clock.time += 50
    wire.answers = [httpx.Response(200, headers={"Cache-Control": "max-age=60", **fields})]
    assert wire.send(sender, Request("HEAD", URL)).text == ""
    clock.time += 50
    wire.answers = [origin]
    for reader in (sender, CachingSender(sender=wire.end, **options)):
        again = wire.get(reader)
        assert again.text == "v1"
        assert again.headers.get("x-new") == fields.get("X-New")
    assert len(wire.requests) == seen


def test_the_response_that_a_redirect_led_to_is_not_that_of_the_first_url(
    wire: Any, clock: Any
) -> None:
    fresh = {"Cache-Control": "max-age=60", "ETag": '"v1"'}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/a/b":
            return httpx.Response(302, headers={"Location": "/c", "Cache-Control": "max-age=60"})
        return httpx.Response(200, text="target", headers=fresh)

    wire.answers = [answer]
    sender = CachingSender(sender=wire.following, clock=clock)
    for sent in (2, 4):
        assert wire.get(sender).text == "target"
        assert len(wire.requests) == sent
    assert len(sender.memory) == 0
    wire.get(sender, "/c")
    wire.get(sender, "/c")
    assert len(wire.requests) == 5


def test_a_304_that_a_redirect_led_to_confirms_nothing(wire: Any, clock: Any) -> None:
    fresh = {"Cache-Control": "max-age=60", "ETag": '"v1"'}
    moved = False

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/a/b" and moved:
            return httpx.Response(302, headers={"Location": "/c"})
        if "if-none-match" in request.headers:
            return httpx.Response(304, headers=fresh)
        return httpx.Response(200, text=request.url.path, headers=fresh)

    wire.answers = [answer]
    sender = CachingSender(sender=wire.following, clock=clock)
    assert wire.get(sender).text == "/a/b"
    moved = True
    clock.time += 61
    assert [wire.get(sender).text for _ in range(2)] == ["/c", "/c"]


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        (URL, True),
        (f"{URL}?a=1", True),
        ("HTTPS://API.example:443/a/%62?a=1", True),
        ("", True),
        ("/a/b", True),
        ("https://api.example/c", False),
        ("https://other.example/a/b", False),
        (f"{URL}?a=2", False),
    ],
)
def test_a_sender_that_says_nothing_of_redirects_is_judged_by_the_url_of_its_response(
    clock: Any, url: str, *, stored: bool
) -> None:
    flow = (sender := CachingSender(clock=clock)).flow(Request("GET", URL, params={"a": 1}))
    next(flow)
    effect = flow.send(sender._single_flight.join("k", None))
    assert effect is not None
    with pytest.raises(StopIteration):
        flow.send(Response(url, {"Cache-Control": "max-age=60"}, 200, {}))
    assert (len(sender.memory) == 1) is stored


CONTENT: list[dict[str, Any]] = [
    {"json": {"a": 1}},
    {"json": []},
    {"data": {"a": "1"}},
    {"content": "x"},
]


@pytest.mark.parametrize("content", CONTENT, ids=str)
def test_a_get_with_content_is_neither_served_from_the_cache_nor_stored(
    wire: Any, clock: Any, content: dict[str, Any]
) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        body = request.content.decode() or "none"
        return httpx.Response(200, text=body, headers={"Cache-Control": "max-age=60"})

    wire.answers = [answer]
    sender = CachingSender(sender=wire.end, clock=clock)
    for options in (content, {}, content, {}):
        assert (wire.get(sender, **options).text == "none") is not bool(options)
    assert len(wire.requests) == 3


@pytest.mark.parametrize("content", [{"data": {}}, {"content": b""}, {"json": None}], ids=str)
def test_a_get_with_empty_content_is_one_without(
    wire: Any, clock: Any, content: dict[str, Any]
) -> None:
    wire.answers = [Origin()]
    sender = CachingSender(sender=wire.end, clock=clock)
    wire.get(sender)
    wire.get(sender, **content)
    assert len(wire.requests) == 1
