"""Parse the JSON of a response with msgspec if the extra `fast` is installed, else with `json`.

msgspec is stricter: it refuses NaN, numbers beyond a float, halves of surrogate pairs and encodings
other than UTF-8, which `json` accepts. What msgspec refuses is parsed again with `json`, so that a
body means the same with and without the extra. orjson is as fast, but turns integers beyond 64 bits
into floats.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rsspot.collector import keep_all

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["fast_reader", "read_json", "reader"]

LARGE = 256 * 1024
"""Size in bytes above which the garbage collector takes longer than the parser."""


def read_json(body: bytes) -> Any:
    """Return the value in `body`. Raises `ValueError`, or `RecursionError` for too deep nesting."""
    return reader.read(body) if len(body) < LARGE else keep_all(lambda: reader.read(body))


WORTH_AN_IMPORT = 2 * 1024 * 1024
"""Bytes after which what msgspec saves exceeds the time of its import, 8 to 16 ms."""


class _Reader:
    """Parses with `json` until so much was parsed that importing msgspec pays off."""

    def __init__(self) -> None:
        self.read: Callable[[bytes], Any] = self._read_early
        self._done = 0

    def _read_early(self, body: bytes) -> Any:
        self._done += len(body)
        if self._done < WORTH_AN_IMPORT:
            return _plain(body)
        self.read = fast_reader()
        return self.read(body)


def fast_reader() -> Callable[[bytes], Any]:
    """Return the parser of the extra `fast`; `json.loads` without it."""
    try:
        from msgspec import DecodeError  # a ValueError in later versions only
        from msgspec.json import Decoder
    except ImportError:
        return _plain
    decode = Decoder().decode

    def read(body: bytes) -> Any:
        try:
            return decode(body)
        except (DecodeError, ValueError, RecursionError):
            return json.loads(body)

    return read


def _plain(body: bytes) -> Any:
    """Do what `json.loads` does, without asking first for what hardly any body has."""
    if body[:2] in _UTF8:
        text = body.decode("utf-8", "surrogatepass")
        value, end = _decode(text)
        if end == len(text):
            return value
    return json.loads(body)


_UTF8 = frozenset({b'{"', b"{}"})
"""How a JSON object begins that is in UTF-8, and has no white space in front."""
_decode = json.JSONDecoder().raw_decode

reader: _Reader = _Reader()
