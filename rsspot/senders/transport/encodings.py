"""Content codings of a body (RFC 9110, section 8.4.1) that can be unpacked within a limit.

A few bytes can unpack to gigabytes, so the output of each step is counted before the next one.
`zlib` can limit its output. The libraries for brotli and Zstandard that httpx uses unpack a piece
as a whole, so these codings are never requested, and are refused if they are sent anyway.
"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ACCEPTED", "Decoder", "DecodingError", "bounded", "decoder_for"]

ACCEPTED = "gzip, deflate"
STEP = 64 * 1024
"""Bytes that are unpacked at a time."""
HEADER = 2
"""Bytes that determine the format of a member."""
_SHOWABLE = re.compile(r"[a-z0-9-]{1,30}")
_KNOWN = frozenset({"gzip", "x-gzip", "deflate", "identity"})


class DecodingError(Exception):
    """A body does not match its coding; with `refused`, its coding is not supported."""

    def __init__(self, why: str, *, refused: bool = False) -> None:
        super().__init__(why)
        self.refused = refused


class Decoder(Protocol):
    """Unpacks a body piece by piece."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the decoded bytes of one more piece of the body. Raises `DecodingError`."""
        ...

    def finish(self) -> None:
        """Record that the body has ended. Raises `DecodingError` if it is incomplete."""


@lru_cache(64)
def bounded(accepted: str) -> str:
    """Return the codings of an Accept-Encoding field that can be unpacked within a limit."""
    kept = [
        item.strip()
        for item in accepted.split(",")
        if item.partition(";")[0].strip().lower() in _KNOWN
    ]
    return ", ".join(kept) or "identity"


def decoder_for(encoding: str) -> Decoder:
    """Return a decoder for the value of a Content-Encoding field."""
    if not encoding:
        return _Identity()
    names = [name.strip().lower() for name in encoding.split(",")]
    names = [name for name in names if name not in {"", "identity"}]
    if not names:
        return _Identity()
    if len(names) > 1:  # nested codings multiply the size of one step
        return _Refused("is compressed more than once")
    if names[0] in _KNOWN:
        return _Zlib(gzip=names[0] != "deflate")
    shown = names[0] if _SHOWABLE.fullmatch(names[0]) else "an unknown coding"
    return _Refused(f"is compressed with {shown}, which was not requested")


class _Identity:
    def feed(self, data: bytes) -> Iterator[bytes]:
        yield data

    def finish(self) -> None:
        pass


class _Refused:
    """A coding that is not unpacked: an error only if there is a body."""

    def __init__(self, why: str) -> None:
        self._why = why

    def feed(self, data: bytes) -> Iterator[bytes]:
        if data:
            raise DecodingError(self._why, refused=True)
        yield data

    def finish(self) -> None:
        pass


class _Zlib:
    """gzip (RFC 1952, any number of members) and deflate (RFC 1950, or bare, RFC 1951)."""

    def __init__(self, *, gzip: bool) -> None:
        self._gzip = gzip
        self._begun = b""
        """The first bytes of a member, until they determine its format."""
        self._member: zlib._Decompress | None = None
        self._members = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        data, self._begun = self._begun + data, b""
        while data or self._member is not None:
            if self._member is None:
                if self._members and not data.strip(b"\0"):
                    return  # padding after the last member
                if len(data) < HEADER:
                    self._begun = data
                    return
                self._member = zlib.decompressobj(self._window(data))
            try:
                piece = self._member.decompress(data, STEP)
            except zlib.error:
                raise DecodingError("cannot be decompressed") from None
            yield piece
            data = self._member.unconsumed_tail
            if self._member.eof:
                data, self._member = self._member.unused_data, None
                self._members += 1
            elif not data and len(piece) < STEP:
                return  # all of it is unpacked; after a full step, some may be left

    def finish(self) -> None:
        if self._begun or self._member is not None:
            raise DecodingError("ends in the middle of its compressed data")

    def _window(self, data: bytes) -> int:
        """Return the format for `zlib`: gzip, or deflate with or without a zlib header."""
        if self._gzip:
            return 16 + zlib.MAX_WBITS
        with_header = data[0] & 15 == zlib.DEFLATED and int.from_bytes(data[:2]) % 31 == 0
        return zlib.MAX_WBITS if with_header else -zlib.MAX_WBITS
