"""Responses as `http.client` reads them, less what it is too lenient about.

`http.client` takes a head that is cut off for a whole one, drops the fields after an invalid line,
and reads a body of unclear length until the connection ends: what is lost would go unnoticed. Each
of these is an error with the other engines, and here.
"""

from __future__ import annotations

import io
import re
from email.errors import (
    FirstHeaderLineIsContinuationDefect,
    InvalidHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, Any

from rsspot.senders.transport.message import header_text

if TYPE_CHECKING:
    import socket

    from rsspot.senders.transport.http_client_bounds import Bounds

__all__ = ["FinalResponse", "Incoming", "fields_of"]

SUCCESS, SWITCHING = 200, 101
INVALID_LINES = (
    FirstHeaderLineIsContinuationDefect,
    InvalidHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)
"""Defects of a head after which some of its fields are missing."""
_LENGTH = re.compile("[0-9]{1,18}")
_BREAK = re.compile(r"[ \t]*\r?\n[ \t]+|[\0\r\n]")


class _Socket(io.RawIOBase):
    """What the peer sends, each wait for which is bounded."""

    def __init__(self, connected: socket.socket, bounds: Bounds) -> None:
        self._socket = connected
        self._bounds = bounds
        self.has_ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.has_ended:
            return 0
        self._socket.settimeout(self._bounds.left(self._bounds.timeouts.read))
        count = self._socket.recv_into(buffer)
        self.has_ended = count == 0
        return count


class Incoming(io.BufferedReader):
    """The data that the peer sends during one exchange."""

    def __init__(self, connected: socket.socket, bounds: Bounds) -> None:
        self._source = _Socket(connected, bounds)
        super().__init__(self._source)

    @property
    def has_ended(self) -> bool:
        """Whether the peer sends no more, as far as it was read."""
        return self._source.has_ended

    def has_more(self) -> bool:
        """Return whether more was received than was read. Nothing can be received after this."""
        self._source.has_ended = True
        return bool(self.peek(1))

    def close(self) -> None:
        """Do nothing: `http.client` closes it after a body in chunks."""


class FinalResponse(HTTPResponse):
    """A response whose interim responses are skipped (RFC 9110, section 15.2)."""

    def begin(self) -> None:
        """Read the head. Raises `HTTPException` if it is invalid or incomplete."""
        super().begin()  # which skips those with the status 100 only
        unread: Any = self
        while self.status < SUCCESS and self.status != SWITCHING:
            unread.headers = None
            super().begin()
        fields = self.headers
        if (
            self.status == SWITCHING  # to a protocol that nobody asked for
            or (isinstance(self.fp, Incoming) and self.fp.has_ended)
            or any(isinstance(defect, INVALID_LINES) for defect in fields.defects)
            or not _has_clear_length(
                fields.get_all("transfer-encoding"), fields.get_all("content-length")
            )
        ):
            raise HTTPException


def _has_clear_length(codings: list[str] | None, lengths: list[str] | None) -> bool:
    """Return whether it is clear where a body ends (RFC 9112, section 6.3)."""
    if codings is not None:
        return [coding.lower() for coding in codings] == ["chunked"]
    return lengths is None or (len(set(lengths)) == 1 and bool(_LENGTH.fullmatch(lengths[0])))


def fields_of(response: HTTPResponse) -> list[tuple[str, str]]:
    """Return the header fields, with odd values on one line (RFC 9110, section 5.5)."""
    return [
        (name, value if value.isascii() and value.isprintable() else _one_line(value))
        for name, value in response.getheaders()
    ]


def _one_line(value: str) -> str:
    return _BREAK.sub(" ", header_text(value.encode("latin-1")))
