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

__all__ = ["read_json"]

LARGE = 256 * 1024
"""Bytes from which on the garbage collector costs more than the reading."""


def read_json(body: bytes) -> Any:
    """The value that `body` holds. Raises `ValueError`, or `RecursionError` for too deep nesting.

    The garbage collector rests while a large body is read: what is made meanwhile is all in use,
    and to look through it again and again takes as long as to make it.
    """
    if len(body) < LARGE or not gc.isenabled():
        return _read(body)
    try:
        gc.disable()
        return _read(body)
    finally:
        gc.enable()


def _fast() -> Callable[[bytes], Any]:
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


_read = _fast()
