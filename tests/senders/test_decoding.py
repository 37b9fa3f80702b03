"""JSON means the same with the extra `fast` and without it."""

from __future__ import annotations

import gc
import json
import math
import struct
import weakref
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rsspot.senders import Response, decoding

fast, plain = decoding.fast_reader(), json.loads


def early(body: bytes) -> Any:
    """Read as a process does at first, with the extra and without it."""
    return type(decoding.reader)().read(body)


def outcome(read: Any, body: bytes) -> str:
    """What comes of reading: the value with its types and order, or the error with its text."""
    try:
        return repr(read(body))
    except (ValueError, RecursionError) as error:
        return f"{type(error).__name__}: {error}"


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
NUMBERS = st.from_regex(r"-?[0-9]{1,25}(\.[0-9]{0,25})?([eE][+-]?[0-9]{1,4})?", fullmatch=True)
NEARLY = st.from_regex(rb'[\[\]{}:,"\\ud8d\xed\xa0\x80 0-9eE.+\-tfnNaInity]{0,24}', fullmatch=True)


@given(VALUES, st.booleans(), st.sampled_from(["utf-8", "utf-16", "utf-32", "utf-8-sig"]))
def test_whatever_is_written_is_read_alike(value: Any, escaped: Any, encoding: str) -> None:
    body = json.dumps(value, ensure_ascii=escaped).encode(encoding, "surrogatepass")
    assert outcome(fast, body) == outcome(early, body) == outcome(plain, body)


@given(NUMBERS)
@example("1e400")
@example("-0")
@example("18446744073709551616")
@example("2.2250738585072011e-308")
def test_numbers_are_read_alike_to_the_last_bit(text: str) -> None:
    body = text.encode()
    assert outcome(fast, body) == outcome(plain, body)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_comes_back_as_it_was(value: float) -> None:
    found = fast(repr(value).encode())
    assert struct.pack("d", found) == struct.pack("d", value)


@given(st.one_of(st.binary(max_size=24), NEARLY))
@example(b'{"a":1,"b":2,"a":3}')
@example(b"[NaN,Infinity,-Infinity]")
@example(b'"\xed\xa0\x80"')
@example(b'"\\ud800"')
@example(b'"\xff"')
@example(b"\xef\xbb\xbf1")
@example(b"")
@example(b"1 2")
@example(b'{"a":1} ')
@example(b'{"a":1}{}')
@example(b'{"\xff":1}')
@example(b'{"\xed\xa0\x80":1}')
@example(b"{}")
def test_any_bytes_are_read_alike_or_by_neither(body: bytes) -> None:
    assert outcome(fast, body) == outcome(early, body) == outcome(plain, body)


def test_an_integer_beyond_64_bits_stays_exact() -> None:
    assert fast(b"123456789012345678901234567890") == 123456789012345678901234567890
    assert math.isnan(fast(b"NaN"))


def test_what_nests_too_deep_is_no_json() -> None:
    assert Response("https://x.example/", body=b"[" * 100_000 + b"]" * 100_000).content is None


def test_what_is_small_and_comes_early_is_read_without_an_import(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fresh = type(decoding.reader)()
    monkeypatch.setattr(decoding, "reader", fresh)
    early = fresh.read
    assert decoding.read_json(b"[1]") == [1]
    assert fresh.read == early
    assert decoding.read_json(b"[" + b" " * decoding.WORTH_AN_IMPORT + b"]") == []
    assert fresh.read != early
    assert decoding.read_json(b"[1]") == [1]


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("end", [b"]", b""])
def test_the_garbage_collector_is_as_it_was_after_a_large_body(
    end: bytes, *, enabled: bool
) -> None:
    before = gc.isenabled()
    body = b"[" + b"1," * decoding.LARGE + b"1" + end
    try:
        (gc.enable if enabled else gc.disable)()
        content = Response("https://x.example/", body=body).content
        assert gc.isenabled() is enabled
        assert (content is None) is (end == b"")
    finally:
        (gc.enable if before else gc.disable)()


LARGE_BODY = json.dumps([{"a": [number]} for number in range(20_000)]).encode()


def test_a_large_body_is_not_looked_through_by_the_next_collection() -> None:
    assert len(LARGE_BODY) > decoding.LARGE
    value = decoding.read_json(LARGE_BODY)
    assert gc.isenabled()
    assert len(gc.get_objects(generation=0)) < len(value)
    assert len(gc.get_objects(generation=1)) < len(value)
    assert gc.get_freeze_count() == 0


def test_what_a_program_has_frozen_stays_frozen() -> None:
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        decoding.read_json(LARGE_BODY)
        assert 0 < gc.get_freeze_count() <= frozen
    finally:
        gc.unfreeze()


def test_young_garbage_is_still_collected_when_a_large_body_is_read() -> None:
    class Loop:
        def __init__(self) -> None:
            self.me = self

    gone = weakref.ref(Loop())
    decoding.read_json(LARGE_BODY)
    assert gone() is None
