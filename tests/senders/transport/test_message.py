"""What an engine of our own puts on the wire is what httpx puts there, or is left to httpx."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rsspot.senders import Request
from rsspot.senders.transport.failure import OnlyHttpx
from rsspot.senders.transport.httpx_exchange import HttpxExchange
from rsspot.senders.transport.message import message_of, target_of
from rsspot.senders.transport.routes import ProxyServer, server_of

DEFAULTS = {"accept": "*/*", "accept-encoding": "gzip, deflate", "user-agent": "x"}
CLIENT = httpx.Client(headers={"User-Agent": "x", "Connection": "close"})

HOSTS = st.sampled_from(
    ["h", "api.example", "API.example", "127.0.0.1", "[::1]", "a-b.c", "a..b", "-a",
     "xn--mnchen-3ya", "münchen.example", "1.2.3", "0x7f.1", "01.2.3.4", "a_b", "h.", "u:p@h", ""]
)  # fmt: skip
PORTS = st.sampled_from(["", ":80", ":443", ":8080", ":0", ":65536", ":080", ":"])
SEGMENT = st.text(st.sampled_from("abZ09.-_~!$&'()*+,;=:@%/ \"<>[]{}|\\^`é\u4e2d#?2Ff"), max_size=8)
URLS = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP"]),
    HOSTS,
    PORTS,
    st.one_of(st.just(""), SEGMENT.map("/{}".format)),
    st.one_of(st.just(""), SEGMENT.map("?{}".format)),
)
VALUES = st.one_of(
    st.text(max_size=4), st.integers(), st.booleans(), st.none(), st.floats(),
    st.lists(st.one_of(st.text(max_size=3), st.booleans(), st.none()), max_size=3),
)  # fmt: skip
FIELDS = st.dictionaries(st.text(max_size=4), VALUES, max_size=3)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def by_httpx(request: Request) -> tuple[Any, ...]:
    message = HttpxExchange(request, 1).message(CLIENT)
    fields = {name: value for name, value in message.headers.items() if name != "connection"}
    return (
        message.method, str(message.url), message.url.raw_path.decode(), message.url.host,
        message.url.port, fields, message.content,
    )  # fmt: skip


def by_us(request: Request) -> tuple[Any, ...] | None:
    try:
        message = message_of(request, DEFAULTS)
    except OnlyHttpx:
        return None
    target = message.target
    usual = {"http": 80, "https": 443}[target.scheme]
    port = None if target.port == usual else target.port
    return (
        message.method, message.url, message.path, target.host, port, message.headers,
        message.body,
    )  # fmt: skip


def outcome(write: Any, request: Request) -> Any:
    try:
        return write(request)
    except Exception as error:  # noqa: BLE001 - each says it in its own way
        return "refused" if isinstance(error, (ValueError, TypeError, RecursionError)) else error


@given(URLS, st.one_of(st.none(), FIELDS))
@example("http://h/a?b='", None)
@example("http://h/a%2fb%zz", None)
@example("http://h", {"a": "b"})
@example("http://h/?a=1", {"a": "b"})
def test_urls_and_parameters_are_written_as_httpx_writes_them(url: str, params: Any) -> None:
    try:
        request = Request("GET", url, params=params)
    except ValueError:
        return
    ours = outcome(by_us, request)
    if ours is not None:
        assert ours == outcome(by_httpx, request)


@given(
    st.sampled_from(["GET", "POST", "DELETE", "PATCH"]),
    st.one_of(
        st.fixed_dictionaries({"json": JSON}),
        st.fixed_dictionaries({"data": FIELDS}),
        st.fixed_dictionaries({"content": st.one_of(st.text(), st.binary())}),
        st.just({}),
    ),
    st.dictionaries(
        st.sampled_from(["Content-Type", "accept", "X-Key", "Accept-Encoding", "User-Agent"]),
        st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=4),
    ),
)
@example("GET", {"data": {"a": []}}, {})
def test_bodies_and_header_fields_are_written_as_httpx_writes_them(
    method: str, body: Any, headers: Any
) -> None:
    request = Request(method, "http://h/a", headers=headers, **body)
    ours = outcome(by_us, request)
    assert ours is not None
    assert ours == outcome(by_httpx, request)


@pytest.mark.parametrize(
    "url",
    [
        "https://spot.rackspace.com/apis/ngpc.rxt.io/v1/regions",
        "http://127.0.0.1:8711/apis/auth.ngpc.rxt.io/v1/generate-kubeconfig",
        "https://h/a%20b/c:d@e?x=1&y=%2F",
    ],
)
def test_the_urls_of_the_api_need_no_httpx(url: str) -> None:
    assert target_of(url) is not None


@pytest.mark.parametrize(
    ("value", "server"),
    [
        ("http://proxy:3128", ProxyServer("proxy", 3128, None)),
        ("proxy:3128", ProxyServer("proxy", 3128, None)),
        (" http://PROXY/ ", ProxyServer("proxy", 80, None)),
        ("http://u:pa%40ss@proxy", ProxyServer("proxy", 80, "Basic dTpwYUBzcw==")),
        ("https://proxy", None),
        ("socks5://proxy", None),
        ("http://proxy:99999", None),
        ("http://proxy/path", None),
        ("http://[::1]:3128", None),
        ("http://u:p#@proxy", None),
        ("http://pro..xy", None),
        ("http://.proxy", None),
        ("http://" + "p" * 64, None),
        ("http://256.1.1.1", None),
        ("http://127.1:3128", None),
        ("http://127.0.0.1:3128", ProxyServer("127.0.0.1", 3128, None)),
        ("", None),
    ],
)
def test_only_a_plain_http_proxy_is_one_for_every_engine(value: str, server: Any) -> None:
    assert server_of(value) == server
