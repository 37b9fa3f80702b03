"""JSON of a response: read by msgspec where the extra `fast` is installed, else by `json`.

msgspec is stricter: it refuses NaN, numbers beyond a float, halves of surrogate pairs and other
encodings than UTF-8, which `json` takes. What it refuses, `json` is asked about, so that a body
means the same with and without the extra. orjson is as quick, but turns integers beyond 64 bits
into floats.
"""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["fast_reader", "read_json", "reader"]

LARGE = 256 * 1024
"""Bytes from which on the garbage collector costs more than the reading."""


def read_json(body: bytes) -> Any:
    """The value that `body` holds. Raises `ValueError`, or `RecursionError` for too deep nesting.

    The garbage collector rests while a large body is read: what is made meanwhile is all in use,
    and to look through it again and again takes as long as to make it.
    """
    if len(body) < LARGE or not gc.isenabled():
        return reader.read(body)
    gc.collect(1)
    try:
        gc.disable()
        value = reader.read(body)
        _count_as_old()
    finally:
        gc.enable()
    return value


def _count_as_old() -> None:
    """Put all objects into the oldest generation of the collector, without looking through them.

    Otherwise the next collection of young objects goes through the whole body, and the next but ten
    does so again: with 10,000 cloudspaces that takes as long as reading them with msgspec. What is
    young besides the body has just been looked through. Not where the program has objects frozen
    (before it forks, say), since they would thaw.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()


WORTH_AN_IMPORT = 64 * 1024
"""Bytes that `json` reads in the time that it takes to import msgspec."""


class _Reader:
    """Reads with `json` what is small and comes early, and with msgspec when that pays."""

    def __init__(self) -> None:
        self.read: Callable[[bytes], Any] = self._read_early
        self._done = 0

    def _read_early(self, body: bytes) -> Any:
        self._done += len(body)
        if self._done < WORTH_AN_IMPORT:
            return json.loads(body)
        self.read = fast_reader()
        return self.read(body)


def fast_reader() -> Callable[[bytes], Any]:
    """The reader of the extra `fast`; `json.loads` without it."""
    try:
        from msgspec.json import Decoder
    except ImportError:
        return json.loads
    decode = Decoder().decode

    def read(body: bytes) -> Any:
        try:
            return decode(body)
        except (ValueError, RecursionError):
            return json.loads(body)

    return read


reader: _Reader = _Reader()
