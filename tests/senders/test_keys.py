"""By what a cache tells requests apart."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot.senders import Request
from rsspot.senders.keys import hashed, key_of, variant_of

URL = "https://api.example/a/b"
values = st.one_of(
    st.text(max_size=3), st.booleans(), st.none(), st.integers(0, 9), st.lists(st.text(max_size=2))
)
parameters = st.dictionaries(st.text(max_size=3), values, max_size=3)


def on_the_wire(params: dict[str, Any]) -> list[tuple[str, str]]:
    """What httpx makes of parameters, in the order of their names."""
    pairs = httpx.QueryParams(params).multi_items()
    return sorted(pairs, key=lambda pair: pair[0])


@given(parameters, parameters)
def test_keys_are_equal_exactly_where_what_is_sent_is(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    keys = [key_of(Request("GET", URL, params=params)) for params in (one, other)]
    assert (keys[0] == keys[1]) is (on_the_wire(one) == on_the_wire(other))
    assert (hashed(keys[0]) == hashed(keys[1])) is (keys[0] == keys[1])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (URL, "HTTPS://API.EXAMPLE:443/a/b"),
        (URL, f"{URL}#part"),
        ("https://api.example", "https://api.example/"),
        (f"{URL}?a=1&b=2", f"{URL}?b=2&a=1"),
        (f"{URL}?a=%7e", f"{URL}?a=~"),
        (f"{URL}?a=x+y", f"{URL}?a=x%20y"),
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
    same = other.endswith("?")
    assert (key_of(Request("GET", URL)) == key_of(Request("GET", other))) is same


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
