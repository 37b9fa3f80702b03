"""By what a cache tells requests apart.

Rules: docs/rules.md#tenants, docs/rules.md#authorized-responses.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rsspot.senders import CachingSender, Request
from rsspot.senders.cache.keys import hashed, key_of, path_of, variant_of
from rsspot.senders.cache.usual import UsualRequests
from rsspot.senders.transport.httpx_exchange import HttpxExchange

URL = "https://api.example/a/b"
values = st.one_of(
    st.text(max_size=3), st.booleans(), st.none(), st.integers(0, 9), st.lists(st.text(max_size=2))
)
parameters = st.dictionaries(st.text(max_size=3), values, max_size=3)


def on_the_wire(url: str, params: dict[str, Any] | None) -> str:
    """The URL as it is sent."""
    request = Request("GET", url, params=params)
    with httpx.Client() as client:
        return str(HttpxExchange(request, 1).message(client).url)


@given(parameters, parameters)
def test_keys_are_equal_exactly_where_what_is_sent_is(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    keys = [key_of(Request("GET", URL, params=params)) for params in (one, other)]
    assert (keys[0] == keys[1]) is (on_the_wire(URL, one) == on_the_wire(URL, other))
    assert (hashed(keys[0]) == hashed(keys[1])) is (keys[0] == keys[1])


urls = st.builds(
    "https://api.example/{}?{}".format,
    st.text("ab/.%2Ff ~é", max_size=6),
    st.text("a=&+%2F6;é~ ", max_size=6),
)


@given(urls, parameters)
def test_the_url_of_a_response_that_was_not_redirected_has_the_key_of_its_request(
    url: str, params: dict[str, Any]
) -> None:
    assume(url == url.strip())
    sent = on_the_wire(url, params)
    assert key_of(Request("GET", url, params=params)) == key_of(Request("GET", sent))
    assert path_of(url) == path_of(sent)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (URL, "HTTPS://API.EXAMPLE:443/a/b"),
        (URL, f"{URL}#part"),
        ("https://api.example", "https://api.example/"),
        (f"{URL}?a=%7e", f"{URL}?a=~"),
        (f"{URL}?a=%2f", f"{URL}?a=%2F"),
        (f"{URL}?a=x y", f"{URL}?a=x%20y"),
        (f"{URL}?a=é", f"{URL}?a=%C3%A9"),
        (URL, "https://api.example/c/../a/./b"),
        (URL, "https://api.example/%61/b"),
    ],
)
def test_what_asks_the_same_has_one_key(one: str, other: str) -> None:
    assert key_of(Request("GET", one)) == key_of(Request("GET", other))


def test_params_and_the_query_of_the_url_are_one() -> None:
    with_params = Request("GET", f"{URL}?a=1&b=2", params={"b": 3})
    assert key_of(with_params) == key_of(Request("GET", f"{URL}?a=1&b=3"))


@pytest.mark.parametrize(
    "other",
    [
        "http://api.example/a/b",
        "https://api.example:8443/a/b",
        "https://api.example.evil/a/b",
        "https://me@api.example/a/b",
        "https://api.example/a/b/",
        "https://api.example/A/b",
        "https://api.example/a/b?",
    ],
)
def test_what_asks_something_else_has_another(other: str) -> None:
    assert key_of(Request("GET", URL)) != key_of(Request("GET", other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("?a=1&b=2", "?b=2&a=1"),
        ("?a=1&a=2", "?a=2&a=1"),
        ("?a=1&&b=2", "?a=1&b=2"),
        ("?a=1&", "?a=1"),
        ("?a", "?a="),
        ("?a=x+y", "?a=x%20y"),
        ("?a=1%26b=2", "?a=1&b=2"),
        ("?a=b=c", "?a=b%3Dc"),
        ("?a=1;b=2", "?a=1%3Bb=2"),
        ("?a=%FF", "?a=%EF%BF%BD"),
        ("%2Fc", "/c"),
        ("%3Fa", "?a"),
        ("/%2E%2E/c", "/../c"),
        ("?a\tb", "?ab"),
        ("/\n", "/"),
    ],
)
def test_urls_that_a_server_can_tell_apart_have_different_keys(one: str, other: str) -> None:
    assert key_of(Request("GET", URL + one)) != key_of(Request("GET", URL + other))


def test_the_host_field_names_another_resource() -> None:
    requests = [
        Request("GET", URL, headers=fields) for fields in ({}, {"Host": "a"}, {"Host": "b"})
    ]
    requests.append(Request("GET", URL, headers={"Authorization": "a"}))
    assert len({key_of(request) for request in requests}) == 4


def test_parameters_in_another_order_are_another_request() -> None:
    keys = {
        key_of(Request("GET", URL, params=params))
        for params in ({"a": 1, "b": 2}, {"b": 2, "a": 1})
    }
    assert len(keys) == 2


@pytest.mark.parametrize("params", [{}, None])
def test_no_parameters_leave_the_query_of_the_url(params: Any) -> None:
    assert on_the_wire(f"{URL}?a=1", params) == f"{URL}?a=1"
    assert key_of(Request("GET", f"{URL}?a=1", params=params)) != key_of(Request("GET", URL))


def test_partition_and_credential_are_part_of_the_key_and_not_told() -> None:
    signed = [Request("GET", URL, headers={"Authorization": f"Bearer {who}"}) for who in "ab"]
    keys = [key_of(request, partition) for request in signed for partition in ("p", "q")]
    assert len(set(keys)) == 4
    assert not any("Bearer" in key for key in keys)


@given(st.lists(st.text(max_size=3), min_size=2, max_size=2), st.text(max_size=3))
def test_variants_differ_where_the_fields_do(two: list[str], third: str) -> None:
    names = ("X-A", "X-B")
    one = variant_of("k", names, dict(zip(names, two, strict=True)))
    other = variant_of("k", names, {"X-A": two[0], "X-B": third})
    assert (one == other) is (two[1] == third)


@pytest.mark.parametrize("name", ["params", "data"])
def test_a_request_that_its_owner_changes_gets_the_response_to_what_it_is_now(
    wire: Any, clock: Any, name: str
) -> None:
    wire.answers = [httpx.Response(200, json={}, headers={"Cache-Control": "max-age=60"})]
    sender = CachingSender(sender=wire.end, clock=clock)
    content: dict[str, Any] = {}
    options: dict[str, Any] = {name: content}
    request = Request("GET", "https://api.example/a", **options)
    for _ in range(2):
        wire.send(sender, request)
    assert len(wire.requests) == 1
    content["page"] = 2
    wire.send(sender, request)
    assert len(wire.requests) == 2


def test_no_request_gets_the_response_to_another_one_that_is_gone() -> None:
    """However often the interpreter gives a new request the identity of an old one."""
    usual = UsualRequests("p")
    for number in range(2_000):
        request = Request("GET", f"https://api.example/{number}")
        assert usual.key(request) == usual.key(request) == key_of(request, "p")


@pytest.mark.parametrize("field", ["Authorization", "Host", "Cache-Control", "If-None-Match"])
def test_what_demands_something_or_is_for_one_reader_is_not_usual(field: str) -> None:
    request = Request("GET", "https://api.example/a")
    assert UsualRequests("p").key(request) is not None
    assert UsualRequests("p").key(request.with_headers({field: "x"})) is None
    assert UsualRequests("p").key(Request("HEAD", request.url)) is None
