"""What a body unpacks to is bounded while it is unpacked, and a body that is cut is an error."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsspot import errors
from rsspot.senders import Request
from rsspot.senders.transport.encodings import DecodingError, bounded, decoder_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    Serving = Callable[[Callable[[bytes], bytes]], AbstractContextManager[str]]

TEXT = b'{"items": [' + b"1, " * 5000 + b"1]}"


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


CODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZip", gzip.compress),
    "members": ("gzip", lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])),
    "padded": ("gzip", lambda data: gzip.compress(data) + b"\0" * 9),
    "deflate": ("deflate", zlib.compress),
    "bare deflate": ("deflate", bare),
    "identity": ("identity", bytes),
    "with identity": ("identity, gzip", gzip.compress),
    "none": ("", bytes),
}


def unpacked(encoding: str, pieces: list[bytes]) -> bytes:
    decoder = decoder_for(encoding)
    found = b"".join(each for piece in pieces for each in decoder.feed(piece))
    decoder.finish()
    return found


@given(st.binary(max_size=400_000), st.sampled_from(sorted(CODINGS)), st.integers(1, 5000))
def test_what_is_packed_is_unpacked_however_it_is_cut(data: bytes, coding: str, step: int) -> None:
    name, pack = CODINGS[coding]
    packed = pack(data)
    pieces = [packed[at : at + step] for at in range(0, len(packed), step)]
    assert unpacked(name, pieces) == data


@given(st.binary(min_size=1), st.sampled_from(["gzip", "members", "deflate", "bare deflate"]))
def test_a_body_that_is_cut_anywhere_is_noticed(data: bytes, coding: str) -> None:
    name, pack = CODINGS[coding]
    packed = pack(data)
    whole = len(gzip.compress(data[:9])) if coding == "members" else 0
    for end in range(1, len(packed)):
        if end != whole:  # a first member by itself is a whole body
            with pytest.raises(DecodingError, match="ends in the middle"):
                unpacked(name, [packed[:end]])


@given(st.binary(min_size=3), st.sampled_from(["gzip", "deflate", "br", "zstd", "compress", "?"]))
def test_any_bytes_are_unpacked_or_refused(data: bytes, encoding: str) -> None:
    decoder = decoder_for(encoding)
    try:
        for piece in decoder.feed(data):
            assert isinstance(piece, bytes)
        decoder.finish()
    except DecodingError:
        pass


@pytest.mark.parametrize(
    ("accepted", "asked"),
    [
        ("gzip, deflate, br, zstd", "gzip, deflate"),
        ("gzip;q=0.5, br", "gzip;q=0.5"),
        ("br", "identity"),
        ("*", "identity"),
        ("", "identity"),
        ("identity", "identity"),
    ],
)
def test_only_codings_that_are_unpacked_within_bounds_are_asked_for(
    accepted: str, asked: str
) -> None:
    assert bounded(accepted) == asked


def head(encoding: str, body: bytes, **fields: str) -> bytes:
    lines = [f"content-encoding: {encoding}"] if encoding else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "connection: close", "", ""]).encode() + body


@pytest.mark.parametrize("coding", sorted(CODINGS))
def test_each_engine_unpacks_what_is_asked_for(engine: Any, serving: Serving, coding: str) -> None:
    name, pack = CODINGS[coding]
    with serving(lambda _: head(name, pack(TEXT))) as url:
        assert engine.send(engine.sender(), Request("GET", url)).body == TEXT


def recording(received: list[bytes], response: bytes) -> Callable[[bytes], bytes]:
    def respond(data: bytes) -> bytes:
        received.append(data)
        return response

    return respond


def test_no_engine_asks_for_more(engine: Any, serving: Serving) -> None:
    received: list[bytes] = []
    with serving(recording(received, head("", b"{}"))) as url:
        engine.send(engine.sender(headers={"Accept-Encoding": "br, gzip"}), Request("GET", url))
        mine = {"accept-encoding": "zstd, identity;q=0.5"}
        engine.send(engine.sender(), Request("GET", url, headers=mine))
        engine.send(engine.sender(), Request("GET", url))
    asked = [
        [line for line in each.lower().split(b"\r\n") if line.startswith(b"accept-encoding")]
        for each in received
    ]
    assert asked == [
        [b"accept-encoding: gzip"],
        [b"accept-encoding: identity;q=0.5"],
        [b"accept-encoding: gzip, deflate"],
    ]


@pytest.mark.parametrize("encoding", ["br", "zstd", "compress", "gzip, gzip", "se\u00a0cret"])
def test_a_coding_that_was_not_asked_for_is_refused_before_it_is_unpacked(
    engine: Any, serving: Serving, encoding: str
) -> None:
    with (
        serving(lambda _: head(encoding, b"x" * 100).replace("\u00a0".encode(), b"\xa0")) as url,
        pytest.raises(errors.UnexpectedResponseError, match="is compressed") as caught,
    ):
        engine.send(engine.sender(), Request("GET", f"{url}/a?token=hunter2"))
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("coding", ["gzip", "members", "deflate", "bare deflate"])
def test_a_small_body_that_unpacks_to_gigabytes_takes_no_memory(
    engine: Any, serving: Serving, coding: str
) -> None:
    name, pack = CODINGS[coding]
    bomb = pack(bytes(300_000_000))
    tracemalloc.start()
    try:
        with (
            serving(lambda _: head(name, bomb)) as url,
            pytest.raises(errors.UnexpectedResponseError, match="larger than 100,000 bytes"),
        ):
            engine.send(engine.sender(max_body=100_000), Request("GET", url))
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_members_without_end_that_hold_nothing_are_too_large(engine: Any, serving: Serving) -> None:
    with (
        serving(lambda _: head("gzip", gzip.compress(b"") * 10_000)) as url,
        pytest.raises(errors.UnexpectedResponseError, match="larger than"),
    ):
        engine.send(engine.sender(max_body=10_000), Request("GET", url))


def test_a_response_without_a_body_may_name_any_coding(engine: Any, serving: Serving) -> None:
    with serving(lambda _: head("br", b"", content_length="0")) as url:
        assert engine.send(engine.sender(), Request("GET", url)).body == b""
    with serving(lambda _: head("gzip", b"", content_length="99")) as url:
        assert engine.send(engine.sender(), Request("HEAD", url)).body == b""


def chunked(data: bytes, end: bytes) -> bytes:
    return b"".join((b"%x\r\n" % len(data), data, b"\r\n", end))


PACKED = gzip.compress(TEXT)


@pytest.mark.parametrize(
    "cut",
    [
        head("gzip", PACKED[:-9]),
        head("gzip", PACKED[:30], content_length="30"),
        head("gzip", chunked(PACKED[:30], b"0\r\n\r\n"), transfer_encoding="chunked"),
        head("", chunked(TEXT, b""), transfer_encoding="chunked"),
        head("", chunked(TEXT, b"5\r\nab"), transfer_encoding="chunked"),
        head("", TEXT, content_length="99999"),
        head("gzip", b"garbage, not gzip"),
        head("gzip", PACKED[:50] + b"\xff" * 50 + PACKED[100:]),
        head("gzip", PACKED + b"and more"),
    ],
)
def test_a_body_that_is_cut_or_damaged_is_a_lost_connection(
    engine: Any, serving: Serving, cut: bytes
) -> None:
    with serving(lambda _: cut) as url, pytest.raises(errors.ConnectionFailed) as caught:
        engine.send(engine.sender(), Request("GET", url))
    assert caught.value.sent
