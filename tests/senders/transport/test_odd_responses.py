"""Responses that are odd, cut off or too many: no engine takes what is lost for what was said."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from rsspot import errors
from rsspot.senders import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"transfer-encoding: chunked\r\n"
LENGTH = b"content-length: 2\r\n"
BROKEN = {
    "a status line that is cut off": b"HTTP/1.1 200",
    "a head that is cut off between fields": OK + b"retry-after: 5\r\n",
    "a head that is cut off in a field": OK + b"content-le",
    "a second head that is cut off": b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK,
    "a line without a colon": OK + b"what\r\n" + LENGTH + b"\r\n{}",
    "a space in a name": OK + b"x-a : 1\r\n" + LENGTH + b"\r\n{}",
    "a name of other letters": OK + "x-é: 1\r\n".encode() + LENGTH + b"\r\n{}",
    "no name": OK + b": 1\r\n" + LENGTH + b"\r\n{}",
    "a line break within a value": OK + b"x-a: a\rb\r\n" + LENGTH + b"\r\n{}",
    "two lengths": OK + LENGTH + b"content-length: 4\r\n\r\n{}  ",
    "a length below zero": OK + b"content-length: -2\r\n\r\n{}",
    "a length with a sign": OK + b"content-length: +2\r\n\r\n{}",
    "a length with a break": OK + b"content-length: 1_0\r\n\r\n{}        ",
    "a length in words": OK + b"content-length: two\r\n\r\n{}",
    "a length of other digits": OK + "content-length: \u0662\r\n\r\n{}".encode(),
    "no length": OK + b"content-length:\r\n\r\n{}",
    "a coding without chunks": OK + b"transfer-encoding: identity\r\n" + LENGTH + b"\r\n{}",
    "a chunk that is cut off": CHUNKED + b"\r\n5\r\n{}",
    "chunks without an end": CHUNKED + b"\r\n2\r\n{}\r\n",
    "another protocol": b"HTTP/1.1 101 Switching\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n",
}
UNPACKED = gzip.compress(b"{}")
GOOD = {
    "fields in several lines": OK + b"x-a: one\r\n \ttwo\r\n" + LENGTH + b"\r\n{}",
    "chunks with extensions and trailers": CHUNKED + b"\r\n2;a=b\r\n{}\r\n0\r\nx-t: 1\r\n\r\n",
    "chunks in capitals": OK + b"Transfer-Encoding: Chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "until the connection ends": OK + b"\r\n{}",
    "an older protocol": b"HTTP/1.0 200 OK\r\n\r\n{}",
    "no reason": b"HTTP/1.1 200\r\n" + LENGTH + b"\r\n{}",
    "line feeds alone": OK.replace(b"\r", b"") + b"content-length: 2\n\n{}",
    "the type of a form without its boundary":
        OK + b"content-type: multipart/form-data\r\n" + LENGTH + b"\r\n{}",
}  # fmt: skip


class Scripted:
    """A server that responds with the bytes that the test has set, once, and then closes."""

    def __init__(self) -> None:
        self.data = b""
        self.more: tuple[bytes, bytes] | None = None
        """What comes beyond the response: along with it, and later."""
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/a"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            connection.settimeout(10)
            connection.recv(65536)
            if self.more is None:
                connection.sendall(self.data)
                return
            more, self.more = self.more, (b"", b"")
            while True:
                connection.sendall(self.data + more[0])
                if more[1]:
                    time.sleep(0.02)
                    connection.sendall(more[1])
                self.data, more = OK + b'content-length: 6\r\n\r\n"mine"', (b"", b"")
                if not connection.recv(65536):
                    return

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@pytest.fixture
def server() -> Iterator[Scripted]:
    made = Scripted()
    yield made
    made.close()


def outcome(engine: Any, server: Scripted) -> Any:
    """What a POST comes to; with a sender of its own, since the server closes its connection."""
    try:
        return engine.send(engine.sender(verify=False), Request("POST", server.url))
    except errors.ConnectionFailed as error:
        return error


def test_a_response_that_is_cut_off_or_unclear_is_an_error(engine: Any, server: Scripted) -> None:
    for what, server.data in BROKEN.items():
        error = outcome(engine, server)
        assert "before the response was complete" in str(error), what
        assert error.sent, what


def test_an_odd_response_that_is_clear_is_read(engine: Any, server: Scripted) -> None:
    for what, server.data in GOOD.items():
        response = outcome(engine, server)
        assert (response.status_code, response.content) == (200, {}), what
        assert response.headers.get("x-a", "one two").split() == ["one", "two"], what


def test_several_fields_of_codings_are_one_list(engine: Any, server: Scripted) -> None:
    coding = b"content-encoding: gzip\r\n"
    packed = gzip.compress(UNPACKED)
    server.data = OK + 2 * coding + b"content-length: %d\r\n\r\n" % len(packed) + packed
    with pytest.raises(errors.UnexpectedResponseError, match="compressed more than once"):
        engine.send(engine.sender(), Request("GET", server.url))


def test_values_of_other_letters_are_kept_as_they_are(engine: Any, server: Scripted) -> None:
    server.data = OK + "x-a: \u00a0é  \u4e2d\r\n".encode() + LENGTH + b"\r\n{}"
    response = engine.send(engine.sender(), Request("GET", server.url))
    assert response.headers["x-a"] == "\u00a0é  \u4e2d"


OTHER = OK + b'content-length: 7\r\n\r\n"other"'
WHOLE = {
    "a length": OK + LENGTH + b"\r\n{}",
    "chunks": CHUNKED + b"\r\n2\r\n{}\r\n0\r\n\r\n",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "not modified": b"HTTP/1.1 304 Not Modified\r\n" + LENGTH + b"\r\n",
}


@pytest.mark.parametrize("engine", ["sync", "http.client", "async", "aiohttp"], indirect=True)
@pytest.mark.parametrize("more", [(OTHER, b""), (b"", OTHER), (OTHER[:9], OTHER[9:])])
def test_what_comes_unrequested_is_not_the_response_to_the_next_request(
    engine: Any, server: Scripted, more: tuple[bytes, bytes]
) -> None:
    """It may be of another tenant, if a proxy in between confuses them."""
    for what, server.data in WHOLE.items():
        server.more = more
        sender = engine.sender(verify=False)
        assert engine.send(sender, Request("GET", server.url)).ok or what == "not modified"
        engine.pause(0.05)
        assert engine.send(sender, Request("GET", server.url)).content == "mine", what
