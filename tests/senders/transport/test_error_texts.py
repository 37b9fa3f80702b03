"""What an error of the network says: our words for its class, and nothing that a library says."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot import errors
from rsspot.senders import Request, SyncSender
from rsspot.senders.transport.failures import DESCRIPTIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    Serving = Callable[[Callable[[bytes], bytes]], AbstractContextManager[str]]

SECRET = "hunter2"


def shown(error: BaseException) -> str:
    """All that a log or an error reporter may show, locals left out."""
    return "".join(traceback.format_exception(error)) + repr(vars(error)) + repr(error.__cause__)


@pytest.mark.parametrize(
    "response",
    [
        b"SMTP ready hunter2\r\n\r\n",
        b"HTTP/1.1 hunter2 OK\r\n\r\n",
        b"HTTP/9.9 200 hunter2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nhunter2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: hunter2\r\n folded\0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: hunter2\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: hunter2, chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nhunter2\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\nhunter2",
        b"HTTP/1.1 200 OK\r\nx: " + b"hunter2" * 40_000 + b"\r\n\r\n",
        b"",
        b"\0\xff",
    ],
)
def test_no_error_quotes_the_query_or_the_response(
    engine: Any, serving: Serving, response: bytes
) -> None:
    with serving(lambda _: response) as url:
        request = Request("GET", f"{url}/a?token={SECRET}", params={"key": SECRET})
        raised: errors.RequestError | None = None
        try:
            assert engine.send(engine.sender(), request).status_code == 200
        except errors.RequestError as error:  # no two engines refuse the same of these
            raised = error
        assert raised is None or f"GET {url}/a" in str(raised)
        assert raised is None or SECRET not in shown(raised)


KINDS: list[tuple[Exception, bool, bool]] = [
    (httpx.ConnectTimeout(SECRET), False, True),
    (httpx.PoolTimeout(SECRET), False, True),
    (httpx.ConnectError(SECRET), False, False),
    (httpx.ProxyError(SECRET), False, False),
    (httpx.ReadTimeout(SECRET), True, True),
    (httpx.WriteTimeout(SECRET), True, True),
    (httpx.ReadError(SECRET), True, False),
    (httpx.WriteError(SECRET), True, False),
    (httpx.CloseError(SECRET), True, False),
    (httpx.RemoteProtocolError(SECRET), True, False),
    (httpx.LocalProtocolError(SECRET), True, False),
    (httpx.TooManyRedirects(SECRET), True, False),
    (httpx.DecodingError(SECRET), True, False),
    (ConnectionResetError(104, SECRET), True, False),
]


@pytest.mark.parametrize(("error", "sent", "timed_out"), KINDS)
def test_each_class_of_error_has_words_of_its_own(
    error: Exception, *, sent: bool, timed_out: bool
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    sender = SyncSender(transport=httpx.MockTransport(fail))
    with pytest.raises(errors.ConnectionFailed) as caught:
        sender.send(Request("GET", f"https://api.example/?token={SECRET}"))
    assert (caught.value.sent, caught.value.timed_out) == (sent, timed_out)
    assert any(words in str(caught.value) for words in DESCRIPTIONS.values())
    assert SECRET not in str(caught.value) + repr(vars(caught.value))


def test_a_proxy_that_refuses_is_said_with_its_status(engine: Any, serving: Serving) -> None:
    refusal = b"HTTP/1.1 407 ask hunter2\r\ncontent-length: 0\r\n\r\n"
    with serving(lambda _: refusal) as proxy, pytest.raises(errors.ConnectionFailed) as caught:
        engine.send(
            engine.sender(proxy=proxy), Request("GET", f"https://api.invalid/?token={SECRET}")
        )
    assert "the proxy refused to connect (status 407)" in str(caught.value)
    assert "Check the proxy" in str(caught.value)
    assert not caught.value.sent
    assert SECRET not in shown(caught.value)


@pytest.mark.parametrize(
    "request_",
    [
        Request("POST", "https://api.example/", json={"password": {SECRET}}),
        Request("POST", "https://api.example/", data={"password": f"{SECRET}\udcff"}),
        Request("POST", "https://api.example/", params={"password": f"{SECRET}\udcff"}),
        Request("POST", f"{SECRET}/no/scheme?x={SECRET}"),
        Request("POST", f"ftp://api.example/?x={SECRET}"),
    ],
)
def test_what_cannot_be_sent_is_not_quoted(engine: Any, request_: Request) -> None:
    with pytest.raises((errors.InvalidInput, errors.ConnectionFailed)) as caught:
        engine.send(engine.sender(), request_)
    assert f"={SECRET}" not in shown(caught.value)
    assert f"{{'{SECRET}'}}" not in shown(caught.value)
    assert "cannot be sent" in str(caught.value)
